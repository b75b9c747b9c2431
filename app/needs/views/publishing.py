"""Pages on which a need meets the public: publishing, moving, withdrawing."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import IllegalMove
from app.kernel.web import actor, guard, see_other
from app.needs import commands, ladder, policy, queries
from app.needs.forms import MoveForm, WithdrawForm
from app.needs.market import market_of
from app.needs.models import Need
from app.needs.views.blueprint import bp


@bp.route("/needs/<need_id>/publish", methods=["GET", "POST"])
@guard(policy.may_publish_need, need=queries.get_visible_need)
def publish(need: Need) -> ResponseReturnValue:
    if not need.can("publish"):
        raise IllegalMove("This need was published already.")
    lacks = ladder.missing(need)
    if flask.request.method == "POST" and not lacks:
        commands.publish_need(need, by=actor())
        flask.flash("Published. Everybody can read it now.", "success")
        return see_other("needs.show", need_id=need.id)
    status = 422 if flask.request.method == "POST" else 200
    return render_template("needs/publish.html", need=need, lacks=lacks, market=market_of(need)), status


@bp.route("/needs/<need_id>/rung", methods=["GET", "POST"])
@guard(policy.may_move_rung, need=queries.get_visible_need)
def move_rung(need: Need) -> ResponseReturnValue:
    commands.require_movable(need)
    form = MoveForm(need)
    lacks: list[ladder.Missing] = []
    if form.accepted():
        content = form.content
        lacks = ladder.missing(commands.as_moved(need, content["rung"], content["deadline_at"]))
        if not lacks:
            commands.move_rung(need, content.pop("rung"), **content, by=actor())
            flask.flash(f"Moved to {ladder.LADDER[need.rung].label.lower()}.", "success")
            return see_other("needs.show", need_id=need.id)
    status = 422 if lacks else form.status
    page = {"need": need, "form": form, "lacks": lacks, "market": market_of(need)}
    return render_template("needs/move_rung.html", **page), status


@bp.route("/needs/<need_id>/withdraw", methods=["GET", "POST"])
@guard(policy.may_withdraw_need, need=queries.get_visible_need)
def withdraw(need: Need) -> ResponseReturnValue:
    commands.require_withdrawable(need)
    form = WithdrawForm()
    if form.accepted():
        commands.withdraw_need(need, **form.content, by=actor())
        flask.flash("Withdrawn. Those who follow it are told.", "success")
        return see_other("needs.show", need_id=need.id)
    return render_template("needs/withdraw.html", need=need, form=form), form.status
