"""What is written when an idea is proposed, answered and taken up, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.models import Notification
from app.kernel import audit, clock, jobs, search
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed, Refusal
from app.kernel.notices import Notice
from app.matching.engine import candidates
from app.needs.models import Need
from app.responses.ideas import answering, commands, policy
from app.responses.ideas.jobs import tell
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.ideas.origin import origin_of
from app.responses.ideas.queries import figures
from app.responses.ideas.telling import count_working, told
from tests.needs import make as make_need
from tests.providers import make as make_provider
from tests.responses import make as make_response
from tests.responses.conftest import World
from tests.responses.ideas import make as make_idea

ROLES = ("staff", "rival_staff", "team_staff", "author", "buyer", "officer", "elsewhere", "both", "operator", None)
DEPARTMENTS = {"author", "buyer", "officer", "elsewhere"}
OWN = {"staff", "both"}
# who may do what in each state; "answered" is an idea that the Ministry of Tides answered before it was withdrawn
MAY: dict[str, dict[str, set[str]]] = {
    "may_read_idea": {
        "draft": OWN,
        "proposed": OWN | DEPARTMENTS,
        "lapsed": OWN | DEPARTMENTS,
        "withdrawn": OWN,
        "answered": OWN | {"author", "buyer", "officer"},
    },
    "may_change_idea": {"draft": OWN},
    "may_propose_idea": {"draft": OWN},
    "may_withdraw_idea": {"draft": OWN, "proposed": OWN, "lapsed": OWN},
    "may_answer_idea": {"proposed": DEPARTMENTS},
}


def in_state(state: str, world: World) -> Idea:
    """An idea of Harbour Ltd in this state."""
    provider, by = session().merge(world.provider), session().merge(world.staff)
    if state == "draft":
        return make_idea.drafted(provider, by=by)
    with clock.at(clock.now() - timedelta(days=365 if state == "lapsed" else 1)), clock.frozen():
        idea = make_idea.proposed(provider, by=by)
    if state == "answered":
        officer = session().merge(world.officer)
        answering.mark_interest(idea, officer.organisations()[0], by=officer)
    if state in ("withdrawn", "answered"):
        commands.withdraw_idea(idea, by=by)
    return idea


@pytest.mark.parametrize("state", ["draft", "proposed", "lapsed", "withdrawn", "answered"])
def test_who_may_do_what_in_which_state(world: World, state: str) -> None:
    with transaction():
        idea = in_state(state, world)
        found = {verb: {role for role in ROLES if getattr(policy, verb)(person(world, role), idea)} for verb in MAY}
    assert found == {verb: MAY[verb].get(state, set()) for verb in MAY}


def person(world: World, role: str | None) -> Person | None:
    return session().merge(world.people[role]) if role else None


def test_what_is_incomplete_is_not_proposed(store: object) -> None:
    with transaction():
        provider = make_response.provider()
        by = make_response.staff(provider)
        idea = commands.draft_idea(provider, title="Bare", by=by)
        with pytest.raises(IllegalMove, match="Enter the problem that it would solve"):
            commands.propose_idea(idea, by=by)


def test_only_its_own_staff_write_it_and_only_with_its_own_evidence(store: object) -> None:
    with transaction():
        provider, rival = make_response.provider(), make_response.provider()
        by, stranger = make_response.staff(provider), make_response.staff(rival)
        idea = make_idea.drafted(provider, by=by)
        foreign = make_provider.evidence(rival)
        refused: dict[str, Callable[[], Any]] = {
            "draft": lambda: commands.draft_idea(provider, title="Theirs", by=stranger),
            "change": lambda: commands.change_idea(idea, title="Theirs", by=stranger),
            "evidence": lambda: commands.change_idea(idea, evidence=[foreign], by=by),
            "propose": lambda: commands.propose_idea(idea, by=stranger),
        }
        for act in refused.values():
            with pytest.raises(Refusal):
                act()


def test_ten_ideas_in_twelve_months_and_no_more(store: object) -> None:
    with transaction():
        provider = make_response.provider()
        by = make_response.staff(provider)
        with clock.at(clock.now() - timedelta(days=365)), clock.frozen():
            make_idea.proposed(provider, by=by)
        for _ in range(10):
            make_idea.proposed(provider, by=by)
        eleventh = make_idea.drafted(provider, by=by)
        with pytest.raises(Conflict, match="10 ideas in twelve months"):
            commands.propose_idea(eleventh, by=by)
        assert eleventh.state == "draft"


def test_a_need_begins_with_the_problem_but_neither_proposal_nor_money(world: World) -> None:
    with transaction():
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        need = answering.take_up_idea(idea, officer.organisations()[0], title="Gauges", by=officer)
        assert (need.problem, need.users, need.length_weeks) == (idea.problem, idea.users, 20)
        assert [each.id for each in need.capabilities] == ["data-engineering"]
        assert (need.low_pence, need.high_pence) == (None, None)
        texts = [str(getattr(need, column.key)) for column in Need.__table__.columns]
        assert [text for text in texts if "transmitter" in text] == []
        found = origin_of(need)
        assert found is not None
        assert (found.provider, found.parts) == (
            "Harbour Ltd",
            ("Capabilities", "Problem", "Who has the problem", "Length of the work"),
        )
        need.problem = "In our own words."
        changed = origin_of(need)
        assert changed is not None
        assert changed.parts == ("Capabilities", "Who has the problem", "Length of the work")


def test_which_department_writes_a_need_is_not_told_before_it_is_published(world: World) -> None:
    with transaction():
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        ministry = officer.organisations()[0]
        need = answering.take_up_idea(idea, ministry, title="Gauges", by=officer)
        assert (told(idea), count_working(idea)) == ([], 1)
        assert figures().taken_up == 0
        make_need.write(need, **make_need.content())
        make_need.publish(need, by=officer)
        (answer,) = told(idea)
        assert (answer.answer.department_id, answer.state, count_working(idea)) == (ministry.id, "taken_up", 0)
        assert figures().taken_up == 1


def test_what_was_said_before_stays_while_the_need_is_written(world: World) -> None:
    with transaction():
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        ministry = officer.organisations()[0]
        answering.mark_interest(idea, ministry, by=officer)
        answering.take_up_idea(idea, ministry, title="Gauges", by=officer)
        assert [each.state for each in told(idea)] == ["interested"]


def test_each_answer_is_given_once(world: World) -> None:
    with transaction():
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        ministry = officer.organisations()[0]
        acts: list[Callable[[], object]] = [
            lambda: answering.mark_interest(idea, ministry, by=officer),
            lambda: answering.ask_back(idea, ministry, question="How?", by=officer),
            lambda: answering.take_up_idea(idea, ministry, title="Gauges", by=officer),
        ]
        for act in acts:
            act()
            with pytest.raises(Conflict):
                act()
        answering.decline_idea(idea, ministry, reason="The money went.", by=officer)
        with pytest.raises(Conflict):
            answering.decline_idea(idea, ministry, reason="Again.", by=officer)
        assert len(idea.answers) == 1


def test_nobody_answers_for_a_department_that_is_not_theirs(world: World) -> None:
    with transaction():
        idea, both = in_state("proposed", world), session().merge(world.both)
        elsewhere, officer = session().merge(world.elsewhere), session().merge(world.officer)
        tides = officer.organisations()[0]
        for by in (elsewhere, both, session().merge(world.operator), session().merge(world.staff)):
            with pytest.raises(NotAllowed):
                answering.mark_interest(idea, tides, by=by)


def test_a_reply_is_given_once(world: World) -> None:
    with transaction():
        idea, officer, staff = in_state("proposed", world), session().merge(world.officer), session().merge(world.staff)
        answer = answering.ask_back(idea, officer.organisations()[0], question="How?", by=officer)
        answering.reply_to_question(answer, reply="So.", by=staff)
        with pytest.raises(IllegalMove):
            answering.reply_to_question(answer, reply="Or so.", by=staff)
        assert answer.reply == "So."


def test_the_owners_of_the_need_that_fits_best_are_told_once(world: World) -> None:
    search.catch_up()
    with transaction():
        idea = in_state("proposed", world)
    for _ in range(2):
        while jobs.run_due():
            pass
        tell({"idea_id": idea.id})
    with reading():
        notices = session().scalars(select(Notice).where(Notice.kind == "idea.fits")).all()
        assert [each.facts for each in notices] == [{"department": world.early.department_id, "need": world.early.id}]
        names = select(Person.name).join(Notification, Notification.person_id == Person.id).join(Notice)
        assert "Author" in set(session().scalars(names.where(Notice.kind == "idea.fits")))


def test_the_audit_says_who_did_what_without_what_was_written(world: World) -> None:
    with transaction():
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        answering.ask_back(idea, officer.organisations()[0], question="Secretly, how?", by=officer)
        commands.withdraw_idea(idea, by=session().merge(world.staff))
    with reading():
        entries = session().scalars(select(AuditEntry).where(AuditEntry.stream.like("idea%"))).all()
        verbs = {entry.verb for entry in entries}
        assert verbs == {"draft_idea", "change_idea", "propose_idea", "ask_back", "withdraw_idea"}
        assert [entry for entry in entries if "ecretly" in str(entry.facts) or "transmitter" in str(entry.facts)] == []
        assert audit.name_of(idea) in {entry.stream for entry in entries}


def test_the_idea_gives_no_advantage_in_matching(world: World) -> None:
    with transaction():
        for each in (world.provider, world.rival):
            make_provider.live_profile(session().merge(each), capabilities=[make_need.capability()])
    search.catch_up()
    with transaction():
        need = session().merge(world.early)
        before = scores(need)
        idea, officer = in_state("proposed", world), session().merge(world.officer)
        answer = IdeaAnswer(idea=idea, department=officer.organisations()[0], began_at=clock.now())
        answer.need = need
        session().add(answer)
    with reading():
        assert scores(session().get_one(Need, need.id)) == before
        assert len(before) > 1


def scores(need: Need) -> dict[str, int]:
    return {each.provider.id: each.score_milli for each in candidates(need).candidates}
