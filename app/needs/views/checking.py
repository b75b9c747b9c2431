"""How clear a need is, on its pages: the words for templates, and the look at a section that is not saved yet."""

from typing import Any

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.requests import only_reads
from app.kernel.web import guard
from app.needs import commands, drafting, policy, queries
from app.needs.clarity.score import Clarity, clarity_of
from app.needs.comments.queries import open_comments
from app.needs.forms import SectionForm, amendment_form, section_form
from app.needs.models import DRAFT, Need
from app.needs.sections import Proposed
from app.needs.views.amending import cause_of
from app.needs.views.blueprint import bp, section_named


@bp.context_processor
def _clarity() -> dict[str, Any]:
    return {"clarity_of": clarity_of, "clarity_as_typed": clarity_as_typed}


def clarity_as_typed(need: Need, section: str, form: SectionForm) -> Clarity:
    """How clear the need would be with what stands in the form of a section."""
    if not form.is_submitted():
        return clarity_of(need)
    return clarity_of(Proposed(need, drafting.proposed(need, section, form.content)))


@bp.post("/needs/<need_id>/clarity/<section>")
@only_reads
@guard(policy.may_check_need, need=queries.get_visible_need)
def check_section(need: Need, section: str) -> ResponseReturnValue:
    """What to mend in a section as it is typed: a part of the page for the script that asks, else the whole page."""
    known = section_named(section)
    if need.state == DRAFT:
        form, template = section_form(need, section), "needs/edit_section.html"
    else:
        commands.require_amendable(need, section)
        form, template = amendment_form(need, section), "needs/amend_section.html"
    form.arranged()
    if "fragment" in flask.request.form:
        template = "needs/clarity/findings.html"
    said = open_comments(need, section)
    return render_template(
        template, need=need, section=known, form=form, lacks=[], stored_now=[], said=said, cause=cause_of(need)
    )
