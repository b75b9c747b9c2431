"""Departments look at reuse, neighbours and in-house teams before their needs are firm.

The index follows only when the world was played, so what is shown is found by the capabilities that are shared; how it
is told is the rooms' own.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.capabilities.models import Capability
from app.demo.calendar import draw
from app.demo.library import Story
from app.demo.world import World
from app.matching.case import Case
from app.matching.eligibility import constraints_of
from app.matching.engine import that_counts
from app.matching.reasons import MISSING, Spoken
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, REUSE
from app.needs.firsts.commands import answer_first
from app.needs.firsts.queries import unanswered_firsts
from app.needs.firsts.shown import Shown
from app.needs.models import CONCLUDED, LIVE, Need
from app.outcomes.firsts.wording import shown_neighbour, shown_team, shown_work
from app.providers.models import LIVE as OFFERED
from app.providers.queries import countersigned_evidence

MOST, FEWEST_SHARED = 5, 2
# how a department answers when something was found, and how often, of ten
HABITS = {
    REUSE: {"adapt": 4, "none": 6},
    NEIGHBOURS: {"follow": 5, "different": 5},
    IN_HOUSE: {"partly": 4, "cannot": 6},
}
OTHERWISE = {REUSE: "none", NEIGHBOURS: "different", IN_HOUSE: "cannot"}
CHOOSES = ("adapt", "follow", "partly")


def look_first(world: World, story: Story, rung: str) -> None:
    """Answer what a need has not answered yet and must have for this rung."""
    need = world.needs[story.key]
    for question in unanswered_firsts(need, rung):
        shown = _found(world, need, question)
        answer_first(need, question, **_said(world, story, question, shown), seen=shown, by=world.author(story.key))


def _said(world: World, story: Story, question: str, shown: Sequence[Shown]) -> dict[str, str]:
    words, source = world.words("firsts")[question], draw("first", story.key, question)
    if question == NEIGHBOURS and story.jointly:
        partners = " and ".join(world.library.departments[key].name for key in story.jointly)
        return {"answer": "lead", "reason": source.choice(words["lead"]).format(whose=partners)}
    if not shown:
        return {"answer": OTHERWISE[question], "reason": source.choice(words["nothing"])}
    habits = HABITS[question]
    answer = source.choices(list(habits), list(habits.values()))[0]
    whose = shown[0].title if question == IN_HOUSE else shown[0].whose.split(" with ")[0]
    chosen = shown[0].name if answer in CHOOSES else ""
    return {"answer": answer, "reason": source.choice(words[answer]).format(whose=whose), "chosen": chosen}


def _found(world: World, need: Need, question: str) -> list[Shown]:
    found = {REUSE: _finished, NEIGHBOURS: _neighbours, IN_HOUSE: _teams}[question](world, need)
    return [shown for _, shown in sorted(found, key=lambda pair: (-pair[0], pair[1].title, pair[1].id))[:MOST]]


def _finished(world: World, need: Need) -> Iterator[tuple[int, Shown]]:
    for each in world.partnerships.values():
        shared = _shared(need, each.need.all_capabilities)
        if len(shared) >= FEWEST_SHARED and each.is_settled and each.need.state == CONCLUDED:
            yield len(shared), shown_work(each, shared)


def _neighbours(world: World, need: Need) -> Iterator[tuple[int, Shown]]:
    for each in world.needs.values():
        shared = _shared(need, each.all_capabilities)
        is_theirs = each.department is not need.department and each.state == LIVE and not each.is_past_deadline
        if is_theirs and len(shared) >= FEWEST_SHARED:
            yield len(shared), shown_neighbour(each, shared)


def _teams(world: World, need: Need) -> Iterator[tuple[int, Shown]]:
    best: dict[str, tuple[int, Shown]] = {}
    for (key, _), profile in world.profiles.items():
        if key in world.library.teams and profile.state == OFFERED:
            covers, shown = _team(need, profile)
            if covers > best.get(key, (0, shown))[0]:
                best[key] = covers, shown
    yield from best.values()


def _team(need: Need, profile: Any) -> tuple[int, Shown]:
    spoken_for = countersigned_evidence([profile.provider_id]).get(profile.provider_id, [])
    reasons = Case(need).reasons(Spoken(profile, that_counts(profile, spoken_for)))
    covers = sum(reason.coverage_milli for reason in reasons if reason.standing != MISSING)
    words = _shared(need, profile.capabilities)
    parent = profile.provider.organisation.parent
    return covers, shown_team(profile.provider, parent, reasons, constraints_of(need, profile, None), words)


def _shared(need: Need, capabilities: Iterable[Capability]) -> list[str]:
    """The names of the capabilities that the need asks for too."""
    asked = {each.id for each in need.all_capabilities}
    return sorted(each.name for each in capabilities if each.id in asked)
