"""Departments write, publish, move, amend, close and withdraw their needs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo.calendar import draw
from app.demo.library import Story
from app.demo.timelines import RUNGS, Timeline
from app.demo.world import World
from app.kernel import clock
from app.needs.commands import (
    add_owner,
    amend_need,
    close_need,
    move_rung,
    post_need,
    publish_need,
    save_section,
    withdraw_need,
)
from app.needs.models import ANSWERS, PUBLISHES

WEEKS_OF_A_MONTH = 4.345
EARLY = ("basics", "problem", "background", "outcomes", "money")
THRESHOLD_PENCE = 140_000_00


def ask(world: World) -> None:
    """Put the life of every need into the script."""
    for key, line in world.lines.items():
        story = world.library.stories[key]
        world.script.add(line.posted, partial(_post, world, story, line))
        if line.published:
            world.script.add(line.published, partial(_publish, world, story, line))
            _add_steps(world, story, line)
        if line.withdrawn:
            world.script.add(line.withdrawn, partial(_withdraw, world, story))
        elif line.last_deadline and line.last_deadline <= world.calendar.now:
            world.script.add(line.last_deadline, partial(_close, world, key))


def _add_steps(world: World, story: Story, line: Timeline) -> None:
    for (_, before), (moment, rung) in zip(line.steps, line.steps[1:], strict=False):
        world.script.add(moment, partial(_move, world, story, line, before, rung))
    if line.extended_to and line.deadline and line.open_from:
        until = min(line.deadline, world.calendar.now)
        world.script.add(line.open_from + (until - line.open_from) * 0.6, partial(_extend, world, story, line))


def _post(world: World, story: Story, line: Timeline) -> None:
    author = world.author(story.key)
    rung = line.steps[0][1] if line.steps else story.rung
    need = post_need(world.bodies[story.by], title=story.title, summary=story.summary, rung=rung, by=author)
    world.needs[story.key] = need
    add_owner(need, world.colleague(story.key), PUBLISHES, by=author)
    add_owner(need, world.officer(story.key), ANSWERS, by=author)
    for section, content in _sections(world, story, line).items():
        save_section(need, section, content, by=author)


def _sections(world: World, story: Story, line: Timeline) -> dict[str, dict[str, Any]]:
    """What is known of the need by now: early rungs know little, and a draft stops somewhere."""
    known: dict[str, dict[str, Any]] = {
        "basics": {"title": story.title, "summary": story.summary, "capabilities": list(story.capabilities[:4])},
        "problem": {"problem": story.problem, "users": story.users},
        "background": {"done_already": _done(world, story), "supplied_today": _supplied(world, story)},
        "outcomes": {"measures": [_measure(each, line) for each in story.measures]},
        "money": _money(story),
        "requirements": {"price_weight": story.price, "requirements": [dict(vars(each)) for each in story.asks]},
        "constraints": _constraints(world, story),
        "timing": _timing(story, line, line.deadline if line.steps and line.steps[0][1] == "open" else None),
        "route": {"route": _route(story)},
    }
    if story.state == "draft":
        return dict(list(known.items())[: draw("draft", story.key).randint(3, 9)])
    reached = max(RUNGS.index(rung) for _, rung in line.steps)
    return {key: known[key] for key in EARLY} if reached < RUNGS.index("shaping") else known


def _done(world: World, story: Story) -> str:
    partners = " and ".join(f"the {world.library.departments[key].name}" for key in story.jointly)
    return f"{story.done} We hold this need together with {partners}." if partners else story.done


def _supplied(world: World, story: Story) -> str:
    told: str = draw("supplied", story.key).choice(world.words("needs")["supplied_today"])
    return told


def _measure(measure: Any, line: Timeline) -> dict[str, Any]:
    written: Mapping[str, Any] = vars(measure)
    start = (line.open_from or line.published or line.posted).date()
    kept = {name: value for name, value in written.items() if name != "months"}
    return {**kept, "due_on": start + timedelta(weeks=round(written["months"] * WEEKS_OF_A_MONTH) + 12)}


def _money(story: Story) -> dict[str, Any]:
    return {
        "low_pence": story.low,
        "high_pence": story.high,
        "approved": story.approved,
        "payment": story.payment,
    }


def _constraints(world: World, story: Story) -> dict[str, Any]:
    return {
        "clearance": story.clearance,
        "remote": story.remote,
        "places": sorted({world.region(town) for town in story.towns}),
        "standards": list(story.standards),
    }


def _timing(story: Story, line: Timeline, deadline: datetime | None) -> dict[str, Any]:
    wanted = (line.last_deadline or line.posted + timedelta(days=180)).date() + timedelta(days=75)
    weeks = round(story.months * WEEKS_OF_A_MONTH)
    until = line.questions_until if deadline else None
    told = {"wanted_by": wanted, "length_weeks": weeks, "deadline_at": deadline, "questions_until": until}
    return {**told, "time_zone": "Europe/London"}


def _route(story: Story) -> str:
    source = draw("route", story.key)
    if story.high <= THRESHOLD_PENCE:
        return source.choice(("below_threshold", "below_threshold", "dynamic_market", "further_competition"))
    return source.choice(("further_competition", "further_competition", "dynamic_market", "competitive_flexible"))


def _publish(world: World, story: Story, line: Timeline) -> None:
    publish_need(world.needs[story.key], by=world.author(story.key))


def _move(world: World, story: Story, line: Timeline, before: str, rung: str) -> None:
    words, source = world.words("needs"), draw("reason", story.key, before, rung)
    is_fall = RUNGS.index(rung) < RUNGS.index(before)
    reason = source.choice(words["falls"] if is_fall else words["climbs"][rung])
    moments = {"deadline_at": line.deadline, "questions_until": line.questions_until} if rung == "open" else {}
    move_rung(world.needs[story.key], rung, reason=reason, by=world.author(story.key), **moments)


def _extend(world: World, story: Story, line: Timeline) -> None:
    reason = draw("extend", story.key).choice(world.words("needs")["amendments"])
    content = _timing(story, line, line.extended_to)
    amend_need(world.needs[story.key], "timing", content, reason=reason, by=world.author(story.key))


def _withdraw(world: World, story: Story) -> None:
    withdraw_need(world.needs[story.key], reason=story.withdrawn, by=world.author(story.key))


def _close(world: World, key: str) -> None:
    if not close_need(world.needs[key]):
        raise AssertionError(f"{key} did not close at {clock.now()}")
