"""Partnerships: every verb in every state by every role, and nobody for both sides."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.outcomes import commands, policy
from app.outcomes.models import AGREED, BUYER_SIDE, COMPLETED, ENDED_EARLY, PROVIDER_SIDE, RUNNING, Partnership
from tests import make
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.responses import make as make_response

ROLES: dict[str, Callable[[Partnership], Person | None]] = {
    "nobody": lambda p: None,
    "owner": lambda p: p.need.owners[0].person,
    "officer": lambda p: make.officer(p.need.department),
    "other_buyer": lambda p: make.buyer(p.need.department),
    "staff": lambda p: make.staff(p.provider.organisation),
    "lead": lambda p: make.lead(p.provider.organisation),
    "stranger_officer": lambda p: make.officer(make.department()),
    "stranger_staff": lambda p: make.staff(make.supplier()),
    "operator": lambda p: make.operator(),
}
MAY = {
    "start": {"owner", "officer"},
    "end": {"officer"},
    "record": {"owner", "officer", "staff", "lead"},
    "see": set(ROLES),
}
RULES = {
    "start": policy.may_start_partnership,
    "end": policy.may_end_partnership,
    "record": policy.may_record_outcome,
    "see": policy.may_see_partnership,
}


@pytest.mark.parametrize("verb", MAY)
def test_each_role_may_what_it_may(store: object, verb: str) -> None:
    with transaction():
        partnership = make_outcome.agreed()
        allowed = {role for role, made in ROLES.items() if RULES[verb](made(partnership), partnership)}
    assert allowed == MAY[verb]


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        (AGREED, "start", RUNNING),
        (AGREED, "complete", None),
        (AGREED, "end_early", ENDED_EARLY),
        (RUNNING, "start", None),
        (RUNNING, "complete", COMPLETED),
        (RUNNING, "end_early", ENDED_EARLY),
        *((state, verb, None) for state in (COMPLETED, ENDED_EARLY) for verb in Partnership.MOVES),
    ],
)
def test_each_verb_in_each_state(state: str, verb: str, after: str | None) -> None:
    partnership = Partnership()
    for step in {AGREED: [], RUNNING: ["start"], COMPLETED: ["start", "complete"], ENDED_EARLY: ["end_early"]}[state]:
        partnership.move(step)
    if after is None:
        with pytest.raises(IllegalMove):
            partnership.move(verb)
    else:
        partnership.move(verb)
    assert partnership.state == (after or state)


def test_nobody_speaks_for_both_sides(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        owner = make_outcome.owner_of(partnership)
        make.join(owner, partnership.provider.organisation, "supplier_staff")
        officer = make.officer(partnership.need.department)
        make.join(officer, partnership.provider.organisation, "supplier_lead")
        assert (policy.side_of(owner, partnership), policy.side_of(officer, partnership)) == (None, None)
        with pytest.raises(NotAllowed):
            make_outcome.record(partnership, by=owner)


def test_who_wrote_the_need_and_left_does_not_speak_for_the_provider(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        author = make_outcome.owner_of(partnership)
        leave(author)
        make.join(author, partnership.provider.organisation, "supplier_staff")
        assert policy.side_of(author, partnership) is None


def leave(person: Person) -> None:
    person.memberships[0].left_at = clock.now()
    session().flush()
    session().refresh(person, ["memberships"])


def test_a_reader_of_the_need_does_not_speak_for_the_department(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        reader = make.buyer(partnership.need.department)
        make_need.commands.add_owner(partnership.need, reader, "read", by=make_outcome.owner_of(partnership))
        assert policy.side_of(reader, partnership) is None


def test_the_second_report_completes_it(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        make_outcome.record(partnership, by=make_outcome.owner_of(partnership))
        assert (partnership.state, partnership.is_settled, partnership.takes_reports) == (RUNNING, False, True)
        make_outcome.record(partnership, by=make_response.staff(partnership.provider))
        assert (partnership.state, partnership.is_settled, partnership.takes_reports) == (COMPLETED, True, False)
        assert partnership.ends_on == clock.today()
        assert {report.side for report in partnership.reports} == {BUYER_SIDE, PROVIDER_SIDE}


def test_the_buyers_result_decides_whether_it_ended_early(store: object) -> None:
    with transaction():
        partnership = make_outcome.settled("ended_early", "delivered")
        assert partnership.state == ENDED_EARLY


def test_a_report_changes_until_both_have_spoken_and_never_after(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        owner, staff = make_outcome.owner_of(partnership), make_response.staff(partnership.provider)
        make_outcome.record(partnership, by=owner, result="partly")
        make_outcome.record(partnership, by=make.officer(partnership.need.department), result="delivered", reached=2)
        report = partnership.report_of(BUYER_SIDE)
        assert report is not None
        assert (report.result, sum(result.reached for result in report.results), len(report.results)) == (
            "delivered",
            2,
            2,
        )
        make_outcome.record(partnership, by=staff)
        with pytest.raises(IllegalMove):
            make_outcome.record(partnership, by=owner)


def test_work_that_had_begun_is_reported_on_although_it_ended_early(store: object) -> None:
    with transaction():
        began, never = make_outcome.ended_early(), make_outcome.ended_early(began=False)
        assert (began.takes_reports, never.takes_reports) == (True, False)
        make_outcome.record(began, by=make_outcome.owner_of(began), result="not")
        make_outcome.record(began, by=make_response.staff(began.provider), result="not")
        assert (began.state, began.is_settled) == (ENDED_EARLY, True)
        with pytest.raises(IllegalMove):
            make_outcome.record(never, by=make_outcome.owner_of(never))


def test_work_ended_before_its_first_day_never_began(store: object) -> None:
    with transaction():
        partnership = make_outcome.agreed()
        ahead = clock.today() + timedelta(days=5)
        make_outcome.start(partnership, ahead, ahead + timedelta(days=5))
        commands.end_partnership_early(partnership, "No money.", by=make.officer(partnership.need.department))
        assert (partnership.starts_on, partnership.takes_reports) == (None, False)


@pytest.mark.parametrize("fault", ["result", "missing measure", "foreign measure"])
def test_a_report_speaks_of_the_needs_own_measures(store: object, fault: str) -> None:
    with transaction():
        partnership = make_outcome.running()
        said = make_outcome.results_of(partnership)
        if fault == "missing measure":
            said.pop()
        if fault == "foreign measure":
            said[0]["measure_id"] = make_outcome.running().need.measures[0].id
        result = "splendid" if fault == "result" else "delivered"
        with pytest.raises(Conflict):
            commands.record_outcome(partnership, result, "a", "b", said, by=make_outcome.owner_of(partnership))


def test_who_left_the_department_does_not_speak_for_the_provider(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        officer = make.officer(need.department)
        partnership = make_outcome.running(need)
        make.leave(officer, need.department)
        make.join(officer, partnership.provider.organisation, "supplier_staff")
        assert policy.side_of(officer, partnership) is None


def test_one_person_never_records_both_sides(store: object) -> None:
    with transaction():
        partnership = make_outcome.running()
        person = make.staff(partnership.provider.organisation)
        make_outcome.record(partnership, by=person)
        session().refresh(partnership, ["reports"])
        make.leave(person, partnership.provider.organisation)
        make.join(person, partnership.need.department, "officer")
        assert not policy.may_record_outcome(person, partnership)
        assert not policy.owes_outcome(person, partnership)
        with pytest.raises(NotAllowed, match="other side"):
            make_outcome.record(partnership, by=person)
        make_outcome.record(partnership, by=make.officer(partnership.need.department))
        assert partnership.state == "completed"
