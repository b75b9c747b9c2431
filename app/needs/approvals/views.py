"""Pages on which an approval is waited for, given and taken back."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.needs import choices, ladder
from app.needs.approvals import commands, policy, queries
from app.needs.approvals.forms import APPROVE, AnswerForm
from app.needs.approvals.models import Approval
from app.needs.clarity.score import clarity_of
from app.needs.firsts.queries import told_to
from app.needs.market import market_of
from app.needs.models import Need
from app.needs.policy import may_publish_need
from app.needs.queries import get_visible_need

bp = Blueprint("approvals", __name__, template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"rungs": ladder.LADDER, "confidence": choices.CONFIDENCE}


@bp.route("/needs/<need_id>/approval", methods=["GET", "POST"])
@guard(policy.may_see_approvals, need=get_visible_need)
def show(need: Need) -> ResponseReturnValue:
    asked = queries.find_asked(need)
    may_answer = policy.may_answer_approval(actor(), asked)
    form = AnswerForm()
    if form.is_submitted() and (asked is None or not may_answer):
        raise IllegalMove("No approval of yours is asked for here: it was answered or taken back already.")
    if asked and form.accepted() and _answer(asked, form):
        return see_other("needs.show", need_id=need.id)
    return render_template(
        "approvals/show.html",
        need=need,
        asked=asked,
        form=form,
        may_answer=may_answer,
        may_withdraw=policy.may_withdraw_approval(actor(), asked),
        may_ask_again=queries.find_returned(need) is not None and may_publish_need(actor(), need),
        market=market_of(need),
        clarity_of=clarity_of,
        first_answers=told_to(actor(), need),
        earlier=[each for each in queries.approvals_of(need) if each is not asked],
    ), form.status


def _answer(asked: Approval, form: AnswerForm) -> bool:
    """Give what the officer decided; otherwise the form says why it cannot be."""
    rung = ladder.LADDER[asked.to_rung].label.lower()
    try:
        if form.verb.data == APPROVE:
            commands.give_approval(asked, note=form.note.data, by=actor())
            flask.flash(f"Approved. Everybody can read it now, as {rung}.", "success")
        else:
            commands.return_approval(asked, note=form.note.data, by=actor())
            flask.flash("Returned, with your note.", "success")
    except Conflict as refusal:
        form.refuse(refusal.message)
        return False
    return True


@bp.post("/needs/<need_id>/approval/withdraw")
@guard(policy.may_see_approvals, need=get_visible_need)
def withdraw(need: Need) -> ResponseReturnValue:
    asked = queries.find_asked(need)
    if asked is None or not policy.may_withdraw_approval(actor(), asked):
        raise IllegalMove("Nothing of yours waits for an approval here.")
    commands.withdraw_approval(asked, by=actor())
    flask.flash("The request is taken back.", "success")
    return see_other("needs.show", need_id=need.id)
