"""Pages on which a need meets the public: publishing, moving, withdrawing."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.needs import commands, ladder, policy, queries
from app.needs.approvals import commands as approvals
from app.needs.approvals.models import Approval
from app.needs.approvals.queries import find_asked, find_returned
from app.needs.forms import MoveForm, ReviewForm, WithdrawForm
from app.needs.market import market_of
from app.needs.models import Need
from app.needs.views.blueprint import bp


@bp.route("/needs/<need_id>/publish", methods=["GET", "POST"])
@guard(policy.may_publish_need, need=queries.get_visible_need)
def publish(need: Need) -> ResponseReturnValue:
    if not need.can("publish"):
        raise IllegalMove("This need was published already.")
    lacks, is_climb = commands.lacks_of_step(need, need, need.rung), ladder.is_climb(need, need.rung)
    if flask.request.method == "POST" and not lacks:
        if is_climb:
            return _asked(approvals.ask_approval(need, need.rung, by=actor()))
        commands.publish_need(need, by=actor())
        approvals.forget_request(need, by=actor())
        flask.flash("Published. Everybody can read it now.", "success")
        return see_other("needs.show", need_id=need.id)
    status = 422 if flask.request.method == "POST" else 200
    page = {"need": need, "lacks": lacks, "is_climb": is_climb, "asked": find_asked(need), "market": market_of(need)}
    return render_template("needs/publish.html", **page), status


def _asked(approval: Approval) -> ResponseReturnValue:
    flask.flash("The procurement officers are asked to approve it. You are told when one of them has.", "success")
    return see_other("approvals.show", need_id=approval.need_id)


@bp.route("/needs/<need_id>/rung", methods=["GET", "POST"])
@guard(policy.may_move_rung, need=queries.get_visible_need)
def move_rung(need: Need) -> ResponseReturnValue:
    commands.require_movable(need)
    form = MoveForm(need, find_returned(need))
    lacks: list[ladder.Missing] = []
    if form.accepted():
        after = commands.as_moved(need, **form.step)
        lacks = commands.lacks_of_step(need, after, after.rung)
        if not lacks:
            return _move(need, form)
    status = 422 if lacks else form.status
    page = {"need": need, "form": form, "lacks": lacks, "asked": find_asked(need), "market": market_of(need)}
    return render_template("needs/move_rung.html", **page), status


def _move(need: Need, form: MoveForm) -> ResponseReturnValue:
    if ladder.is_climb(need, form.rung.data):
        return _asked(approvals.ask_approval(need, **form.step, reason=form.reason.data, by=actor()))
    commands.move_rung(need, **form.step, reason=form.reason.data, by=actor())
    approvals.forget_request(need, by=actor())
    flask.flash(f"Moved to {ladder.LADDER[need.rung].label.lower()}.", "success")
    return see_other("needs.show", need_id=need.id)


@bp.route("/needs/<need_id>/signal", methods=["GET", "POST"])
@guard(policy.may_move_rung, need=queries.get_visible_need)
def review_signal(need: Need) -> ResponseReturnValue:
    commands.require_movable(need)
    form = ReviewForm(obj=need)
    if form.accepted():
        content = form.content
        reason = content.pop("reason")
        try:
            commands.review_signal(need, content, reason=reason, by=actor())
        except Conflict as refusal:
            form.refuse(refusal.message)
        else:
            flask.flash("Kept. Everybody can read that you looked at it again.", "success")
            return see_other("needs.show", need_id=need.id)
    return render_template("needs/review_signal.html", need=need, form=form), form.status


@bp.route("/needs/<need_id>/withdraw", methods=["GET", "POST"])
@guard(policy.may_withdraw_need, need=queries.get_visible_need)
def withdraw(need: Need) -> ResponseReturnValue:
    commands.require_withdrawable(need)
    form = WithdrawForm()
    if form.accepted():
        commands.withdraw_need(need, **form.content, by=actor())
        approvals.forget_request(need, by=actor())
        flask.flash("Withdrawn. Those who follow it are told.", "success")
        return see_other("needs.show", need_id=need.id)
    return render_template("needs/withdraw.html", need=need, form=form), form.status
