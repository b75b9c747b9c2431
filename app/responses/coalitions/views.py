"""Pages of coalitions: finding partners, invitations, and what each member does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel import audit
from app.kernel.errors import Conflict, IllegalMove, NotFound
from app.kernel.forms import Form
from app.kernel.web import actor, guard, see_other
from app.matching.complements import complements_for, coverage_of
from app.matching.parties import may_take_part
from app.needs.models import INVITED, Need
from app.needs.queries import get_visible_need
from app.providers.models import Provider
from app.providers.queries import get_provider, providers_of
from app.responses import queries as responses
from app.responses.coalitions import commands, policy, queries, terms
from app.responses.coalitions.forms import AgreeForm, EndingForm, InviteForm, TermsForm, offer_requirements
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.models import Response
from app.responses.policy import may_come_to_respond

bp = Blueprint("coalitions", __name__, template_folder="templates")
STATES = {
    "sent": "Asked",
    "accepted": "Accepted: yours to confirm",
    "joined": "Partner",
    "declined": "Declined",
    "taken_back": "Taken back",
    "left": "Left",
    "parted": "Parted",
    "released": "Released",
}


def own_response(response_id: str, person: Person | None) -> Response | None:
    """The response, to the staff of its members."""
    return responses.get_own_response(response_id, person) if person else None


def own_invitation(invitation_id: str, person: Person | None) -> PartnerInvitation | None:
    """The invitation, to both sides."""
    return queries.get_invitation(invitation_id, person) if person else None


def own_part(part_id: str, person: Person | None) -> Part | None:
    """The part, to the staff of its response's members."""
    return queries.get_part(part_id, person) if person else None


def _signed_in(may: Callable[..., bool]) -> Callable[..., bool]:
    """The same, for whoever is signed in; nobody else has anything loaded."""

    @wraps(may)
    def signed_in(person: Person | None, *things: Any) -> bool:
        return person is not None and may(person, *things)

    return signed_in


def _theirs(person: Person) -> set[str]:
    """Nobody is proposed for whom the person works."""
    return {each.id for each in providers_of(person)}


@bp.get("/needs/<need_id>/partners")
@guard(may_come_to_respond, need=get_visible_need)
def before(need: Need) -> ResponseReturnValue:
    """What the person's providers lack for a need, and who shows it, before anything is started."""
    speakers = responses.speakers_for(actor(), need)
    found = [(each, complements_for(need, each, without=_theirs(actor()))) for each in speakers]
    return render_template("coalitions/before.html", need=need, found=found, is_by_name=need.audience == INVITED)


@bp.get("/responses/<response_id>/partners")
@guard(_signed_in(policy.may_invite_partner), response=own_response)
def proposals(response: Response) -> ResponseReturnValue:
    asked = queries.invitations_of(response)
    name = request.args.get("name", "")[:200].strip()
    beside = [part.provider_id for part in terms.partners_of(response)]
    without = _theirs(actor()) | {each.provider_id for each in asked if not each.can("send_again")}
    return render_template(
        "coalitions/proposals.html",
        response=response,
        need=response.need,
        told=complements_for(response.need, response.provider, beside=beside, without=without),
        asked=asked,
        states=STATES,
        name=name,
        named=queries.providers_named(name, response),
        is_by_name=response.need.audience == INVITED,
    )


@bp.route("/responses/<response_id>/partners/<provider_id>", methods=["GET", "POST"])
@guard(_signed_in(policy.may_invite), response=own_response, provider=get_provider)
def invite(response: Response, provider: Provider) -> ResponseReturnValue:
    need, form = response.need, InviteForm()
    found = coverage_of(need, [response.provider_id, provider.id])
    form.offer_requirements(need, {key for key, by in found.items() if _fills(by, response, provider)})
    if form.accepted() and _kept(form, lambda: commands.invite_partner(response, provider, **form.content, by=actor())):
        flask.flash(f"{provider.name} is asked. You hear when it answers.", "success")
        return see_other("coalitions.proposals", response_id=response.id)
    return render_template(
        "coalitions/invite.html", response=response, need=need, provider=provider, form=form
    ), form.status


def _fills(by: dict[str, int], response: Response, provider: Provider) -> bool:
    return bool(by.get(provider.id)) and not by.get(response.provider_id)


# Invitations


@bp.get("/partner-invitations/<invitation_id>")
@guard(_signed_in(policy.may_see_invitation), invitation=own_invitation)
def invitation(invitation: PartnerInvitation) -> ResponseReturnValue:
    is_invited = policy.is_invited(actor(), invitation)
    return render_template(
        "coalitions/invitation.html",
        invitation=invitation,
        need=invitation.need,
        lead=invitation.response.provider,
        is_invited=is_invited,
        may=policy,
        states=STATES,
        taken=_taken(invitation) if is_invited else None,
        is_inside=not is_invited or may_take_part(invitation.need, invitation.provider),
    )


def _taken(invitation: PartnerInvitation) -> Part | None:
    """The part that the invited one has otherwise: for its own staff alone."""
    part = queries.find_part(invitation.need, invitation.provider)
    return part if part is not None and part.response_id != invitation.response_id else None


@bp.post("/partner-invitations/<invitation_id>/accept")
@guard(_signed_in(policy.may_accept_invitation), invitation=own_invitation)
def accept(invitation: PartnerInvitation) -> ResponseReturnValue:
    commands.accept_invitation(invitation, by=actor())
    flask.flash(f"Accepted. {invitation.response.provider.name} confirms it, then you see the response.", "success")
    return see_other("coalitions.invitation", invitation_id=invitation.id)


