"""Changing coalitions. As with all of a response, the deadline, the clock's one reading and the write are one."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import add_once, constrained, session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import INVITED, Requirement
from app.providers.models import Provider
from app.responses.coalitions import policy, queries
from app.responses.coalitions.models import JOINED, WAITING, Assignment, Part, PartnerInvitation
from app.responses.coalitions.releasing import end_invitation
from app.responses.coalitions.terms import part_answering, parts_of, terms_of
from app.responses.commands import TERMS_STAND, require_changeable, require_in_audience, require_in_time
from app.responses.models import DRAFT, SUBMITTED, Response
from app.responses.policy import may_speak_for

MOST_ASKED = 12
TAKEN = (
    "Your organisation takes part in an answer to this need already, alone or with others. Give that up first: an "
    "organisation answers a need once."
)


def invite_partner(
    response: Response, provider: Provider, *, requirements: list[Requirement], words: str, by: Person
) -> PartnerInvitation:
    """Ask a provider to answer some requirements with the lead; nothing tells whether it answers already."""
    require_changeable(response)
    if not policy.may_invite(by, response, provider):
        raise NotAllowed("You cannot invite this provider to your response.")
    if not requirements or any(each.need_id != response.need_id for each in requirements):
        raise IllegalMove("Select the requirements that it would answer.")
    _require_askable(response, provider)
    invitation = queries.find_invitation(response, provider)
    if invitation is None:
        invitation = PartnerInvitation(response=response, need=response.need, provider=provider, sent_at=clock.now())
        add_once(invitation, f"{provider.name} was asked already.")
    elif not invitation.can("send_again"):
        raise Conflict(f"{provider.name} was asked already.")
    else:
        invitation.move("send_again")
        invitation.sent_at, invitation.answered_at, invitation.ended_at = clock.now(), None, None
        invitation.ending = ""
    invitation.words, invitation.requirements = words, requirements
    return _told(invitation, "invite", by)


def _require_askable(response: Response, provider: Provider) -> None:
    """Who is outside by a public rule cannot be asked; who was invited by name is not public, so there all can be."""
    if response.need.audience != INVITED:
        require_in_audience(response.need, provider)
    asked = [each for each in queries.invitations_of(response) if each.state in (*WAITING, JOINED)]
    if len(asked) >= MOST_ASKED:
        raise IllegalMove(f"You can ask at most {MOST_ASKED} providers at once. Take an invitation back first.")


def accept_invitation(invitation: PartnerInvitation, *, by: Person) -> Part:
    """Say yes to the lead, and take up the one part of the provider. Moves: invitation sent -> accepted."""
    require_in_time(invitation.need)
    if not may_speak_for(by, invitation.need, invitation.provider):
        raise NotAllowed("You cannot answer this invitation.")
    if not invitation.provider.organisation.is_open:
        raise IllegalMove("Your organisation is closed in the register, so it cannot respond.")
    require_in_audience(invitation.need, invitation.provider)
    invitation.move("accept")
    invitation.answered_at = clock.now()
    part = _take_part(invitation)
    _told(invitation, "accept", by)
    return part


def _take_part(invitation: PartnerInvitation) -> Part:
    with constrained(TAKEN):
        part = Part(response=invitation.response, provider=invitation.provider, is_lead=False, joined_at=None)
        session().add(part)
    return part


def decline_invitation(invitation: PartnerInvitation, *, by: Person) -> None:
    """Say no, also after a yes that was not confirmed yet. Moves: invitation sent, accepted -> declined."""
    require_in_time(invitation.need)
    invitation.answered_at = clock.now()
    end_invitation(invitation, "decline", "", by=by)


def take_back_invitation(invitation: PartnerInvitation, *, by: Person) -> None:
    """Ask no more. Moves: invitation sent, accepted -> taken back."""
    require_in_time(invitation.need)
    end_invitation(invitation, "take_back", "", by=by)


def confirm_partner(invitation: PartnerInvitation, *, by: Person) -> Part:
    """Let who accepted join, with the requirements it was asked for. Moves: invitation accepted -> joined."""
    response = invitation.response
    _require_draft(response)
    require_in_audience(invitation.need, invitation.provider)
    invitation.move("confirm")
    part: Part = next(each for each in response.parts if each.provider_id == invitation.provider_id)
    part.joined_at = clock.now()
    invitation.joined_at = invitation.joined_at or part.joined_at
    _keep_what_the_lead_answered(response, invitation)
    _assign(part, invitation.requirements)
    _told(invitation, "confirm", by)
    return part


def _keep_what_the_lead_answered(response: Response, invitation: PartnerInvitation) -> None:
    """What the lead wrote before it had partners is the lead's; what nobody wrote still has to be given to one."""
    lead = next((each for each in parts_of(response) if each.is_lead), None)
    asked = {each.id for each in invitation.requirements}
    written = {each.requirement_id for each in response.answers if each.text.strip()} - asked
    free = [r for r in response.need.requirements if r.id in written and part_answering(response, r) is None]
    if lead is not None:
        _assign(lead, [*(r for r in response.need.requirements if r.id in lead.requirement_ids), *free])


