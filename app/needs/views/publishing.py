"""Pages on which a need meets the public: publishing, moving, amending, withdrawing."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import IllegalMove
from app.kernel.web import actor, guard, see_other
from app.needs import commands, differences, drafting, ladder, policy, queries
from app.needs.forms import MoveForm, SectionForm, WithdrawForm, amendment_form
from app.needs.models import Need
from app.needs.questions.models import PublicAnswer
from app.needs.questions.queries import find_cause
from app.needs.sections import AMENDABLE, SECTIONS, told
from app.needs.views.blueprint import bp, section_named


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
    return render_template("needs/publish.html", need=need, lacks=lacks), status


@bp.route("/needs/<need_id>/rung", methods=["GET", "POST"])
@guard(policy.may_move_rung, need=queries.get_visible_need)
def move_rung(need: Need) -> ResponseReturnValue:
    commands.require_movable(need)
    form = MoveForm(need)
    lacks: list[ladder.Missing] = []
    if form.accepted():
        content = form.content
        lacks = ladder.missing(
            commands.as_moved(need, content["rung"], content["deadline_at"], content["questions_until"])
        )
        if not lacks:
            commands.move_rung(need, content.pop("rung"), **content, by=actor())
            flask.flash(f"Moved to {ladder.LADDER[need.rung].label.lower()}.", "success")
            return see_other("needs.show", need_id=need.id)
    status = 422 if lacks else form.status
    return render_template("needs/move_rung.html", need=need, form=form, lacks=lacks), status


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


@bp.get("/needs/<need_id>/amend")
@guard(policy.may_amend_need, need=queries.get_visible_need)
def amend(need: Need) -> ResponseReturnValue:
    commands.require_amendable(need)
    sections = [SECTIONS[key] for key in AMENDABLE]
    return render_template("needs/amend.html", need=need, sections=sections, cause=_cause(need))


def _cause(need: Need) -> PublicAnswer | None:
    """The published answer that the address names as what the amendment follows from."""
    return find_cause(need, flask.request.args.get("because", ""))


@bp.route("/needs/<need_id>/amend/<section>", methods=["GET", "POST"])
@guard(policy.may_amend_need, need=queries.get_visible_need)
def amend_section(need: Need, section: str) -> ResponseReturnValue:
    known = section_named(section)
    commands.require_amendable(need, section)
    form, cause = amendment_form(need, section), _cause(need)
    if form.accepted() and form.is_current_section(need, section):
        content = form.content
        reason = content.pop("reason")
        if _can_become(need, section, content, form):
            amendment = commands.amend_need(need, section, content, reason=reason, by=actor(), cause=cause)
            flask.flash(f"Amendment {amendment.number} is published. Those who follow the need are told.", "success")
            return see_other("needs.show", need_id=need.id)
    stored_now = told(need, section) if form.is_stale else []
    return render_template(
        "needs/amend_section.html", need=need, section=known, form=form, stored_now=stored_now, cause=cause
    ), form.status


def _can_become(need: Need, section: str, content: dict[str, Any], form: SectionForm) -> bool:
    """Whether the amendment can be made; otherwise the form says why not."""
    faults = commands.amendment_faults(need, section, content)
    if not faults and not differences.changes(need, section, drafting.proposed(need, section, content)):
        faults = ["You have not changed anything"]
    for fault in faults:
        form.refuse(fault)
    return not faults
