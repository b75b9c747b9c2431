"""The end of a contract becomes a draft: when, with what, and for whom."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.kernel import clock, db, jobs
from app.kernel.db import reading, session, transaction
from app.needs.models import DRAFT, HORIZON, Need
from app.needs.queries import WHOLE
from app.outcomes.commands import end_partnership_early, start_partnership
from app.outcomes.ends import ENDS_NEAR, draft_what_follows, months_before
from app.outcomes.models import Partnership
from app.outcomes.queries import get_partnership
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome

Browse = Callable[..., Browser]


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2027, 7, 15), 18, date(2026, 1, 15)),
        (date(2027, 8, 31), 18, date(2026, 2, 28)),
        (date(2029, 8, 29), 18, date(2028, 2, 29)),
        (date(2027, 1, 1), 1, date(2026, 12, 1)),
        (date(2027, 12, 31), 12, date(2026, 12, 31)),
    ],
)
def test_months_before(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


def started(days: int, **fields: object) -> Partnership:
    """A partnership that starts today and ends in so many days, agreed by an own buyer."""
    need = make_need.open_need(**fields)  # type: ignore[arg-type]
    partnership = make_outcome.agreed(need)
    start_partnership(partnership, clock.today(), clock.today() + timedelta(days=days), by=need.owners[0].person)
    return partnership


def drafts() -> list[Need]:
    with reading():
        return list(session().scalars(select(Need).where(Need.state == DRAFT).options(*WHOLE)))


def work() -> None:
    while jobs.run_due():
        pass


def test_a_long_contract_waits_until_18_months_before_its_end(store: db.Database) -> None:
    with transaction():
        partnership = started(900)
        ends = partnership.ends_on
    work()
    assert drafts() == []
    assert ends is not None
    with time_machine.travel(clock.now().replace(hour=12) + timedelta(days=900 - 18 * 30 - 20), tick=False):
        work()
        assert drafts() == []
    with time_machine.travel(clock.now().replace(hour=12) + timedelta(days=900 - 18 * 30), tick=False):
        work()
        assert [each.title for each in drafts()] == [f"What follows: {partnership.need.title}"]


def test_a_short_one_at_once_and_only_once(store: db.Database) -> None:
    with transaction():
        partnership = started(100)
    work()
    with transaction():
        assert draft_what_follows() == 0
        found = get_partnership(partnership.id)
        draft = found.next_need
        assert draft is not None
        told = (draft.rung, draft.department_id, draft.wanted_by, draft.problem, draft.confidence_need)
        assert told == (HORIZON, found.need.department_id, found.ends_on, found.need.problem, "")
        assert [(m.measure, m.due_on) for m in draft.measures] == [(m.measure, None) for m in found.need.measures]
        assert {m.id for m in draft.measures}.isdisjoint(m.id for m in found.need.measures)
        assert found.provider.name in draft.supplied_today
        assert (draft.author_id, draft.requirements, draft.deadline_at) == (None, [], None)


def test_its_owners_are_those_who_are_still_there(store: db.Database) -> None:
    with transaction():
        partnership = started(100)
        gone = partnership.need.owners[0].person
        stays = next(owner.person for owner in partnership.need.owners if owner.person_id != gone.id)
        make.leave(gone, partnership.need.department)
    work()
    assert {owner.person_id for owner in drafts()[0].owners} == {stays.id}


def test_one_that_ended_early_before_that_begins_nothing(store: db.Database) -> None:
    with transaction():
        partnership = started(100)
        end_partnership_early(partnership, "Enough.", by=partnership.need.owners[0].person)
    work()
    assert drafts() == []


def test_a_draft_without_owners_is_on_the_desk_of_an_officer(browser: Browse) -> None:
    with transaction():
        partnership = started(100)
        officer = make.officer(partnership.need.department)
        for person in {owner.person for owner in partnership.need.owners}:
            make.leave(person, partnership.need.department)
    work()
    page = browser(officer).get("/desk").follow(f"Choose owners: What follows: {partnership.need.title}")
    assert page.h1 == "Owners of this need"
    assert f"What follows: {partnership.need.title}" in browser(officer).get(f"/partnerships/{partnership.id}").text
    assert "What follows" not in browser().get(f"/partnerships/{partnership.id}").text


def test_the_clock_is_wound_when_the_work_starts(store: db.Database) -> None:
    with transaction():
        started(900)
        due = session().scalars(select(jobs.Job.run_at).where(jobs.Job.kind == ENDS_NEAR)).all()
        assert [each > clock.now() + timedelta(days=300) for each in due] == [True]
