"""Drafting a response: starting it, its list of sections, the offer and the answers."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, NotAllowed, NotFound
from app.kernel.web import actor, guard, see_other
from app.matching.offering import offered_for
from app.matching.parties import may_take_part
from app.needs.models import MUST, OPEN, Need, Requirement
from app.needs.queries import get_visible_need
from app.providers.models import Provider
from app.responses import commands, policy, queries, submissions
from app.responses.amended import amendments_unseen, changes_of_requirement
from app.responses.coalitions.models import Part
from app.responses.coalitions.policy import may_answer
from app.responses.coalitions.queries import find_part
from app.responses.coalitions.terms import others_answering, provider_answering
from app.responses.forms import AnswerForm, OfferForm, StartForm
from app.responses.models import DRAFT, Response, SubmissionReceipt
from app.responses.views.blueprint import bp
from app.responses.views.doors import outside, own_response, providers_inside
from app.responses.views.saving import section


@bp.route("/needs/<need_id>/respond", methods=["GET", "POST"])
@guard(policy.may_come_to_respond, need=get_visible_need)
def start(need: Need) -> ResponseReturnValue:
    if need.rung != OPEN:
        return see_other("responses.register_interest", need_id=need.id)
    speakers = queries.speakers_for(actor(), need)
    parts = {provider.id: find_part(need, provider) for provider in speakers}
    started = {each.id: _response_of(need, each, parts[each.id]) for each in speakers}
    if request.method == "POST":
        return _start(need, {provider.id: provider for provider in speakers}.get(StartForm().provider.data))
    if len(speakers) == 1 and (response := started[speakers[0].id]):
        return _go_on(response)
    if not speakers:
        return render_template("responses/no_provider.html", need=need)
    inside = providers_inside(need, speakers)
    if not inside and not any(started.values()):
        return outside(need)
    return render_template(
        "responses/start.html", need=need, speakers=speakers, started=started, inside=inside, parts=parts
    )


def _response_of(need: Need, provider: Provider, part: Part | None) -> Response | None:
    """The response in which the provider takes part, as its lead or as a partner that joined; or its own."""
    if part is not None:
        return part.response if part.joined_at else None
    return queries.find_response(need, provider)


def _start(need: Need, provider: Any) -> ResponseReturnValue:
    """Start the response, or go where it was started already."""
    if provider is None:
        raise NotFound
    existing = _response_of(need, provider, find_part(need, provider))
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
        is_partner = policy.may_write_in(actor(), response)
        return see_other("coalitions.show" if is_partner else "responses.show", response_id=response.id)
    lacking = {gap.section for gap in submissions.gaps(response)}
    return render_template(
        "responses/edit.html",
        response=response,
        need=response.need,
        lacking=lacking,
        others_answering=others_answering(response),
        unseen=amendments_unseen(response),
    )


@bp.route("/responses/<response_id>/edit/offer", methods=["GET", "POST"])
@guard(policy.may_lead_response, response=own_response)
def edit_offer(response: Response) -> ResponseReturnValue:
    form = OfferForm(obj=response)
    form.offer_profiles(queries.offered_profiles(response), response.profile)

    def save() -> SubmissionReceipt | None:
        content = form.content
        return commands.describe_offer(response, **content | {"profile": content["profile"] or None}, by=actor())

    unseen = amendments_unseen(response)
    page = {"unseen": unseen, "is_over": submissions.is_over_the_frame}
    return section(response, lambda: response, form, save, "responses/edit_offer.html", is_strict=True, **page)


@bp.route("/responses/<response_id>/edit/<requirement_id>", methods=["GET", "POST"])
@guard(policy.may_read_response, response=own_response)
def edit_answer(response: Response, requirement_id: str) -> ResponseReturnValue:
    requirement = _asked(response, requirement_id)
    if policy.may_write_in(actor(), response) and not may_answer(actor(), response, requirement):
        raise NotAllowed("Another member of the coalition answers this requirement.")
    answer = response.answer_to(requirement)
    form = AnswerForm(obj=answer) if answer else AnswerForm(data={"version": 0})
    of = provider_answering(response, requirement)
    offered = offered_for(requirement, queries.offered_evidence(response, actor(), of=of))
    form.offer_evidence(offered, answer.evidence if answer else [])
    number = response.need.requirements.index(requirement) + 1

    def save() -> SubmissionReceipt | None:
        return commands.answer_requirement(response, requirement, **form.content, by=actor())

    changed = changes_of_requirement(response, requirement)
    page = {"requirement": requirement, "number": number, "changed": changed}
    is_must, row = requirement.kind == MUST, lambda: response.answer_to(requirement)
    return section(response, row, form, save, "responses/edit_answer.html", is_strict=is_must, **page)


def _asked(response: Response, requirement_id: str) -> Requirement:
    found = next((each for each in response.need.requirements if each.id == requirement_id), None)
    if found is None:
        raise NotFound
    return found
