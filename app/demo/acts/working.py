"""Partnerships begin, run and end, and each side records how they went."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from app.demo.library import Ending
from app.demo.world import World
from app.outcomes.commands import Reached, agree_partnership, record_outcome, start_partnership
from app.reviews.queries import awards_of, get_review

SPOKEN_BY: Mapping[str, tuple[str, ...]] = {
    "running": (),
    "due": (),
    "buyer-due": ("provider",),
    "provider-due": ("buyer",),
}
BOTH = ("buyer", "provider")
RESULT_OF = {"buyer-due": "delivered", "provider-due": "delivered"}


def work(world: World) -> None:
    """Put every partnership into the script."""
    for need, ending in world.library.endings.items():
        line = world.lines[need]
        if line.told and line.started and line.ends and ending.winners:
            world.script.add(line.told + timedelta(minutes=1), partial(_agree, world, need))
            world.script.add(line.started, partial(_start, world, need, line.started, line.ends))
            if line.recorded:
                _add_records(world, need, ending, line.recorded)


def _agree(world: World, need: str) -> None:
    """What the waiting job does for each award."""
    keys = {provider.id: key for key, provider in world.providers.items()}
    for award in awards_of(get_review(world.needs[need])):
        world.partnerships[need, keys[award.response.provider_id]] = agree_partnership(award, by=None)


def _start(world: World, need: str, starts: datetime, ends: datetime) -> None:
    for provider in world.library.endings[need].winners:
        partnership = world.partnerships[need, provider]
        start_partnership(partnership, starts.date(), ends.date(), by=world.author(need))


def _add_records(world: World, need: str, ending: Ending, moment: datetime) -> None:
    for place, side in enumerate(SPOKEN_BY.get(ending.fate, BOTH)):
        for provider in ending.winners:
            at = min(moment + timedelta(hours=5 * place), world.calendar.now)
            world.script.add(at, partial(_record, world, ending, provider, side))


def _record(world: World, ending: Ending, provider: str, side: str) -> None:
    partnership = world.partnerships[ending.need, provider]
    said = ending.fate if side == "buyer" else ending.provider_says
    helped, hindered = ending.buyer if side == "buyer" else ending.provider
    measures = partnership.need.measures
    results: list[Reached] = [
        {"measure_id": measure.id, "value": value, "reached": reached}
        for measure, (value, reached) in zip(measures, ending.reached, strict=True)
    ]
    by = world.author(ending.need) if side == "buyer" else world.speaker(provider, ending.need)
    record_outcome(partnership, RESULT_OF.get(said, said), helped, hindered, results, by=by)
