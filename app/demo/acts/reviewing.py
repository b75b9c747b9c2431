"""Officers open, sort out and decide, and tell every respondent."""

import random
from datetime import datetime
from functools import partial

from app.demo.acts.replying import reply_to_feedback
from app.demo.calendar import draw
from app.demo.library import Story
from app.demo.replies import Reply
from app.demo.world import World
from app.responses.queries import submissions_of
from app.reviews.commands import (
    decide_review,
    open_responses,
    set_aside_response,
    shortlist_response,
)
from app.reviews.feedback.commands import give_feedback
from app.reviews.feedback.standings import JUST_BELOW, MET, NEARLY, NOT_MET, OTHERS_HIGHER, WELL_BELOW
from app.reviews.queries import awards_of, get_review

SET_ASIDE, CLOSE = 0.2, 0.35


def review(world: World) -> None:
    """Put every review into the script, as far as it has come."""
    by_need: dict[str, list[Reply]] = {}
    for reply in world.replies:
        if reply.submitted and not reply.withdrawn:
            by_need.setdefault(reply.need, []).append(reply)
    for key, received in by_need.items():
        line = world.lines[key]
        if line.opened:
            world.script.add(line.opened, partial(_open, world, key))
        if line.sorted_out:
            world.script.add(line.sorted_out, partial(_sort_out, world, key, received))
        if line.decided:
            world.script.add(line.decided, partial(_decide, world, key, received))
        if line.decided and line.told:
            _add_feedback(world, key, received, line.decided, line.told)


def _open(world: World, need: str) -> None:
    open_responses(world.needs[need], by=world.officer(need))


def _sort_out(world: World, need: str, received: list[Reply]) -> None:
    by = world.officer(need)
    for reply in received:
        source, response = draw("sort", need, reply.provider), world.responses[need, reply.provider]
        if reply.shortlisted:
            shortlist_response(response, by=by)
        elif source.random() < SET_ASIDE:
            words = source.choice(world.words("feedback")["set_aside"])
            set_aside_response(response, reason=words.format(worst=_asked(world.library.stories[need], source)), by=by)


def _asked(story: Story, source: random.Random) -> str:
    return source.choice([ask.text for ask in story.asks if ask.kind == "must"])


def _decide(world: World, need: str, received: list[Reply]) -> None:
    winners = [reply for reply in received if reply.wins]
    awards = {world.responses[need, reply.provider]: reply.price_pence for reply in winners}
    decide_review(
        get_review(world.needs[need]), awards=awards, reason=_reason(world, need, winners), by=world.officer(need)
    )


def _reason(world: World, need: str, winners: list[Reply]) -> str:
    ending = world.library.endings.get(need)
    if ending and ending.none:
        return ending.none
    words = world.words("feedback")["decisions"]["two" if len(winners) > 1 else "award"]
    names = " and ".join(world.library.providers[reply.provider].name for reply in winners)
    told: str = draw("decision", need).choice(words)
    return told.format(winner=names)


def _add_feedback(world: World, need: str, received: list[Reply], decided: datetime, told: datetime) -> None:
    """One respondent after the other; where the need is not concluded yet, half of them still wait."""
    acts = {
        each["provider"] for each in world.library.cast["acts"] if (each["need"], each["act"]) == (need, "feedback")
    }
    ordered = sorted(received, key=lambda reply: (reply.provider not in acts, reply.wins, reply.provider))
    if world.library.stories[need].state != "concluded":
        ordered = ordered[: len(ordered) // 2]
    for place, reply in enumerate(ordered, start=1):
        moment = decided + (told - decided) * (place / len(ordered))
        world.script.add(moment, partial(_tell, world, reply))
        reply_to_feedback(world, reply, moment)


def _tell(world: World, reply: Reply) -> None:
    source, story = draw("feedback", reply.need, reply.provider), world.library.stories[reply.need]
    kind = "awarded" if reply.wins else "shortlisted" if reply.shortlisted else "lower"
    words = world.words("feedback")
    mine = _capabilities(world, reply)
    ranked = sorted(story.asks, key=lambda ask: -len(mine & set(ask.capabilities)))
    quoted = {"best": ranked[0].text, "worst": ranked[-1].text}
    give_feedback(
        world.responses[reply.need, reply.provider],
        strengths=source.choice(words["strengths"][kind]).format(**quoted),
        improvements=source.choice(words["improvements"][kind]).format(**quoted),
        bands=_bands(world, reply, source),
        standing=_standing(world, reply),
        by=world.officer(reply.need),
    )


def _capabilities(world: World, reply: Reply) -> set[str]:
    return {each for offer in world.library.offers if offer.provider == reply.provider for each in offer.capabilities}


def _bands(world: World, reply: Reply, source: random.Random) -> dict[str, dict[str, str]]:
    """How far each requirement was met: by the share of its capabilities that the provider has."""
    mine, asks = _capabilities(world, reply), world.library.stories[reply.need].asks
    response, words = world.responses[reply.need, reply.provider], world.words("replies")["bands"]
    found = {}
    for place, answer in enumerate(submissions_of([response])[response.id].answers):
        wanted = set(asks[min(place, len(asks) - 1)].capabilities)
        band = MET if wanted <= mine or reply.wins else NEARLY if wanted & mine or reply.shortlisted else NOT_MET
        found[answer.requirement_id] = {"band": band, "sentence": source.choice(words[band])}
    return found


def _standing(world: World, reply: Reply) -> str:
    if reply.shortlisted:
        return OTHERS_HIGHER if awards_of(get_review(world.needs[reply.need])) else JUST_BELOW
    return JUST_BELOW if reply.fit > CLOSE else WELL_BELOW
