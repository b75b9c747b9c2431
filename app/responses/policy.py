"""Who may do what with interest and responses: pure predicates over loaded rows.

The wall: nobody acts on both sides of one need. What somebody may not read does not exist for them.
"""

from app.accounts.models import Person
from app.needs.models import LIVE, OPEN, Need
from app.needs.policy import acts_for_need, has_duty, is_officer_of
from app.providers.models import Provider
from app.providers.policy import is_staff_of, works_for_a_provider
from app.responses.coalitions.terms import members_of, partners_of
from app.responses.models import DRAFT, SUBMITTED, WITHDRAWN, Interest, Response, SubmissionReceipt


def is_on_buying_side(person: Person, need: Need) -> bool:
    """Whether the person wrote the need, has a duty for it, or was in its department since it was posted.

    Who leaves stays on the side on which they stood: what they read there goes with them.
    """
    return need.author_id == person.id or acts_for_need(person, need)


def may_speak_for(person: Person | None, need: Need, provider: Provider) -> bool:
    """Whether the person may deal with this need for the provider: its staff, and not of the buying side."""
    return person is not None and is_staff_of(person, provider) and not is_on_buying_side(person, need)


def takes_interest(need: Need) -> bool:
    """Whether interest can be registered: the need is live, below open."""
    return need.state == LIVE and need.rung != OPEN


def may_register_interest(person: Person | None, need: Need, provider: Provider) -> bool:
    """Those who may speak for the provider, below open."""
    return takes_interest(need) and provider.organisation.is_open and may_speak_for(person, need, provider)


def may_change_interest(person: Person | None, interest: Interest) -> bool:
    """Those who may register it may change and withdraw it."""
    return takes_interest(interest.need) and may_speak_for(person, interest.need, interest.provider)


may_withdraw_interest = may_change_interest


def may_read_interest(person: Person | None, interest: Interest | None) -> bool:
    """The provider's own staff, for acts on it."""
    return interest is not None and may_speak_for(person, interest.need, interest.provider)


def may_read_interests(person: Person | None, need: Need) -> bool:
    """The department's officers and the need's own people, unless they work for a provider: rivals stand there."""
    return (is_officer_of(person, need) or has_duty(person, need)) and not works_for_a_provider(person)


def may_respond(person: Person | None, need: Need, provider: Provider) -> bool:
    """Those who may speak for the provider, at rung open and before the deadline."""
    return need.takes_responses and provider.organisation.is_open and may_speak_for(person, need, provider)


def may_read_response(person: Person | None, response: Response | None) -> bool:
    """The staff of its provider and of partners that joined, whatever the state; no other role, operators included."""
    return response is not None and any(may_speak_for(person, response.need, each) for each in members_of(response))


def may_lead_response(person: Person | None, response: Response | None) -> bool:
    """The staff of its own provider, which leads where several answer together."""
    return response is not None and may_speak_for(person, response.need, response.provider)


def may_read_receipt(person: Person | None, receipt: SubmissionReceipt | None) -> bool:
    """The lead's staff, and those of partners that had joined by then: who left before wrote it for others."""
    if receipt is None:
        return False
    response = receipt.response
    joined = [part for part in partners_of(response) if part.joined_at and part.joined_at <= receipt.submitted_at]
    readers = [response.provider, *(part.provider for part in joined)]
    return any(may_speak_for(person, response.need, each) for each in readers)


def may_change_response(person: Person | None, response: Response) -> bool:
    """Those who may respond, while it is a draft or submitted."""
    return response.state in (DRAFT, SUBMITTED) and may_respond(person, response.need, response.provider)


may_withdraw_response = may_change_response


def may_write_in(person: Person | None, response: Response) -> bool:
    """Those who may respond for any member, while it is a draft or submitted: each writes its own answers."""
    is_open = response.state in (DRAFT, SUBMITTED)
    return is_open and any(may_respond(person, response.need, each) for each in members_of(response))


def may_resume_response(person: Person | None, response: Response) -> bool:
    """Those who may respond, once it was withdrawn."""
    return response.state == WITHDRAWN and may_respond(person, response.need, response.provider)


# Tabs of a need


def may_find_interest(person: Person | None, need: Need) -> bool:
    """Who works for a provider and is not of the buying side, while interest is taken."""
    return takes_interest(need) and _works_across(person, need)


def may_find_response(person: Person | None, need: Need) -> bool:
    """Who works for a provider and is not of the buying side, while responses are taken."""
    return need.takes_responses and _works_across(person, need)


def may_come_to_respond(person: Person | None, need: Need) -> bool:
    """Whoever works for a provider and is not of the buying side: the page says what can be done."""
    return _works_across(person, need)


def _works_across(person: Person | None, need: Need) -> bool:
    return person is not None and works_for_a_provider(person) and not is_on_buying_side(person, need)
