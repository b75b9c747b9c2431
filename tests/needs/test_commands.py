"""Verbs of needs: what they change, and what they refuse in which state."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import clock, db, jobs
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed, Refusal
from app.kernel.notices import Notice
from app.needs import commands, queries
from app.needs.models import COMMITTED, DRAFTS, HORIZON, OPEN, PUBLISHES, SHAPING, Need
from tests import make
from tests.needs import make as make_need


@pytest.fixture(autouse=True)
def _written(store: db.Database) -> Iterator[None]:
    with transaction():
        yield


def author_of(need: Need) -> Person:
    return need.author or need.owners[0].person


def rows_of(need: Need, **changed: Any) -> list[dict[str, Any]]:
    return [
        {"id": row.id, "text": row.text, "kind": row.kind, "weight": row.weight, "capabilities": list(row.capabilities)}
        | changed
        for row in need.requirements
    ]


VERBS: dict[str, Callable[[Need], object]] = {
    "save": lambda need: commands.save_section(need, "problem", {"problem": "A first try."}, by=author_of(need)),
    "publish": lambda need: make_need.publish(need),
    "move": lambda need: commands.move_rung(need, HORIZON, reason="Unsure.", by=author_of(need)),
    "amend": lambda need: commands.amend_need(
        need, "problem", {"problem": "Another."}, reason="Learnt.", by=author_of(need)
    ),
    "withdraw": lambda need: commands.withdraw_need(need, reason="No money.", by=author_of(need)),
    "conclude": lambda need: commands.conclude_need(need, by=None),
}
ALLOWED = {
    "draft": {"save": "draft", "publish": "live"},
    "live": {"move": "live", "amend": "live", "withdraw": "withdrawn"},
    "closed": {"conclude": "concluded"},
    "concluded": {},
    "withdrawn": {},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ALLOWED)
def test_each_verb_moves_from_its_states_and_is_refused_in_all_others(state: str, verb: str) -> None:
    need = make_need.need_in(state)
    if verb in ALLOWED[state]:
        VERBS[verb](need)
        assert need.state == ALLOWED[state][verb]
        return
    with pytest.raises(IllegalMove):
        VERBS[verb](need)
    assert need.state == state


def test_posting_makes_a_draft_whose_author_owns_it() -> None:
    ministry = make.department()
    buyer = make.buyer(ministry)
    need = commands.post_need(ministry, title="Faster records", by=buyer)
    assert (need.state, need.rung, {owner.duty for owner in need.owners}) == (
        "draft",
        HORIZON,
        {"draft", "publish", "answer"},
    )


def test_posting_for_a_strange_department_is_refused() -> None:
    buyer = make.buyer(make.department())
    with pytest.raises(NotAllowed):
        commands.post_need(make.department(), title="Faster records", by=buyer)


def test_saving_one_section_leaves_the_others_and_moves_the_version() -> None:
    need = make_need.complete_draft()
    session().flush()
    version, users = need.version, need.users
    commands.save_section(need, "problem", {"problem": "Shorter.", "title": "Smuggled"}, by=author_of(need))
    assert (need.problem, need.users, need.version > version) == ("Shorter.", users, True)
    assert need.title != "Smuggled"


def test_saving_rows_keeps_those_that_are_named_and_drops_the_others() -> None:
    need = make_need.complete_draft()
    first, _second, third = need.requirements
    kept = rows_of(need)
    commands.save_section(
        need, "requirements", {"requirements": [kept[2], {"text": "New"}, kept[0]]}, by=author_of(need)
    )
    assert [row.id for row in need.requirements][::2] == [third.id, first.id]
    assert [(row.text, row.position, row.weight) for row in need.requirements][1] == ("New", 2, 0)


def test_a_row_of_another_need_is_never_taken_over() -> None:
    other, need = make_need.complete_draft(), make_need.complete_draft()
    commands.save_section(need, "requirements", {"requirements": rows_of(other)}, by=author_of(need))
    assert len(other.requirements) == 3
    assert not {row.id for row in need.requirements} & {row.id for row in other.requirements}


def test_more_rows_than_a_need_can_have_are_refused() -> None:
    need = make_need.draft_need()
    with pytest.raises(Conflict):
        commands.save_section(need, "outcomes", {"measures": [{"outcome": "x"}] * 21}, by=author_of(need))


def test_publishing_an_incomplete_need_changes_nothing() -> None:
    need = make_need.complete_draft(problem="")
    with pytest.raises(Conflict, match="Explain the problem"):
        commands.publish_need(need, by=author_of(need))
    assert (need.state, need.published_at) == ("draft", None)


def test_publishing_a_firm_need_takes_two_people_who_write() -> None:
    ministry = make.department()
    need = make_need.draft_need(ministry, rung=COMMITTED, **make_need.content())
    with pytest.raises(Conflict, match="second owner"):
        commands.publish_need(need, by=author_of(need))
    commands.add_owner(need, make.buyer(ministry), DRAFTS, by=author_of(need))
    make_need.publish(need)
    assert need.state == "live"


def test_an_owner_who_left_counts_no_more() -> None:
    need = make_need.complete_draft(rung=COMMITTED)
    second = next(owner.person for owner in need.owners if owner.person_id != need.author_id)
    second.memberships[0].left_at = clock.now()
    session().flush()
    session().refresh(second, ["memberships"])
    with pytest.raises(Conflict, match="second owner"):
        commands.publish_need(need, by=author_of(need))


def test_publishing_begins_the_history_and_sets_the_clock() -> None:
    need = make_need.open_need()
    move = queries.moves_of(need)
    assert [(each.from_rung, each.to_rung) for each in move] == [("", OPEN)]
    due = session().scalars(select(jobs.Job.run_at).where(jobs.Job.kind == commands.CLOSE_DUE)).all()
    assert due == [need.deadline_at]


def test_moving_up_and_down_below_open_is_told_with_its_reason() -> None:
    need = make_need.live_need(rung=SHAPING)
    make_need.move(need, COMMITTED, reason=" The money is there. ")
    commands.move_rung(need, HORIZON, reason="It is gone again.", by=author_of(need))
    told = {(move.from_rung, move.to_rung, move.reason) for move in queries.moves_of(need)}
    assert told == {
        ("", SHAPING, "Published"),
        (SHAPING, COMMITTED, "The money is there."),
        (COMMITTED, HORIZON, "It is gone again."),
    }


def test_moving_to_open_asks_for_everything_and_a_deadline() -> None:
    need = make_need.live_need(deadline_at=None)
    with pytest.raises(Conflict, match="deadline"):
        make_need.move(need, OPEN)
    assert (need.rung, need.deadline_at) == (SHAPING, None)
    ends = clock.now() + timedelta(days=10)
    make_need.move(need, OPEN, deadline_at=ends)
    assert (need.rung, need.deadline_at, need.takes_responses) == (OPEN, ends, True)


@pytest.mark.parametrize("rung", [HORIZON, COMMITTED, OPEN])
def test_from_open_a_need_never_moves(rung: str) -> None:
    need = make_need.open_need()
    with pytest.raises(IllegalMove):
        commands.move_rung(need, rung, reason="Down.", by=author_of(need))


@pytest.mark.parametrize("rung", [SHAPING, "moon", ""])
def test_a_move_goes_to_another_rung_that_exists(rung: str) -> None:
    need = make_need.live_need(rung=SHAPING)
    with pytest.raises(Conflict):
        commands.move_rung(need, rung, reason="Why not.", by=author_of(need))


def test_an_amendment_keeps_number_reason_and_what_was_and_is() -> None:
    need = make_need.live_need()
    was = need.problem
    commands.amend_need(need, "problem", {"problem": "Worse."}, reason="We measured.", by=author_of(need))
    commands.amend_need(need, "basics", {"title": "New title"}, reason="Clearer.", by=author_of(need))
    last, first = queries.amendments_of(need)
    assert (first.number, first.reason) == (1, "We measured.")
    assert first.changes == [{"what": "Problem", "was": was, "is": "Worse."}]
    assert (last.number, need.title) == (2, "New title")


def test_an_amendment_changes_requirements_in_place() -> None:
    need = make_need.open_need()
    before = [row.id for row in need.requirements]
    rows = rows_of(need)
    rows[0]["text"] = "Move 3 million records without loss"
    amendment = commands.amend_need(need, "requirements", {"requirements": rows}, reason="Recount.", by=author_of(need))
    assert [row.id for row in need.requirements] == before
    assert [change["what"] for change in amendment.changes] == ["Requirement 1"]


def test_a_requirement_of_an_open_need_cannot_be_removed() -> None:
    need = make_need.open_need()
    rows = rows_of(need)[:2]
    rows[0]["weight"] = 50
    with pytest.raises(Conflict, match="keeps each requirement"):
        commands.amend_need(need, "requirements", {"requirements": rows}, reason="Less.", by=author_of(need))
    assert len(need.requirements) == 3


def test_a_requirement_of_a_need_below_open_can_be_removed() -> None:
    need = make_need.live_need()
    amendment = commands.amend_need(
        need, "requirements", {"requirements": rows_of(need)[:2]}, reason="Less.", by=author_of(need)
    )
    assert amendment.changes[0]["is"] == ""
    assert len(need.requirements) == 2


@pytest.mark.parametrize("hours", [-1, -24])
def test_the_deadline_of_an_open_need_never_moves_earlier(hours: int) -> None:
    need = make_need.open_need()
    earlier = need.deadline_at + timedelta(hours=hours)  # type: ignore[operator]
    with pytest.raises(Conflict, match="only move later"):
        commands.amend_need(need, "timing", {"deadline_at": earlier}, reason="Sooner.", by=author_of(need))


def test_the_deadline_of_an_open_need_never_goes_away() -> None:
    need = make_need.open_need()
    with pytest.raises(Conflict):
        commands.amend_need(need, "timing", {"deadline_at": None}, reason="Never.", by=author_of(need))


def test_a_later_deadline_is_watched_by_the_clock() -> None:
    need = make_need.open_need()
    later = need.deadline_at + timedelta(days=7)  # type: ignore[operator]
    commands.amend_need(need, "timing", {"deadline_at": later}, reason="A holiday.", by=author_of(need))
    due = session().scalars(select(jobs.Job.run_at).where(jobs.Job.kind == commands.CLOSE_DUE)).all()
    assert later in due


def test_at_the_deadline_itself_is_late_whether_or_not_the_job_has_run() -> None:
    need = make_need.open_need()
    need.deadline_at = clock.now()
    assert (need.state, need.is_past_deadline, need.takes_responses, need.shown_state) == (
        "live",
        True,
        False,
        "closed",
    )
    need.deadline_at = clock.now() + timedelta(microseconds=1)
    assert (need.is_past_deadline, need.takes_responses, need.shown_state) == (False, True, "live")


@pytest.mark.parametrize("verb", ["amend", "withdraw"])
def test_after_the_deadline_nothing_of_the_buyers_is_possible(verb: str) -> None:
    need = make_need.open_need()
    need.deadline_at = clock.now()
    with pytest.raises(IllegalMove):
        VERBS[verb](need)


def test_the_clock_closes_what_is_due_once_and_nothing_else() -> None:
    due, later, below = make_need.open_need(), make_need.open_need(), make_need.live_need()
    due.deadline_at = below.deadline_at = clock.now() - timedelta(seconds=1)
    session().flush()
    assert (commands.close_due_needs(), commands.close_due_needs()) == (1, 0)
    assert (due.state, later.state, below.state) == ("closed", "live", "live")


def test_concluding_closes_a_need_that_the_clock_has_not_reached_yet() -> None:
    need = make_need.open_need()
    need.deadline_at = clock.now()
    commands.conclude_need(need, by=None)
    assert need.state == "concluded"


def test_no_reason_is_no_reason() -> None:
    need = make_need.live_need()
    for act in (
        lambda: commands.withdraw_need(need, reason="  ", by=author_of(need)),
        lambda: commands.move_rung(need, COMMITTED, reason="", by=author_of(need)),
        lambda: commands.amend_need(need, "problem", {"problem": "x"}, reason="\n", by=author_of(need)),
    ):
        with pytest.raises(Conflict, match="reason"):
            act()
    assert (need.state, need.rung) == ("live", SHAPING)


def test_owners_are_staff_of_the_department_and_have_a_duty_once() -> None:
    need = make_need.draft_need()
    for person in (make.buyer(make.department()), make.staff(make.supplier())):
        with pytest.raises(Conflict, match="staff"):
            commands.add_owner(need, person, DRAFTS, by=author_of(need))
    with pytest.raises(Conflict, match="already"):
        commands.add_owner(need, author_of(need), DRAFTS, by=author_of(need))


def test_a_firm_need_keeps_two_writers_and_every_need_a_publisher() -> None:
    firm = make_need.live_need(rung=COMMITTED)
    second = next(owner for owner in firm.owners if owner.person_id != firm.author_id)
    with pytest.raises(Conflict, match="at least two"):
        commands.remove_owner(firm, second, by=author_of(firm))
    draft = make_need.draft_need()
    publisher = next(owner for owner in draft.owners if owner.duty == PUBLISHES)
    with pytest.raises(Conflict, match="publishes"):
        commands.remove_owner(draft, publisher, by=author_of(draft))


def test_no_duty_is_taken_away_between_the_deadline_and_the_decision() -> None:
    need = make_need.open_need()
    second = next(owner for owner in need.owners if owner.person_id != need.author_id)
    commands.add_owner(need, make.officer(need.department), DRAFTS, by=author_of(need))
    deadline, need.deadline_at = need.deadline_at, clock.now()
    with pytest.raises(Conflict, match="its owners stay"):
        commands.remove_owner(need, second, by=author_of(need))
    need.deadline_at = deadline
    commands.remove_owner(need, second, by=author_of(need))


def test_a_duty_can_be_taken_away_where_enough_remain() -> None:
    need = make_need.complete_draft()
    second = next(owner for owner in need.owners if owner.person_id != need.author_id)
    commands.remove_owner(need, second, by=author_of(need))
    assert second.person_id not in {owner.person_id for owner in need.owners}


def test_every_verb_writes_one_audit_entry_and_the_public_ones_a_notice() -> None:
    need = make_need.complete_draft(rung=SHAPING)
    person = author_of(need)
    session().flush()
    before = len(session().scalars(select(AuditEntry)).all())
    for verb in ("save", "publish", "amend", "move", "withdraw"):
        VERBS[verb](need)
    entries = session().scalars(select(AuditEntry).where(AuditEntry.subject == f"needs:{need.id}")).all()
    last = sorted(entries, key=lambda entry: entry.position)[-5:]
    assert [entry.verb for entry in last] == ["save_section", "publish", "amend", "move_rung", "withdraw"]
    assert {entry.person_id for entry in last} == {person.id}
    assert len(session().scalars(select(AuditEntry)).all()) == before + 5
    kinds = {notice.kind for notice in session().scalars(select(Notice))}
    assert kinds == {"need.published", "need.amended", "need.moved", "need.withdrawn"}


def test_refusals_are_sentences() -> None:
    need = make_need.need_in("concluded")
    for verb in VERBS:
        with pytest.raises(Refusal) as refused:
            VERBS[verb](need)
        assert refused.value.message.rstrip(".")[-1].isalpha()
        assert refused.value.message[0].isupper()
