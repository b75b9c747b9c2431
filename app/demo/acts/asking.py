"""Departments write, publish, move, join, amend, close and withdraw their needs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.accounts.models import BUYER
from app.demo.acts.looking import look_first
from app.demo.calendar import draw
from app.demo.library import Story
from app.demo.timelines import RUNGS, Timeline
from app.demo.world import World
from app.kernel import clock
from app.needs.approvals.commands import ask_approval, give_approval
from app.needs.commands import (
    add_owner,
    amend_need,
    close_need,
    move_rung,
    post_need,
    publish_need,
    review_signal,
    save_section,
    withdraw_need,
)
from app.needs.joint.commands import accept_partner, ask_to_join
from app.needs.ladder import is_climb
from app.needs.models import ANSWERS, PUBLISHES

WEEKS_OF_A_MONTH = 4.345
EARLY = ("basics", "problem", "background", "outcomes", "money")
LOOKED_AT_AGAIN, JOINED, FORTNIGHT = timedelta(days=60), timedelta(days=5), timedelta(days=14)
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
    last, rung = line.steps[-1]
    again = last + LOOKED_AT_AGAIN
    if rung != "open" and not line.withdrawn and again < world.calendar.now:
        world.script.add(again, partial(_look_again, world, story, line))
    for partner in story.jointly if _can_join(line) else ():
        moment = line.steps[0][0] + timedelta(days=3)
        world.script.add(min(moment, world.calendar.now), partial(_join, world, story, partner))
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
        "rung": _signal(world, story, line, line.steps[0][1] if line.steps else story.rung),
    }
    if story.state == "draft":
        return dict(list(known.items())[: draw("draft", story.key).randint(3, 9)])
    reached = max(RUNGS.index(rung) for _, rung in line.steps)
    return {key: known[key] for key in (*EARLY, "rung")} if reached < RUNGS.index("shaping") else known


def _done(world: World, story: Story) -> str:
    partners = " and ".join(f"the {world.library.departments[key].name}" for key in story.jointly)
    is_told = partners and not _can_join(world.lines[story.key])
    return f"{story.done} We hold this need together with {partners}." if is_told else story.done


def _can_join(line: Timeline) -> bool:
    """Whether the need stood below open long enough for other departments to join it."""
    first = line.steps[0] if line.steps else None
    return first is not None and first[1] != "open" and (line.open_from or first[0] + FORTNIGHT) > first[0] + JOINED


def _signal(world: World, story: Story, line: Timeline, rung: str) -> dict[str, Any]:
    """How sure they are by now, when they expect to open, and when they look at it again."""
    source, today = draw("signal", story.key, rung), clock.today()
    height = RUNGS.index(rung)
    sure = ("low", "low", "medium", "high", "high")[height]
    meant = (line.open_from or clock.now() + timedelta(days=200)).date() - timedelta(days=source.randint(-20, 45))
    return {
        "confidence_need": sure,
        "confidence_money": "high" if story.approved and height > 2 else source.choice(("low", "medium")),
        "expected_open_on": max(meant, today + timedelta(days=10)) if rung != "open" else None,
        "review_on": today + timedelta(days=source.randint(70, 150)) if rung != "open" else None,
    }


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
    weeks = round(story.months * WEEKS_OF_A_MONTH)
    wanted = (line.last_deadline or line.posted + timedelta(days=180)).date() + timedelta(days=60, weeks=weeks)
    until = line.questions_until if deadline else None
    told = {"wanted_by": wanted, "length_weeks": weeks, "deadline_at": deadline, "questions_until": until}
    return {**told, "time_zone": "Europe/London"}


def _route(story: Story) -> str:
    source = draw("route", story.key)
    if story.high <= THRESHOLD_PENCE:
        return source.choice(("below_threshold", "below_threshold", "dynamic_market", "further_competition"))
    return source.choice(("further_competition", "further_competition", "dynamic_market", "competitive_flexible"))


def _publish(world: World, story: Story, line: Timeline) -> None:
    need, author = world.needs[story.key], world.author(story.key)
    look_first(world, story, need.rung)
    if is_climb(need, need.rung):
        give_approval(ask_approval(need, need.rung, by=author), by=world.officer(story.key))
    else:
        publish_need(need, by=author)


def _move(world: World, story: Story, line: Timeline, before: str, rung: str) -> None:
    words, source = world.words("needs"), draw("reason", story.key, before, rung)
    is_fall = RUNGS.index(rung) < RUNGS.index(before)
    reason = source.choice(words["falls"] if is_fall else words["climbs"][rung])
    moments = {"deadline_at": line.deadline, "questions_until": line.questions_until} if rung == "open" else {}
    need, author, signal = world.needs[story.key], world.author(story.key), _signal(world, story, line, rung)
    look_first(world, story, rung)
    step = {"reason": reason, **moments, "signal": signal}
    if is_climb(need, rung):
        give_approval(ask_approval(need, rung, **step, by=author), by=world.officer(story.key))
    else:
        move_rung(need, rung, **step, by=author)


def _look_again(world: World, story: Story, line: Timeline) -> None:
    need, reasons = world.needs[story.key], world.words("needs")["stands"]
    reason = draw("stands", story.key).choice(reasons)
    review_signal(need, _signal(world, story, line, need.rung), reason=reason, by=world.author(story.key))


def _join(world: World, story: Story, partner: str) -> None:
    need, source = world.needs[story.key], draw("join", story.key, partner)
    reason = source.choice(world.words("needs")["joins"])
    share = source.choice((5, 10, 15)) * story.high // 100
    asker = world.people[partner, BUYER][0]
    low, high = share // 2, share
    asked = ask_to_join(
        need, world.bodies[partner], reason=reason, low_pence=low, high_pence=high, approved=story.approved, by=asker
    )
    accept_partner(asked, by=world.author(story.key))


def _extend(world: World, story: Story, line: Timeline) -> None:
    reason = draw("extend", story.key).choice(world.words("needs")["amendments"])
    content = _timing(story, line, line.extended_to)
    amend_need(world.needs[story.key], "timing", content, reason=reason, by=world.author(story.key))


def _withdraw(world: World, story: Story) -> None:
    withdraw_need(world.needs[story.key], reason=story.withdrawn, by=world.author(story.key))


def _close(world: World, key: str) -> None:
    if not close_need(world.needs[key]):
        raise AssertionError(f"{key} did not close at {clock.now()}")
