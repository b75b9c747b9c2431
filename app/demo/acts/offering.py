"""Providers describe themselves and publish what they offer, with evidence."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from app.accounts.models import LEAD
from app.demo.calendar import DESCRIBED, draw
from app.demo.library import Offer
from app.demo.replies import Roster
from app.demo.world import World
from app.kernel import clock
from app.providers.commands import (
    change_profile,
    describe_provider,
    draft_profile,
    ensure_provider,
    publish_profile,
    retire_profile,
    state_evidence,
)

EVERYWHERE = 50
NEIGHBOURS = {
    "north_east": ["yorkshire", "scotland"],
    "north_west": ["yorkshire", "wales"],
    "yorkshire": ["north_east", "east_midlands"],
    "east_midlands": ["west_midlands", "east"],
    "west_midlands": ["east_midlands", "wales"],
    "east": ["london", "east_midlands"],
    "london": ["south_east", "east"],
    "south_east": ["london", "south_west"],
    "south_west": ["wales", "south_east"],
    "wales": ["west_midlands", "south_west"],
    "scotland": ["north_east", "northern_ireland"],
    "northern_ireland": ["scotland", "north_west"],
}


def offer(world: World) -> None:
    """Put every provider's page and every solution profile into the script."""
    roster = Roster.drawn(world.library)
    for key in world.library.providers:
        world.script.add(world.calendar.at(roster.joined[key], *DESCRIBED), partial(_describe, world, key))
    for each in world.library.offers:
        name = (each.provider, each.title)
        day = roster.live_from.get(name)
        moment = world.calendar.past(-14 if day is None else day, draw("publishing", *name))
        world.script.add(moment, partial(_draft, world, each, is_published=day is not None))
        if name in world.retired:
            world.script.add(world.calendar.past(-90, draw("retire", *name)), partial(_retire, world, *name))


def _describe(world: World, key: str) -> None:
    lead = world.people[key, LEAD][0]
    provider = world.providers[key] = ensure_provider(world.bodies[key], by=lead)
    body = world.library.providers[key]
    describe_provider(provider, about=body.about, people=body.people, places=_places(world, key), by=lead)


def _places(world: World, key: str) -> list[str]:
    """Large firms work everywhere, small ones near home."""
    body = world.library.providers[key]
    if body.people >= EVERYWHERE:
        return list(NEIGHBOURS)
    home = world.region(body.place)
    return [home, *NEIGHBOURS[home][: draw("places", key).randint(0, 2)]]


def _draft(world: World, offered: Offer, *, is_published: bool) -> None:
    provider, by = world.providers[offered.provider], world.speaker(offered.provider, offered.title)
    profile = draft_profile(provider, title=offered.title, by=by)
    world.profiles[offered.provider, offered.title] = profile
    change_profile(profile, by=by, **_content(world, offered))
    if is_published:
        publish_profile(profile, by=by)


def _content(world: World, offered: Offer) -> dict[str, Any]:
    source = draw("limits", offered.provider)
    clearance = source.choices(("none", "bpss", "sc"), (2, 5, 5))[0]
    return {
        "problem": offered.problem,
        "approach": " ".join(offered.how),
        "users": f"{offered.users}.",
        "technologies": list(offered.technologies),
        "low_pence": offered.low,
        "high_pence": offered.high,
        "price_unit": offered.unit,
        "clearance": world.library.cast["clearances"].get(offered.provider, clearance),
        "remote": source.random() < 0.92,
        "places": _places(world, offered.provider),
        "standards": list(offered.standards),
        "capabilities": list(offered.capabilities),
        "evidence": _evidence(world, offered),
    }


def _evidence(world: World, offered: Offer) -> list[Any]:
    """The offer's own proof, and sometimes an older one of the same provider."""
    source, proof = draw("proof", offered.provider, offered.title), offered.proof
    own = state_evidence(
        world.providers[offered.provider],
        by=world.speaker(offered.provider, offered.title),
        title=proof.title,
        client=proof.client,
        text=f"{proof.text}.",
        result=f"{proof.result}.",
        finished_on=_finished_on(source.randint(40, 1500)),
        capabilities=list(offered.capabilities[:3]),
    )
    held = world.evidence.setdefault(offered.provider, [])
    also = [source.choice(held)] if held and source.random() < 0.35 else []
    held.append(own)
    return [own, *also]


def _finished_on(days_ago: int) -> date:
    return clock.today() - timedelta(days=days_ago)


def _retire(world: World, provider: str, title: str) -> None:
    retire_profile(world.profiles[provider, title], by=world.people[provider, LEAD][0])
