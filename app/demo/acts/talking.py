"""Providers that are interested would like to talk, and departments answer: what interest covers, and conversations."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from app.capabilities.models import Capability
from app.demo.calendar import draw
from app.demo.replies import interests
from app.demo.world import World
from app.kernel import clock
from app.needs.models import Need
from app.responses.interest.commands import (
    agree_to_time,
    ask_for_conversation,
    decline_conversation,
    offer_time,
    promise_contact,
)
from app.responses.interest.models import AGREED, ASKED, DECLINED, IN_TOUCH, OFFERED, Conversation
from app.responses.policy import takes_interest

ASKS, LATELY_DAYS = 0.4, 45
# how a department answers, and how often, of ten
HABITS = {ASKED: 3, IN_TOUCH: 2, OFFERED: 2, AGREED: 2, DECLINED: 1}


def talk(world: World) -> None:
    """Have some of those who are interested ask to talk, soon after they said so."""
    for need, provider, moment in interests(world.library, world.lines, world.calendar):
        source = draw("talks", need, provider)
        is_lately = world.calendar.day_of(moment) > -LATELY_DAYS
        if source.random() < ASKS and is_lately:
            later = min(moment + timedelta(hours=source.randint(1, 20)), world.calendar.now)
            world.script.add(later, partial(_ask, world, need, provider))


def covered_by(world: World, need: str, provider: str) -> list[Capability]:
    """What a need asks for that a provider offers."""
    held = {each for offer in world.library.offers if offer.provider == provider for each in offer.capabilities}
    return [each for each in world.needs[need].all_capabilities if each.id in held]


def _ask(world: World, key: str, provider: str) -> None:
    need, source = world.needs[key], draw("talk", key, provider)
    if not takes_interest(need):
        return
    words: Mapping[str, Any] = world.words("talks")
    by = world.speaker(provider, key)
    conversation = ask_for_conversation(need, world.providers[provider], about=source.choice(words["about"]), by=by)
    state = source.choices(list(HABITS), list(HABITS.values()))[0]
    if state != ASKED:
        day = clock.now() + timedelta(days=source.randint(1, 4))
        if day < world.calendar.now:
            world.script.add(day, partial(_answer, world, key, conversation, state))


def _answer(world: World, key: str, conversation: Conversation, state: str) -> None:
    need, by = world.needs[key], world.author(key)
    source, words = draw("answered talk", key, conversation.provider.name), world.words("talks")
    if not takes_interest(need):
        return
    if state == DECLINED:
        decline_conversation(conversation, answer=source.choice(words["no"]), by=by)
    elif state == IN_TOUCH:
        promise_contact(conversation, answer=source.choice(words["soon"]), by=by)
    else:
        _offer(world, conversation, state, source.choice(words["where"]), source.randint(6, 20))


def _offer(world: World, conversation: Conversation, state: str, where: str, days: int) -> None:
    need: Need = conversation.need
    key = next(key for key, each in world.needs.items() if each is need)
    when = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)
    offer_time(conversation, offered_for=when, answer=where, by=world.author(key))
    if state == AGREED:
        agree_to_time(conversation, by=conversation.asked_by)
