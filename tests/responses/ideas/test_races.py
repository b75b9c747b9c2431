"""Two people of a department who answer at the same moment: one is first."""

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Refusal
from app.needs.models import Need
from app.responses.ideas import answering, commands
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.ideas.queries import MOST_A_YEAR
from tests.responses.conftest import World
from tests.responses.ideas import make as make_idea


def at_once(acts: list[Callable[[], object]]) -> int:
    """Do all of it in as many threads; how many were not refused."""
    won: list[int] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            in_transaction(act)
        except Refusal:
            return
        won.append(1)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def test_one_need_begins_with_an_idea_in_each_department(world: World) -> None:
    with transaction():
        idea = make_idea.proposed(session().merge(world.provider), by=session().merge(world.staff))

    def take_up() -> object:
        officer = session().merge(world.officer)
        found = session().get_one(Idea, idea.id)
        return answering.take_up_idea(found, officer.organisations()[0], title="Gauges", by=officer)

    assert at_once([take_up] * 6) == 1
    with reading():
        assert session().scalar(select(func.count()).select_from(IdeaAnswer)) == 1
        assert session().scalar(select(func.count()).where(Need.title == "Gauges")) == 1


def test_no_more_ideas_are_proposed_than_may_be(world: World) -> None:
    with transaction():
        provider, by = session().merge(world.provider), session().merge(world.staff)
        for _ in range(MOST_A_YEAR - 1):
            make_idea.proposed(provider, by=by)
        drafts = [make_idea.drafted(provider, by=by) for _ in range(4)]

    def propose(idea_id: str) -> Callable[[], object]:
        return lambda: commands.propose_idea(session().get_one(Idea, idea_id), by=session().merge(world.staff))

    assert at_once([propose(each.id) for each in drafts]) == 1
