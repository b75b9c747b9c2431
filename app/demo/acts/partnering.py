"""Providers that cover a part answer together: some were asked, some accepted, some joined, some submitted as one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from app.demo.calendar import draw
from app.demo.replies import Reply
from app.demo.world import World
from app.kernel import audit, clock
from app.needs.models import Requirement
from app.providers.models import Provider
from app.responses.coalitions.commands import (
    accept_invitation,
    agree_terms,
    confirm_partner,
    invite_partner,
    state_terms,
)
from app.responses.coalitions.models import Part
from app.responses.coalitions.terms import parts_of, terms_of
from app.responses.commands import answer_requirement
from app.responses.models import Response

# how far it came: each stage has those before it
STAGES = ("sent", "accepted", "joined", "stated", "agreed")
Written = Mapping[str, Any]


def partner(world: World) -> None:
    """Put what the cast names into the script, as far as its needs and providers are in this world."""
    replies = {(reply.need, reply.provider): reply for reply in world.replies}
    for written in world.library.cast["coalitions"]:
        reply = replies.get((written["need"], written["lead"]))
        is_free = (written["need"], written["partner"]) not in replies
        if (
            reply
            and is_free
            and written["partner"] in world.library.providers
            and not (reply.revised or reply.withdrawn)
        ):
            world.script.add(_after(world, reply), partial(_together, world, reply, written))


def _after(world: World, reply: Reply) -> datetime:
    """In the hours after the lead has written, and before it submits."""
    until = reply.submitted or min(world.lines[reply.need].call[1], world.calendar.now)
    return reply.started + (until - reply.started) * 0.3


def _together(world: World, reply: Reply, written: Written) -> None:
    response, other = world.responses[reply.need, reply.provider], world.providers[written["partner"]]
    by, partner_by = world.speaker(reply.provider, reply.need), world.speaker(written["partner"], reply.need)
    asked = [response.need.requirements[place - 1] for place in written["answers"]]
    invitation = invite_partner(response, other, requirements=asked, words=written["words"], by=by)
    stage = STAGES.index(written["stage"])
    if stage >= STAGES.index("accepted"):
        accept_invitation(invitation, by=partner_by)
    if stage >= STAGES.index("joined"):
        part = confirm_partner(invitation, by=by)
        _answer(world, response, other, asked, written)
        if stage >= STAGES.index("stated"):
            _state(response, part, written, world, reply)
        if stage >= STAGES.index("agreed"):
            agree_terms(part, seen=audit.fingerprint(terms_of(part)), by=partner_by)


def _state(response: Response, part: Part, written: Written, world: World, reply: Reply) -> None:
    """The lead keeps the rest: of the price, and of the requirements."""
    by, lead = world.speaker(reply.provider, reply.need), parts_of(response)[0]
    rest = [each for each in response.need.requirements if each.id not in part.requirement_ids]
    words = world.words("responses")["liabilities"]
    state_terms(lead, share_percent=100 - written["share"], liability=words["lead"], requirements=rest, by=by)
    own = [each for each in response.need.requirements if each.id in part.requirement_ids]
    state_terms(part, share_percent=written["share"], liability=words["partner"], requirements=own, by=by)


def _answer(world: World, response: Response, other: Provider, asked: list[Requirement], written: Written) -> None:
    """The partner answers what it was asked for, with what its own wallet shows."""
    by = world.speaker(written["partner"], written["need"])
    for requirement in asked:
        wanted = {each.id for each in requirement.capabilities}
        held = [each for each in world.evidence[written["partner"]] if wanted & {one.id for one in each.capabilities}]
        valid = [each for each in held if not each.is_expired(clock.today())]
        said = draw("partner", written["need"], other.name).choice(world.words("responses")["partners"])
        answer_requirement(response, requirement, text=said, evidence=valid[:1], by=by)
