"""Some providers say more of themselves: their people, what they were examined against, and what they look for."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from app.accounts.models import LEAD, STAFF, Person
from app.demo.calendar import draw
from app.demo.replies import Roster
from app.demo.world import World
from app.providers.accreditations.commands import add_accreditation
from app.providers.people.commands import add_team_member
from app.providers.people.queries import team_of
from app.providers.registrations.commands import state_registrations
from app.providers.wishes.commands import tell_wish

EVERY, SINCE = 8, -80
# of the first of each provider some end soon and some have ended, so that a reader sees all three
ENDS_IN = (9, -5, 400, 24, 210, 600, 12, -30)


def introduce(world: World) -> None:
    """Put what some suppliers and all in-house teams say of themselves into the script."""
    joined = Roster.drawn(world.library).joined
    for place, key in enumerate(_talkative(world)):
        moment = world.calendar.at(max(joined[key] + 2, SINCE), 14)
        world.script.add(min(moment, world.calendar.now), partial(_introduce, world, key, place))


def _talkative(world: World) -> Iterator[str]:
    named = {each["provider"] for each in world.library.cast["retired"]} | {"saltmarsh", "brackenfold"}
    suppliers = list(world.library.suppliers)
    yield from sorted(named & set(suppliers), key=lambda key: (key != "saltmarsh", key))
    yield from (key for key in suppliers[::EVERY] if key not in named)
    yield from world.library.teams


def _introduce(world: World, key: str, place: int) -> None:
    by, provider = world.people[key, LEAD][0], world.providers[key]
    known = {member.name for member in team_of(provider)}
    for name, capabilities in ((name, can) for name, can in _team(world, key) if name not in known):
        job = draw("job", key, name).choice(world.words("portraits")["jobs"])
        add_team_member(provider, name=name, job=job, capabilities=capabilities, by=by)
    _certify(world, key, place, by)
    if key in world.library.suppliers:
        tax = {"scheme": "VAT", "identifier": f"GB0000{draw('tax', key).randint(10_000, 99_999)}"}
        state_registrations(provider, registrations=[tax], by=by)
    _wish(world, key, by)


def _team(world: World, key: str) -> Iterator[tuple[str, list[str]]]:
    """Those who have an account there, and as many more as a small firm would name."""
    source, names = draw("team", key), world.words("names")
    there = [person.name for role in (LEAD, STAFF) for person in world.people.get((key, role), [])]
    size = min(world.library.providers[key].people, source.randint(3, 7))
    more = [f"{source.choice(names['given'])} {source.choice(names['family'])}" for _ in range(size - len(there))]
    offered = sorted({each for offer in world.library.offers if offer.provider == key for each in offer.capabilities})
    for name in dict.fromkeys([*there, *more]):
        yield name, source.sample(offered, min(len(offered), source.randint(2, 4)))


def _certify(world: World, key: str, place: int, by: Person) -> None:
    words, source = world.words("portraits"), draw("certificates", key)
    claimed = sorted({each for offer in world.library.offers if offer.provider == key for each in offer.standards})
    held: list[dict[str, Any]] = [
        {"standard": each, "scheme": "", "issuer": words["issuers"][each]} for each in claimed[:2]
    ]
    if place % 2 == 0:
        held.append({"standard": "", "scheme": source.choice(words["schemes"]), "issuer": "Its own office"})
    for number, each in enumerate(held):
        days = ENDS_IN[(place + number) % len(ENDS_IN)]
        until = world.calendar.today + timedelta(days=days)
        dates: dict[str, Any] = {"valid_from": until - timedelta(days=730), "valid_until": until}
        serial = f"{key[:2].upper()} {source.randint(10_000, 99_999)}"
        add_accreditation(world.providers[key], by=by, number=serial, link="", **each, **dates)


def _wish(world: World, key: str, by: Person) -> None:
    words, source = world.words("portraits"), draw("wish", key)
    offered = sorted({each for offer in world.library.offers if offer.provider == key for each in offer.capabilities})
    others = sorted({each for offer in world.library.offers for each in offer.capabilities} - set(offered))
    wants = source.random() < 0.75
    tell_wish(
        world.providers[key],
        wants_partners=wants,
        partner_capabilities=source.sample(others, min(len(others), 2)) if wants else [],
        need_capabilities=offered[:3],
        rungs=source.choice(words["rungs"]),
        low_pence=source.choice((None, 10_000_00, 25_000_00)),
        high_pence=source.choice((None, 250_000_00, 900_000_00)),
        words=source.choice(words["wishes"]),
        by=by,
    )
