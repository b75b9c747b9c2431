"""Providers ask about live open needs; officers take the questions on, and some are answered already."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo.calendar import draw
from app.demo.timelines import Timeline
from app.demo.world import World
from app.kernel.display import plural
from app.needs.models import Need
from app.needs.questions.commands import ask_question, publish_answer, save_draft, take_on_question
from app.needs.questions.models import ANSWER, DECLINE, Question

ASKED_IN, ANSWERED_AFTER, TAKEN_ON_AFTER = 0.8, timedelta(days=2, hours=3), timedelta(hours=4)
DECLINED, DRAFTED = 0.3, 0.5
Asker = tuple[str, str]


def inquire(world: World) -> None:
    """Put questions about every live open need, and their answers as far as they have come, into the script."""
    for key, line in world.lines.items():
        if world.library.stories[key].state == "live" and line.open_from and line.last_deadline:
            _about(world, key, line)


def _about(world: World, key: str, line: Timeline) -> None:
    source, words = draw("questions", key), world.words("questions")
    firms = source.sample(sorted(world.library.suppliers), min(6, len(world.library.suppliers)))
    moments = list(_moments(world, line, source))
    if len(moments) < 4 or len(firms) < 4:
        return
    twice, single = source.choice(words["twice"]), source.choice(words["single"])
    _put(world, key, moments[0], twice, list(zip(firms, twice["typed"], strict=False)))
    _put(world, key, moments[1], single, [(firms[2], single["typed"])])
    if source.random() < DECLINED:
        declined = source.choice(words["declined"])
        _put(world, key, moments[2], {**declined, "kind": DECLINE}, [(firms[3], declined["typed"])])
    _leave_waiting(world, key, moments[3], (firms[-1], source.choice(words["waiting"])), source)


def _moments(world: World, line: Timeline, source: random.Random) -> Iterator[datetime]:
    """Four moments in order while questions are taken: the last is lately, so that its answer still waits."""
    start, deadline = line.call
    end = min(line.questions_until or deadline, world.calendar.now - timedelta(minutes=30))
    if end - start < timedelta(hours=8):
        return
    shares = sorted(source.uniform(0.05, ASKED_IN) for _ in range(3))
    yield from (start + (end - start) * share for share in shares)
    yield max(start, end - timedelta(hours=source.randint(1, 6)))


def _put(world: World, key: str, moment: datetime, told: dict[str, Any], askers: list[Asker]) -> None:
    """A question as one provider or several ask it, and two days later one answer for all of them."""
    asked: list[Question] = []
    for place, asker in enumerate(askers):
        world.script.add(moment + timedelta(minutes=17 * place), partial(_ask, world, key, asker, asked))
    if moment + TAKEN_ON_AFTER + timedelta(minutes=17) < world.calendar.now:
        world.script.add(moment + TAKEN_ON_AFTER, partial(_take_on, world, key, asked))
    if moment + ANSWERED_AFTER < world.calendar.now and moment + ANSWERED_AFTER < world.lines[key].call[1]:
        world.script.add(moment + ANSWERED_AFTER, partial(_answer, world, key, asked, told))


def _leave_waiting(world: World, key: str, moment: datetime, asker: Asker, source: random.Random) -> None:
    asked: list[Question] = []
    world.script.add(moment, partial(_ask, world, key, asker, asked))
    if source.random() < DRAFTED:
        world.script.add(moment + timedelta(minutes=20), partial(_begin_answer, world, key, asked))


def _ask(world: World, key: str, asker: Asker, asked: list[Question]) -> None:
    firm, text = asker
    by = world.speaker(firm, f"question about {key}")
    asked.append(ask_question(_need(world, key), world.bodies[firm], text=text, by=by))


def _take_on(world: World, key: str, asked: list[Question]) -> None:
    for question in asked:
        take_on_question(question, by=world.officer(key))


def _answer(world: World, key: str, asked: list[Question], told: dict[str, Any]) -> None:
    first, *others = asked
    content = {"kind": told.get("kind", ANSWER), "wording": told["wording"], "text": told["answer"]}
    content |= {"earlier": None, "together": [each.id for each in others]}
    publish_answer(first, content, by=world.officer(key))


def _begin_answer(world: World, key: str, asked: list[Question]) -> None:
    requirements = plural(len(_need(world, key).requirements), "requirement")
    text = f"We are looking at this again, with all {requirements} beside it."
    content: dict[str, Any] = {"kind": ANSWER, "wording": asked[0].text, "text": text, "earlier": None, "together": []}
    save_draft(asked[0], content, by=world.author(key))


def _need(world: World, key: str) -> Need:
    return world.needs[key]