def state_terms(
    part: Part, *, share_percent: int | None, liability: str, requirements: list[Requirement], by: Person
) -> None:
    """Say a member's share, what it answers for and what it answers; a partner then confirms what changed."""
    _require_draft(part.response)
    if not policy.may_state_terms(by, part):
        raise NotAllowed("The lead states what each member does.")
    if any(each.need_id != part.need_id for each in requirements):
        raise NotAllowed("A member answers requirements of its own need.")
    before = terms_of(part)
    part.share_percent = share_percent
    part.liability = liability
    _assign(part, requirements)
    session().flush()
    audit.record("state_terms", part, by=by)
    if terms_of(part) != before and not part.is_lead:
        _tell_of(part, "partner.terms")


def _assign(part: Part, requirements: list[Requirement]) -> None:
    """Give requirements to one member alone; evidence of another's wallet goes from the answer, its words stay."""
    wanted, response = {each.id for each in requirements}, part.response
    for each in parts_of(response):
        gone = [a for a in each.assignments if (a.requirement_id in wanted) != (each is part)]
        for assignment in gone:
            each.assignments.remove(assignment)
    session().flush()
    for requirement_id in sorted(wanted - part.requirement_ids):
        part.assignments.append(Assignment(response_id=response.id, requirement_id=requirement_id))
    for answer in response.answers:
        if answer.requirement_id in wanted:
            answer.evidence = [piece for piece in answer.evidence if piece.provider_id == part.provider_id]
    session().flush()


def agree_terms(part: Part, *, seen: str, by: Person) -> None:
    """Confirm share, liability and requirements as the page showed them."""
    _require_draft(part.response)
    if not policy.may_agree_terms(by, part):
        raise NotAllowed("A partner confirms its own part.")
    if part.share_percent is None or not part.liability.strip():
        raise IllegalMove("The lead has not stated your share and what you answer for yet.")
    if seen != audit.fingerprint(terms_of(part)):
        raise Conflict("The lead changed your part since you opened this page. Read it again before you confirm it.")
    part.agreed_terms, part.agreed_at = terms_of(part), clock.now()
    audit.record("agree_terms", part, by=by)
    _tell_of(part, "partner.agreed")


def leave_coalition(invitation: PartnerInvitation, *, reason: str, by: Person) -> None:
    """Answer no more with the lead. Moves: invitation joined -> left; response submitted -> draft."""
    _end_partnership(invitation, "leave", reason, by)


def part_from_partner(invitation: PartnerInvitation, *, reason: str, by: Person) -> None:
    """Go on without a partner. Moves: invitation joined -> parted; response submitted -> draft."""
    _end_partnership(invitation, "part", reason, by)


def _end_partnership(invitation: PartnerInvitation, verb: str, reason: str, by: Person) -> None:
    require_in_time(invitation.need)
    if not invitation.can(verb):
        raise IllegalMove("It is no partner in this response.")
    response = invitation.response
    if response.state == SUBMITTED:
        _reopen(response, by)
    end_invitation(invitation, verb, reason, by=by)
    notices.post("coalition.changed", subject=response)


def reopen_response(response: Response, *, by: Person) -> None:
    """Take back to a draft what partners confirmed, to change it. Moves: response submitted -> draft."""
    require_changeable(response)
    _reopen(response, by)
    notices.post("coalition.changed", subject=response)


def _reopen(response: Response, by: Person) -> None:
    response.move("reopen")
    response.submitted_at = None
    audit.record("reopen", response, by=by)


def _require_draft(response: Response) -> None:
    require_changeable(response)
    if response.state != DRAFT:
        raise IllegalMove(TERMS_STAND)


def _told(invitation: PartnerInvitation, verb: str, by: Person) -> PartnerInvitation:
    """The audit of an invitation names neither side: its own row does, and is read by both alone."""
    session().flush()
    audit.record(verb, invitation, by=by)
    notices.post(f"partner.{verb}", subject=invitation)
    return invitation


def _tell_of(part: Part, kind: str) -> None:
    invitation = queries.invitation_of(part)
    if invitation is not None:
        notices.post(kind, subject=invitation)
