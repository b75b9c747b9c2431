"""Short makers of interest and responses, for use inside `with transaction():`. They go through the commands.

    with transaction():
        need = make_need.open_need()
        response = make_response.submitted(need)          # by a new supplier, with evidence, complete
        make_response.draft(need, provider=its_provider, by=its_staff, price_pence=None)

`by` is a person of the provider (a new one where none is named). A response is made before the need's deadline.
"""

from datetime import timedelta
from typing import Any

from app.accounts.models import Organisation, Person
from app.kernel import clock
from app.kernel.db import session
from app.needs.models import Need
from app.providers.models import Provider, TeamMember
from app.providers.queries import evidence_of, live_profiles_of
from app.responses import commands
from app.responses.models import Interest, Response
from tests import make
from tests.providers import make as make_provider

PRICE = 180_000_00


def provider(name: str = "") -> Provider:
    """A supplier with a live profile and one piece of evidence."""
    made = make_provider.provider(make.supplier(name))
    make_provider.live_profile(made)
    make_provider.evidence(made)
    return made


def team_provider(department: Organisation, name: str = "") -> Provider:
    """An in-house team of the department, as a provider."""
    made = make_provider.provider(make.team(department, name))
    make_provider.live_profile(made)
    make_provider.evidence(made)
    return made


def staff(of: Provider, name: str = "") -> Person:
    """Somebody who works for the provider."""
    return make.staff(of.organisation, name)


def interest(need: Need, *, of: Provider | None = None, by: Person | None = None, people: int = 4) -> Interest:
    """Interest in a need below open."""
    of = of or provider()
    speaker = by or staff(of)
    free = clock.today() + timedelta(days=30)
    return commands.register_interest(
        need, of, people=people, from_on=free, note="Two of us know the field.", by=speaker
    )


def started(need: Need, *, of: Provider | None = None, by: Person | None = None) -> Response:
    """A response with nothing in it yet."""
    of = of or provider()
    return commands.start_response(need, of, by=by or staff(of))


def draft(
    need: Need, *, of: Provider | None = None, by: Person | None = None, words: str = "We do this.", **offer: Any
) -> Response:
    """A draft that could be submitted; `offer` names what the offer says instead."""
    of = of or provider()
    speaker = by or staff(of)
    response = commands.start_response(need, of, by=speaker)
    write(response, words=words, by=speaker, **offer)
    return response


def write(response: Response, *, by: Person, words: str = "We do this.", **offer: Any) -> None:
    """Write a whole response."""
    write_offer(response, by=by, words=words, **offer)
    evidence = evidence_of(response.provider, by)[:1]
    for number, requirement in enumerate(response.need.requirements, start=1):
        commands.answer_requirement(response, requirement, text=f"{words} Answer {number}.", evidence=evidence, by=by)


def write_offer(response: Response, *, by: Person, words: str = "We do this.", **offer: Any) -> None:
    """Write the offer as a whole."""
    content = {
        "profile": next(iter(live_profiles_of(response.provider)), None),
        "summary": f"{words} In short.",
        "price_pence": PRICE,
        "available_from": clock.today() + timedelta(days=60),
        "knowledge_transfer": f"{words} Your team learns it with us.",
    }
    commands.describe_offer(response, **{**content, **offer}, by=by)


def submitted(
    need: Need, *, of: Provider | None = None, by: Person | None = None, words: str = "We do this.", **offer: Any
) -> Response:
    """A submitted response."""
    of = of or provider()
    speaker = by or staff(of)
    response = draft(need, of=of, by=speaker, words=words, **offer)
    commands.submit_response(response, by=speaker)
    session().flush()
    return response


def withdrawn(need: Need, *, of: Provider | None = None, by: Person | None = None) -> Response:
    """A response that was submitted and taken back."""
    of = of or provider()
    speaker = by or staff(of)
    response = submitted(need, of=of, by=speaker)
    commands.withdraw_response(response, by=speaker)
    return response


def submitted_many(need: Need, count: int) -> list[Response]:
    """Several submitted responses of as many new suppliers."""
    return [submitted(need) for _ in range(count)]


def team_member(of: Provider, name: str = "Ann Keeper", job: str = "Engineer") -> TeamMember:
    """One of the provider's people."""
    made = TeamMember(provider=of, name=name, job=job, added_at=clock.now())
    session().add(made)
    session().flush()
    return made