@bp.post("/partner-invitations/<invitation_id>/decline")
@guard(_signed_in(policy.may_decline_invitation), invitation=own_invitation)
def decline(invitation: PartnerInvitation) -> ResponseReturnValue:
    commands.decline_invitation(invitation, by=actor())
    flask.flash("Declined. You are free to answer otherwise.", "success")
    return see_other("coalitions.invitation", invitation_id=invitation.id)


@bp.post("/partner-invitations/<invitation_id>/take-back")
@guard(_signed_in(policy.may_take_back_invitation), invitation=own_invitation)
def take_back(invitation: PartnerInvitation) -> ResponseReturnValue:
    commands.take_back_invitation(invitation, by=actor())
    flask.flash("The invitation is taken back.", "success")
    return see_other("coalitions.proposals", response_id=invitation.response_id)


@bp.post("/partner-invitations/<invitation_id>/confirm")
@guard(_signed_in(policy.may_confirm_partner), invitation=own_invitation)
def confirm(invitation: PartnerInvitation) -> ResponseReturnValue:
    commands.confirm_partner(invitation, by=actor())
    flask.flash(f"{invitation.provider.name} is your partner now, and sees the whole response.", "success")
    return see_other("coalitions.show", response_id=invitation.response_id)


@bp.route("/partner-invitations/<invitation_id>/leave", methods=["GET", "POST"])
@guard(_signed_in(policy.may_leave_coalition), invitation=own_invitation)
def leave(invitation: PartnerInvitation) -> ResponseReturnValue:
    form = EndingForm()
    if form.accepted() and _kept(form, lambda: commands.leave_coalition(invitation, **form.content, by=actor())):
        flask.flash("You have left. Your answers went with you, and everybody in it is told.", "success")
        return see_other("coalitions.invitation", invitation_id=invitation.id)
    return _ending(invitation, form, "Leave the coalition")


@bp.route("/partner-invitations/<invitation_id>/part", methods=["GET", "POST"])
@guard(_signed_in(policy.may_part_from), invitation=own_invitation)
def part_from(invitation: PartnerInvitation) -> ResponseReturnValue:
    form = EndingForm()
    if form.accepted() and _kept(form, lambda: commands.part_from_partner(invitation, **form.content, by=actor())):
        flask.flash(f"{invitation.provider.name} is no partner any more. It is told, with your words.", "success")
        return see_other("coalitions.show", response_id=invitation.response_id)
    return _ending(invitation, form, f"Part from {invitation.provider.name}")


def _ending(invitation: PartnerInvitation, form: EndingForm, heading: str) -> ResponseReturnValue:
    page = {"invitation": invitation, "response": invitation.response, "need": invitation.need}
    return render_template("coalitions/ending.html", form=form, heading=heading, **page), form.status


# The coalition


@bp.get("/responses/<response_id>/coalition")
@guard(_signed_in(policy.may_see_coalition), response=own_response)
def show(response: Response) -> ResponseReturnValue:
    members = terms.members_of(response)
    asked = {each.provider_id: each for each in queries.invitations_of(response)}
    return render_template(
        "coalitions/show.html",
        response=response,
        need=response.need,
        parts=terms.parts_of(response),
        members=members,
        grid=coverage_of(response.need, [each.id for each in members]) if response.need.requirements else {},
        asked=asked,
        lacking=terms.lacking(response),
        terms=terms,
        may=policy,
        seen={part.id: audit.fingerprint(terms.terms_of(part)) for part in terms.parts_of(response)},
    )


def _of_its_response(may: Callable[[Person | None, Part], bool]) -> Callable[[Person | None, Response, Part], bool]:
    """The guard of an act on one part, at the address of its own response alone."""

    @wraps(may)
    def of_its_response(person: Person | None, response: Response, part: Part) -> bool:
        if part.response_id != response.id:
            raise NotFound
        return may(person, part)

    return of_its_response


@bp.route("/responses/<response_id>/coalition/<part_id>", methods=["GET", "POST"])
@guard(_signed_in(_of_its_response(policy.may_state_terms)), response=own_response, part=own_part)
def state_terms(response: Response, part: Part) -> ResponseReturnValue:
    need = response.need
    form = TermsForm(data={"share_percent": part.share_percent, "liability": part.liability, "version": part.version})
    offer_requirements(form.requirements, need, [] if form.is_submitted() else part.requirement_ids)
    if (
        form.accepted()
        and form.is_current(part)
        and _kept(form, lambda: commands.state_terms(part, **form.content, by=actor()))
    ):
        flask.flash(
            f"Saved. {'' if part.is_lead else part.provider.name + ' is asked to confirm it.'}".strip(), "success"
        )
        return see_other("coalitions.show", response_id=response.id)
    return render_template("coalitions/terms.html", response=response, need=need, part=part, form=form), form.status


@bp.post("/responses/<response_id>/coalition/<part_id>/agree")
@guard(_signed_in(_of_its_response(policy.may_agree_terms)), response=own_response, part=own_part)
def agree(response: Response, part: Part) -> ResponseReturnValue:
    commands.agree_terms(part, seen=AgreeForm().seen.data or "", by=actor())
    flask.flash("Confirmed. If the lead changes it, you are asked again.", "success")
    return see_other("coalitions.show", response_id=response.id)


@bp.post("/responses/<response_id>/reopen")
@guard(_signed_in(policy.may_reopen_response), response=own_response)
def reopen(response: Response) -> ResponseReturnValue:
    commands.reopen_response(response, by=actor())
    flask.flash("Your response is a draft again. It counts only when you submit it again before the deadline.", "info")
    return see_other("coalitions.show", response_id=response.id)


def _kept(form: Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; otherwise the form says why not, and keeps what was typed."""
    try:
        act()
    except (Conflict, IllegalMove) as refusal:
        form.refuse(refusal.message)
        return False
    return True
