"""Who may do what in a coalition: pure predicates over loaded rows.

An invited provider learns who asks, for which need and requirements; the lead learns what it answered. Nothing else is
shown to either before both have agreed.
"""

from app.accounts.models import Person
from app.needs.models import Requirement
from app.providers.models import Provider
from app.responses.coalitions.models import ACCEPTED, JOINED, SENT, WAITING, Part, PartnerInvitation
from app.responses.coalitions.terms import is_coalition, provider_answering
from app.responses.models import DRAFT, SUBMITTED, Response
from app.responses.policy import (
    may_change_response,
    may_lead_response,
    may_read_response,
    may_respond,
    may_speak_for,
)


def is_invited(person: Person | None, invitation: PartnerInvitation) -> bool:
    """Whether the person speaks for the provider that was asked."""
    return may_speak_for(person, invitation.need, invitation.provider)


def may_see_invitation(person: Person | None, invitation: PartnerInvitation) -> bool:
    """Both sides, and nobody else."""
    return is_invited(person, invitation) or may_lead_response(person, invitation.response)


def may_invite_partner(person: Person | None, response: Response | None) -> bool:
    """The lead's staff, while the response can change."""
    return response is not None and may_change_response(person, response)


def may_invite(person: Person | None, response: Response, provider: Provider) -> bool:
    """The same, for any other provider that is open: whether that one answers already is nobody's to know."""
    is_other = provider.id != response.provider_id and provider.organisation.is_open
    return is_other and may_invite_partner(person, response)


def may_accept_invitation(person: Person | None, invitation: PartnerInvitation) -> bool:
    """Those who may respond for the invited one, while it waits for their answer."""
    return invitation.state == SENT and may_respond(person, invitation.need, invitation.provider)


def may_decline_invitation(person: Person | None, invitation: PartnerInvitation) -> bool:
    """The invited one's staff, until the lead confirmed."""
    return invitation.state in WAITING and invitation.need.takes_responses and is_invited(person, invitation)


def may_take_back_invitation(person: Person | None, invitation: PartnerInvitation) -> bool:
    """The lead's staff, until they confirmed."""
    return invitation.state in WAITING and may_invite_partner(person, invitation.response)


def may_confirm_partner(person: Person | None, invitation: PartnerInvitation) -> bool:
    """The lead's staff, once the invited one accepted."""
    return invitation.state == ACCEPTED and may_invite_partner(person, invitation.response)


def may_leave_coalition(person: Person | None, invitation: PartnerInvitation) -> bool:
    """The partner's staff, before the deadline."""
    return invitation.state == JOINED and invitation.need.takes_responses and is_invited(person, invitation)


def may_part_from(person: Person | None, invitation: PartnerInvitation) -> bool:
    """The lead's staff, before the deadline."""
    return invitation.state == JOINED and may_invite_partner(person, invitation.response)


def may_state_terms(person: Person | None, part: Part) -> bool:
    """The lead's staff, while the response is a draft: what was submitted stands as it was confirmed."""
    return part.response.state == DRAFT and may_change_response(person, part.response)


def may_agree_terms(person: Person | None, part: Part) -> bool:
    """The partner's own staff, while the response is a draft."""
    response = part.response
    is_partner = not part.is_lead and part.joined_at is not None
    return is_partner and response.state == DRAFT and may_respond(person, response.need, part.provider)


def may_answer(person: Person | None, response: Response, requirement: Requirement) -> bool:
    """The staff of the member whose requirement it is: the lead's, where it is nobody's yet."""
    is_open = response.state in (DRAFT, SUBMITTED)
    return is_open and may_respond(person, response.need, provider_answering(response, requirement))


def may_reopen_response(person: Person | None, response: Response) -> bool:
    """The lead's staff, once it is submitted, before the deadline."""
    return response.state == SUBMITTED and may_change_response(person, response)


may_see_coalition = may_read_response


def may_see_coalition_of_several(person: Person | None, response: Response) -> bool:
    """For the tab: once there is a coalition to see, or somebody could still be asked."""
    return (is_coalition(response) or may_invite_partner(person, response)) and may_read_response(person, response)
