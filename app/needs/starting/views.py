"""Pages of starting a need from a copy or a template, and of a department's templates."""

from collections.abc import Callable
from typing import Any

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import DEPARTMENT_ROLES
from app.kernel import search
from app.kernel.errors import Conflict
from app.kernel.paging import Page, page_number
from app.kernel.web import actor, guard, see_other
from app.needs import queries as needs
from app.needs.models import Need
from app.needs.policy import may_post_need
from app.needs.starting import commands, contents, policy, queries
from app.needs.starting.forms import CopyForm, StartForm, TemplateForm
from app.needs.starting.models import NeedTemplate

bp = Blueprint("starting", __name__, template_folder="templates")
SIZE = 20


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """What the pages of needs show of copies and templates."""
    return {
        "may_copy_need": policy.may_copy_need,
        "may_keep_template": policy.may_keep_template,
        "count_published_copies": queries.count_published_copies,
        "templates_for": queries.templates_for,
    }


@bp.get("/needs/start")
@guard(may_post_need)
def find() -> ResponseReturnValue:
    words = " ".join(request.args.get("q", "").replace("\0", " ").split())
    found = search.find("need", words, page=page_number(request.args), size=SIZE)
    hits = needs.needs_in_order([hit.row_id for hit in found.hits])
    page = Page(hits, found.page, found.size, found.total)
    return render_template("starting/find.html", words=words, found=found, page=page)


@bp.route("/needs/<need_id>/copy", methods=["GET", "POST"])
@guard(policy.may_copy_need, need=needs.get_visible_need)
def copy(need: Need) -> ResponseReturnValue:
    form = CopyForm(need, actor().organisations(*DEPARTMENT_ROLES))
    if form.accepted():
        made = commands.start_from_need(need, **form.content, by=actor())
        flask.flash("Your draft is saved. Nobody outside sees it before you publish it.", "success")
        return see_other("needs.edit", need_id=made.id)
    return render_template("starting/copy.html", need=need, form=form, left_out=contents.left_out()), form.status


@bp.route("/needs/<need_id>/template", methods=["GET", "POST"])
@guard(policy.may_keep_template, need=needs.get_visible_need)
def keep(need: Need) -> ResponseReturnValue:
    form = TemplateForm()
    if form.accepted() and _saved(form, lambda: commands.keep_template(need, **form.content, by=actor())):
        flask.flash("The template is kept. Your colleagues can start from it.", "success")
        return see_other("starting.templates")
    return render_template("starting/keep.html", need=need, form=form), form.status


def _saved(form: TemplateForm, save: Callable[[], object]) -> bool:
    """Whether it was saved; a name that is taken is told beside its field."""
    try:
        save()
    except Conflict as refusal:
        form.fail("name", refusal.message)
        return False
    return True


@bp.get("/needs/templates")
@guard(may_post_need)
def templates() -> ResponseReturnValue:
    person = actor()
    found = [(each, policy.may_change_template(person, each)) for each in queries.templates_for(person)]
    return render_template("starting/templates.html", found=found)


@bp.route("/needs/templates/<template_id>", methods=["GET", "POST"])
@guard(policy.may_use_template, template=queries.get_usable_template)
def use(template: NeedTemplate) -> ResponseReturnValue:
    form = StartForm()
    if form.accepted():
        need = commands.start_from_template(template, **form.content, by=actor())
        flask.flash("Your draft is saved. Nobody outside sees it before you publish it.", "success")
        return see_other("needs.edit", need_id=need.id)
    left_out = contents.left_out()
    return render_template("starting/use.html", template=template, form=form, left_out=left_out), form.status


@bp.route("/needs/templates/<template_id>/change", methods=["GET", "POST"])
@guard(policy.may_change_template, template=queries.get_usable_template)
def change(template: NeedTemplate) -> ResponseReturnValue:
    form = TemplateForm(template)
    if form.accepted() and _saved(form, lambda: commands.rename_template(template, **form.content, by=actor())):
        flask.flash("The template is changed.", "success")
        return see_other("starting.templates")
    return render_template("starting/change.html", template=template, form=form), form.status


@bp.post("/needs/templates/<template_id>/retire")
@guard(policy.may_change_template, template=queries.get_usable_template)
def retire(template: NeedTemplate) -> ResponseReturnValue:
    commands.retire_template(template, by=actor())
    flask.flash("The template is retired. Needs that were started from it stay as they are.", "success")
    return see_other("starting.templates")
