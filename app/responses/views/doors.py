"""How a page gets its response: nobody is sent to sign in whatever the id, and a stranger finds nothing."""

from app.accounts.models import Person
from app.kernel.errors import NotFound
from app.needs.models import Need
from app.providers.models import Provider
from app.responses import queries
from app.responses.models import Interest, Response, SubmissionReceipt


def own_response(response_id: str, person: Person | None) -> Response | None:
    """The response, to its own staff."""
    return queries.get_own_response(response_id, person) if person else None


def own_interest(interest_id: str, person: Person | None) -> Interest | None:
    """The interest, to its own staff."""
    return queries.get_own_interest(interest_id, person) if person else None


def own_receipt(receipt_id: str, person: Person | None) -> SubmissionReceipt | None:
    """The receipt, to its own staff."""
    return queries.get_own_receipt(receipt_id, person) if person else None


def chosen_provider(wanted: str, need: Need, person: Person) -> tuple[Provider | None, list[Provider]]:
    """The provider for which the person speaks now, and all for which they may."""
    speakers = queries.speakers_for(person, need)
    if not wanted:
        return (speakers[0] if speakers else None), speakers
    chosen = next((provider for provider in speakers if provider.id == wanted), None)
    if chosen is None:
        raise NotFound
    return chosen, speakers
