"""How a page gets its response: nobody is sent to sign in whatever the id, and a stranger finds nothing."""

from app.accounts.models import Person
from app.responses.models import Response
from app.responses.queries import get_own_response
from app.reviews import queries


def received(response_id: str, person: Person | None) -> Response | None:
    """An opened response, to those who may read it."""
    return queries.get_received_response(response_id, person) if person else None


def own(response_id: str, person: Person | None) -> Response | None:
    """A response, to its provider's own staff."""
    return get_own_response(response_id, person) if person else None
