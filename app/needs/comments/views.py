"""The page of a draft's comments."""

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel.errors import NotFound
from app.kernel.web import actor, guard, see_other
from app.needs.comments import commands, policy, queries
from app.needs.comments.forms import CommentForm
from app.needs.comments.models import Comment
from app.needs.models import Need
from app.needs.policy import may_edit_need
from app.needs.queries import get_visible_need
from app.needs.sections import SECTIONS

bp = Blueprint("comments", __name__, template_folder="templates")


@bp.route("/needs/<need_id>/comments", methods=["GET", "POST"])
@guard(policy.may_comment, need=get_visible_need)
def of_need(need: Need) -> ResponseReturnValue:
    form = CommentForm(data={"section": request.args.get("section", "")})
    if form.accepted():
        commands.comment_on(need, **form.content, by=actor())
        flask.flash("Your comment is kept, and the owners are told.", "success")
        return see_other("comments.of_need", need_id=need.id)
    return render_template(
        "comments/of_need.html",
        need=need,
        form=form,
        comments=queries.comments_on(need),
        sections=SECTIONS,
        may_settle=policy.may_settle,
        may_edit=may_edit_need(actor(), need),
    ), form.status


def _may_settle(person: Person | None, need: Need, comment: Comment) -> bool:
    if comment.need_id != need.id:
        raise NotFound
    return policy.may_settle(person, comment)


@bp.post("/needs/<need_id>/comments/<comment_id>/settle")
@guard(_may_settle, need=get_visible_need, comment=queries.get_comment)
def settle(need: Need, comment: Comment) -> ResponseReturnValue:
    commands.settle_comment(comment, by=actor())
    flask.flash("The comment is settled.", "success")
    return see_other("comments.of_need", need_id=need.id)
