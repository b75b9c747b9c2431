"""Responses name their teams, and promise knowledge and assets."""

import random
from datetime import timedelta
from typing import Any

from app.accounts.models import LEAD, STAFF
from app.demo.calendar import draw
from app.demo.replies import Reply
from app.demo.world import World
from app.kernel import clock
from app.kernel.db import session
from app.providers.models import Provider, TeamMember
from app.providers.people.queries import team_of
from app.responses.models import Response
from app.responses.promised import Promise, PromisedAsset
from app.responses.promises.commands import name_team, promise_assets, promise_transfer

RELEASES, MOST_NAMED = 0.4, 3


def promise(world: World, reply: Reply, response: Response) -> None:
    """Say who would work, who learns what, and of some responses what will be released."""
    source = draw("promises", reply.need, reply.provider)
    by = world.speaker(reply.provider, reply.need)
    people = _people(world, reply.provider)
    words = world.words("promises")
    chosen = source.sample(people, min(len(people), source.randint(1, MOST_NAMED)))
    parts = dict(zip((each.id for each in chosen), source.sample(words["parts"], len(chosen)), strict=True))
    name_team(response, parts=parts, by=by)
    note = response.knowledge_transfer
    promise_transfer(response, promises=[_learning(response, words, source)], knowledge_transfer=note, by=by)
    if source.random() < RELEASES:
        promise_assets(response, assets=[_asset(response, words, source)], by=by)


def _people(world: World, provider: str) -> list[TeamMember]:
    """The people on the provider's page; where it names none yet, those who speak for it come onto it."""
    row: Provider = world.providers[provider]
    known = team_of(row)
    if known:
        return known
    jobs = world.words("promises")["jobs"]
    for place, person in enumerate([*world.people[provider, LEAD], *world.people.get((provider, STAFF), [])]):
        job = jobs[place % len(jobs)]
        session().add(TeamMember(provider=row, name=person.name, job=job, added_at=clock.now()))
    session().flush()
    return team_of(row)


def _learning(response: Response, words: dict[str, list[str]], source: random.Random) -> Promise:
    start = response.available_from or clock.today()
    by_on = start + timedelta(weeks=source.randint(8, 40))
    return Promise(source.choice(words["learners"]), source.choice(words["lessons"]), by_on)


def _asset(response: Response, words: dict[str, Any], source: random.Random) -> PromisedAsset:
    kind, name, licence = source.choice(words["assets"])
    start = response.available_from or clock.today()
    return PromisedAsset(kind, name, licence, start + timedelta(weeks=source.randint(12, 52)))
