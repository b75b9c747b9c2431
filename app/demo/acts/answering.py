"""Providers say that they are interested, and write, submit, change and withdraw their responses."""

import random
from datetime import date, timedelta
from functools import partial

from app.capabilities.queries import tree
from app.demo.acts.promising import promise
from app.demo.acts.talking import covered_by
from app.demo.calendar import draw
from app.demo.library import Ask
from app.demo.replies import Reply, interests
from app.demo.world import World
from app.kernel import clock
from app.providers.models import Evidence
from app.responses.commands import (
    answer_requirement,
    describe_offer,
    register_interest,
    start_response,
    submit_response,
    withdraw_response,
)
from app.responses.models import Response

ANSWERED_NICE, CLOSING, OWN_WAY, LOWER_PRICE = 0.5, 0.5, 0.7, 0.94


def answer(world: World) -> None:
    """Put every interest and every response into the script."""
    for need, provider, moment in interests(world.library, world.lines, world.calendar):
        world.script.add(moment, partial(_show_interest, world, need, provider))
    for reply in world.replies:
        world.script.add(reply.started, partial(_write, world, reply))
        if reply.submitted:
            world.script.add(reply.submitted, partial(_submit, world, reply))
        if reply.revised:
            world.script.add(reply.revised, partial(_revise, world, reply))
        if reply.withdrawn:
            world.script.add(reply.withdrawn, partial(_withdraw, world, reply))


def _show_interest(world: World, need: str, provider: str) -> None:
    source = draw("interested", need, provider)
    register_interest(
        world.needs[need],
        world.providers[provider],
        people=source.randint(1, 7),
        from_on=_in_weeks(source.randint(4, 26)),
        note=source.choice(world.words("responses")["interest"]) if source.random() < 0.7 else "",
        capabilities=covered_by(world, need, provider),
        by=world.speaker(provider, need),
    )


def _in_weeks(weeks: int) -> date:
    return clock.today() + timedelta(weeks=weeks)


def _write(world: World, reply: Reply) -> None:
    """Start a response and say everything; one that stays a draft stops half way."""
    by = world.speaker(reply.provider, reply.need)
    response = start_response(world.needs[reply.need], world.providers[reply.provider], by=by)
    world.responses[reply.need, reply.provider] = response
    _offer(world, reply, reply.price_pence)
    promise(world, reply, response)
    asks = world.library.stories[reply.need].asks
    for place, ask in enumerate(asks if reply.submitted else asks[:2]):
        source = draw("answer", reply.need, reply.provider, str(place))
        if ask.kind == "must" or source.random() < ANSWERED_NICE:
            _answer(world, reply, response, place, source)


def _offer(world: World, reply: Reply, price_pence: int) -> None:
    source = draw("offer text", reply.need, reply.provider)
    words = world.words("responses")
    start = _start_of(world, reply, source)
    describe_offer(
        world.responses[reply.need, reply.provider],
        profile=world.profiles[reply.provider, reply.offer.title],
        summary=source.choice(words["summaries"]).format(start=f"{start:%B}"),
        price_pence=price_pence,
        available_from=start,
        knowledge_transfer=source.choice(words["transfer"]),
        by=world.speaker(reply.provider, reply.need),
    )


def _start_of(world: World, reply: Reply, source: random.Random) -> date:
    deadline = world.lines[reply.need].last_deadline or world.calendar.now
    return deadline.date() + timedelta(weeks=source.randint(4, 14))


def _answer(world: World, reply: Reply, response: Response, place: int, source: random.Random) -> None:
    ask = world.library.stories[reply.need].asks[place]
    held = [each for each in world.evidence[reply.provider] if _shows(each, ask)]
    answer_requirement(
        response,
        response.need.requirements[place],
        text=_text(world, reply, place, source),
        evidence=[source.choice(held)] if held else [],
        by=world.speaker(reply.provider, reply.need),
    )


def _shows(evidence: Evidence, ask: Ask) -> bool:
    is_about = any(capability.id in ask.capabilities for capability in evidence.capabilities)
    return is_about and not evidence.is_expired(clock.today())


def _text(world: World, reply: Reply, place: int, source: random.Random) -> str:
    """How we would do it, from what the provider says of its own way where it has one."""
    words, ask = world.words("answers"), world.library.stories[reply.need].asks[place]
    mine = {each for offer in world.library.offers if offer.provider == reply.provider for each in offer.capabilities}
    fitting = [each for each in ask.capabilities if each in mine]
    if fitting:
        said = [source.choice(_strong(words, source.choice(fitting)))]
        if set(fitting) & set(reply.offer.capabilities) and source.random() < OWN_WAY:
            said.append(reply.offer.how[place % len(reply.offer.how)])
    else:
        said = [_without_repeating(words["any"]["weak"], place, reply)]
    if source.random() < CLOSING:
        said.append(_without_repeating(words["any"]["close"], place, reply))
    return " ".join(said).format(
        times=source.choice(("twice", "three times", "five times")), weeks=source.choice((4, 6, 8))
    )


def _without_repeating(words: list[str], place: int, reply: Reply) -> str:
    """Another phrase at each requirement of one response."""
    turned = draw("phrases", reply.need, reply.provider).sample(words, len(words))
    return turned[place % len(turned)]


def _strong(words: dict[str, dict[str, list[str]]], capability: str) -> list[str]:
    """Sentences for the capability itself, for what stands above it, and those that fit all."""
    node = tree().nodes.get(capability)
    while node is not None:
        if node.id in words:
            return words[node.id]["strong"]
        node = tree().nodes.get(node.parent_id or "")
    return words["any"]["strong"]


def _submit(world: World, reply: Reply) -> None:
    submit_response(world.responses[reply.need, reply.provider], by=world.speaker(reply.provider, reply.need))


def _revise(world: World, reply: Reply) -> None:
    _offer(world, reply, round(reply.price_pence * LOWER_PRICE / 500_00) * 500_00)


def _withdraw(world: World, reply: Reply) -> None:
    withdraw_response(world.responses[reply.need, reply.provider], by=world.speaker(reply.provider, reply.need))
