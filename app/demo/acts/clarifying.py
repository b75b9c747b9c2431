"""Officers ask some respondents what they meant, after the opening; some answer, one lets it lapse, one still may."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo.calendar import draw
from app.demo.replies import Reply
from app.demo.timelines import Timeline
from app.demo.world import World
from app.kernel import clock
from app.responses.queries import submissions_of
from app.reviews.clarifications.commands import answer_clarification, ask_clarification
from app.reviews.clarifications.models import Clarification

EVERY, ANSWERED_AFTER, UNTIL, STILL = 3, timedelta(days=1, hours=5), timedelta(days=3), timedelta(days=5)
FIRST = "saltmarsh"


def clarify(world: World) -> None:
    """Put clarifications into the script: of every third opened need, and of all that are being read now."""
    opened = sorted(key for key, line in world.lines.items() if line.opened and _received(world, key))
    for place, key in enumerate(opened):
        line = world.lines[key]
        if line.decided is None:
            _still_open(world, key, line)
        elif place % EVERY == 0:
            _in_the_past(world, key, line)


def _received(world: World, key: str) -> list[Reply]:
    """Those who answered, the provider of the demo's own supplier first."""
    found = [reply for reply in world.replies if reply.need == key and reply.submitted and not reply.withdrawn]
    return sorted(found, key=lambda reply: (reply.provider != FIRST, reply.provider))


def _in_the_past(world: World, key: str, line: Timeline) -> None:
    asked = _moment(line) + timedelta(hours=6)
    if line.decided is None or asked + UNTIL >= line.decided:
        return
    for number, reply in enumerate(_received(world, key)[:2]):
        words = draw("clarified", key, str(number)).choice(world.words("replies")["clarified"])
        world.script.add(asked, partial(_ask, world, reply, words, asked + UNTIL, asked + ANSWERED_AFTER))


def _still_open(world: World, key: str, line: Timeline) -> None:
    asked = max(_moment(line), world.calendar.now - timedelta(hours=20))
    words = world.words("replies")["clarified"][0]
    for reply in _received(world, key)[:1]:
        world.script.add(asked, partial(_ask, world, reply, words, asked + STILL, None))


def _moment(line: Timeline) -> datetime:
    if line.opened is None:
        raise ValueError("nothing was opened")
    return line.opened + timedelta(minutes=30)


def _ask(world: World, reply: Reply, words: Mapping[str, Any], until: datetime, answered: datetime | None) -> None:
    response, by = world.responses[reply.need, reply.provider], world.officer(reply.need)
    first = submissions_of([response])[response.id].answers[0].requirement_id
    asked = ask_clarification(response, question=words["question"], answer_until=until, requirement=first, by=by)
    if answered and words["answer"]:
        world.script.add(answered, partial(_answer, world, reply, asked, words["answer"]))


def _answer(world: World, reply: Reply, asked: Clarification, words: str) -> None:
    if clock.now() < asked.answer_until:
        answer_clarification(asked, answer=words, by=world.speaker(reply.provider, reply.need))
