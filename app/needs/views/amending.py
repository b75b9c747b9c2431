"""Pages on which what was published is amended: the choice of a section, and the section with a reason."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.needs import commands, differences, policy, queries
from app.needs.extending import is_later, is_material
from app.needs.forms import AmendmentForm, amendment_form
from app.needs.models import Need
from app.needs.questions.models import PublicAnswer
from app.needs.questions.queries import find_cause
from app.needs.sections import AMENDABLE, SECTIONS, told
from app.needs.views.blueprint import bp, section_named


@bp.get("/needs/<need_id>/amend")
@guard(policy.may_amend_need, need=queries.get_visible_need)
def amend(need: Need) -> ResponseReturnValue:
    commands.require_amendable(need)
    sections = [SECTIONS[key] for key in AMENDABLE]
    return render_template("needs/amend.html", need=need, sections=sections, cause=cause_of(need))


def cause_of(need: Need) -> PublicAnswer | None:
    """The published answer that the address names as what the amendment follows from."""
    return find_cause(need, flask.request.args.get("because", ""))


@bp.route("/needs/<need_id>/amend/<section>", methods=["GET", "POST"])
@guard(policy.may_amend_need, need=queries.get_visible_need)
def amend_section(need: Need, section: str) -> ResponseReturnValue:
    known = section_named(section)
    commands.require_amendable(need, section)
    form, cause = amendment_form(need, section), cause_of(need)
    if form.accepted() and form.is_current_section(need, section):
        content = form.content
        said = {"reason": content.pop("reason"), "deadline_at": form.later_deadline, "cause": cause}
        if _can_become(need, section, content, form):
            amendment = commands.amend_need(need, section, content, **said, by=actor())
            flask.flash(_published(need, amendment.number), "success")
            return see_other("needs.show", need_id=need.id)
    stored_now = told(need, section) if form.is_stale else []
    return render_template(
        "needs/amend_section.html", need=need, section=known, form=form, stored_now=stored_now, cause=cause
    ), form.status


def _published(need: Need, number: int) -> str:
    return f"Amendment {number} is published: this is version {number + 1} of the need. Those who follow it are told."


def _can_become(need: Need, section: str, content: dict[str, Any], form: AmendmentForm) -> bool:
    """Whether the amendment can be made; otherwise the form says why not, or asks what becomes of the deadline."""
    later = form.later_deadline
    new = commands.as_amended(need, section, content, later)
    changed = differences.changed_fields(need, section, new)
    faults = commands.amendment_faults(need, section, content, later)
    if not faults and not changed:
        faults = ["You have not changed anything"]
    for fault in faults:
        form.refuse(fault)
    if faults:
        return False
    return form.settles_deadline(material=is_material(changed), moved=is_later(need, new.get("deadline_at")))
