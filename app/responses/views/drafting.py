"""Drafting a response: starting it, its list of sections, the offer and the answers."""

from collections.abc import Callable
from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove, NotFound
from app.kernel.forms import VersionedForm
from app.kernel.web import actor, guard, see_other
from app.matching.offering import offered_for
from app.matching.parties import may_take_part
from app.needs.models import MUST, OPEN, Need, Requirement
from app.needs.queries import get_visible_need
from app.responses import commands, policy, queries, submissions
from app.responses.amended import amendments_unseen, changes_of_requirement
from app.responses.forms import AnswerForm, OfferForm, StartForm
from app.responses.models import DRAFT, SUBMITTED, Answer, Response, SubmissionReceipt
from app.responses.views.blueprint import bp
from app.responses.views.doors import outside, own_response, providers_inside

STILL_BELOW = "What you typed was not saved. It is still below, so that you can copy it."
RESUBMIT = "resubmit"


@bp.route("/needs/<need_id>/respond", methods=["GET", "POST"])
@guard(policy.may_come_to_respond, need=get_visible_need)
def start(need: Need) -> ResponseReturnValue:
    if need.rung != OPEN:
        return see_other("responses.register_interest", need_id=need.id)
    speakers = queries.speakers_for(actor(), need)
    started = {provider.id: queries.find_response(need, provider) for provider in speakers}
    if request.method == "POST":
        return _start(need, {provider.id: provider for provider in speakers}.get(StartForm().provider.data))
    if len(speakers) == 1 and (response := started[speakers[0].id]):
        return _go_on(response)
    if not speakers:
        return render_template("responses/no_provider.html", need=need)
    inside = providers_inside(need, speakers)
    if not inside and not any(started.values()):
        return outside(need)
    return render_template("responses/start.html", need=need, speakers=speakers, started=started, inside=inside)


def _start(need: Need, provider: Any) -> ResponseReturnValue:
    """Start the response, or go where it was started already."""
    if provider is None:
        raise NotFound
    existing = queries.find_response(need, provider)
    if existing:
        return _go_on(existing)
    if not may_take_part(need, provider):
        return outside(need)
    try:
        return _go_on(commands.start_response(need, provider, by=actor()))
    except Conflict:
        # somebody else was first within the same moment: the next request sees their row
        return see_other("responses.start", need_id=need.id)


def _go_on(response: Response) -> ResponseReturnValue:
    is_draft = response.state == DRAFT and response.need.takes_responses
    return see_other("responses.edit" if is_draft else "responses.show", response_id=response.id)


@bp.route("/responses/<response_id>/edit")
@guard(policy.may_read_response, response=own_response)
def edit(response: Response) -> ResponseReturnValue:
    if not policy.may_change_response(actor(), response):
        return see_other("responses.show", response_id=response.id)
    lacking = {gap.section for gap in submissions.gaps(response)}
    return render_template(
        "responses/edit.html",
        response=response,
        need=response.need,
        lacking=lacking,
        unseen=amendments_unseen(response),
    )


@bp.route("/responses/<response_id>/edit/offer", methods=["GET", "POST"])
@guard(policy.may_read_response, response=own_response)
def edit_offer(response: Response) -> ResponseReturnValue:
    form = OfferForm(obj=response)
    form.offer_profiles(queries.offered_profiles(response), response.profile)

    def save() -> SubmissionReceipt | None:
        content = form.content
        return commands.describe_offer(response, **content | {"profile": content["profile"] or None}, by=actor())

    unseen = amendments_unseen(response)
    return _section(response, response, form, save, "responses/edit_offer.html", is_strict=True, unseen=unseen)


@bp.route("/responses/<response_id>/edit/<requirement_id>", methods=["GET", "POST"])
@guard(policy.may_read_response, response=own_response)
def edit_answer(response: Response, requirement_id: str) -> ResponseReturnValue:
    requirement = _asked(response, requirement_id)
    answer = response.answer_to(requirement)
    form = AnswerForm(obj=answer) if answer else AnswerForm(data={"version": 0})
    offered = offered_for(requirement, queries.offered_evidence(response, actor()))
    form.offer_evidence(offered, answer.evidence if answer else [])
    number = response.need.requirements.index(requirement) + 1

    def save() -> SubmissionReceipt | None:
        return commands.answer_requirement(response, requirement, **form.content, by=actor())

    changed = changes_of_requirement(response, requirement)
    page = {"requirement": requirement, "number": number, "changed": changed}
    return _section(
        response, answer, form, save, "responses/edit_answer.html", is_strict=requirement.kind == MUST, **page
    )


def _asked(response: Response, requirement_id: str) -> Requirement:
    found = next((each for each in response.need.requirements if each.id == requirement_id), None)
    if found is None:
        raise NotFound
    return found


def _section(
    response: Response,
    row: Response | Answer | None,
    form: VersionedForm,
    save: Callable[[], SubmissionReceipt | None],
    template: str,
    *,
    is_strict: bool,
    **page: Any,
) -> ResponseReturnValue:
    """Show one section, or save it; whatever is refused, what was typed stays on the page."""
    is_submitted = response.state == SUBMITTED
    if is_submitted and is_strict:
        form.make_strict()
    page |= {"response": response, "need": response.need, "form": form, "saved": {}, "is_submitted": is_submitted}
    if request.method == "POST":
        return _save_section(row, save, template, page)
    can_change = policy.may_change_response(actor(), response)
    return render_template(template, **page) if can_change else see_other("responses.show", response_id=response.id)


def _save_section(
    row: Response | Answer | None, save: Callable[[], SubmissionReceipt | None], template: str, page: dict[str, Any]
) -> ResponseReturnValue:
    form, response = page["form"], page["response"]
    try:
        commands.require_changeable(response)
        if not form.accepted():
            return render_template(template, **page), form.status
        if _has_clashed(form, row, page):
            return render_template(template, **page), 409
        return _saved(response, save())
    except IllegalMove as refusal:
        form.refuse(f"{refusal.message} {STILL_BELOW}")
        return render_template(template, **page), 409


def _has_clashed(form: VersionedForm, row: Response | Answer | None, page: dict[str, Any]) -> bool:
    """Whether a colleague saved something else meanwhile: then the page shows both, and a second press decides."""
    version = row.version if row else 0
    if page["is_submitted"] and form.pressed != RESUBMIT:
        form.version.data = version
        form.refuse(
            "A colleague submitted this response while you were working on it. Press again to change what was sent."
        )
        return True
    theirs = {name: getattr(row, name) if row else None for name in form.content}
    if form.version.data == version or all((theirs[name] or None) == (form.content[name] or None) for name in theirs):
        return False
    form.version.data = version
    form.refuse(
        "A colleague saved this section while you were working on it. Nothing is lost: theirs is shown beside yours."
    )
    page["saved"] = {name: value for name, value in theirs.items() if (value or None) != (form.content[name] or None)}
    return True


def _saved(response: Response, receipt: SubmissionReceipt | None) -> ResponseReturnValue:
    if response.state == DRAFT:
        flask.flash("Saved. Only your own colleagues can see it.", "success")
        return see_other("responses.edit", response_id=response.id)
    done = (
        f"Submitted again: receipt {receipt.number}."
        if receipt
        else "Nothing was different, so your submission stands."
    )
    flask.flash(done, "success")
    return see_other("responses.show", response_id=response.id)
