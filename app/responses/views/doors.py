"""How a page gets its response: nobody is sent to sign in whatever the id, and a stranger finds nothing."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.kernel.errors import NotFound
from app.kernel.web import actor
from app.matching.parties import organisations_inside
from app.needs.audience import shown
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
    """The provider for which the person speaks now, one inside the audience where none is named, and all they may."""
    speakers = queries.speakers_for(person, need)
    if not wanted:
        first = providers_inside(need, speakers) or speakers
        return (first[0] if first else None), speakers
    chosen = next((provider for provider in speakers if provider.id == wanted), None)
    if chosen is None:
        raise NotFound
    return chosen, speakers


def providers_inside(need: Need, providers: list[Provider]) -> list[Provider]:
    """Those who may take part in the need."""
    inside = organisations_inside(need, [each.organisation_id for each in providers])
    return [each for each in providers if each.organisation_id in inside]


def outside(need: Need, interest: Interest | None = None) -> ResponseReturnValue:
    """The page that says who can take part in the need, and why not everybody can."""
    page = {"need": need, "audience": shown(need, actor()), "interest": interest}
    return render_template("responses/outside.html", **page), 403 if request.method == "POST" else 200
