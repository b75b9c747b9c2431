"""Until when questions are taken and answers due: working days, the clocks' changes, and the two deadlines."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel import clock
from app.kernel.db import transaction
from app.needs.models import Need
from app.needs.questions import alike, timing
from app.needs.questions.models import Question
from tests.needs import make as make_need

NEED = Need(time_zone="Europe/London", rung="open")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T10:00", 5, "2026-11-30T10:00"),  # Monday to Monday
        ("2026-11-27T10:00", 1, "2026-11-30T10:00"),  # Friday to Monday
        ("2026-11-28T10:00", 5, "2026-12-04T10:00"),  # a Saturday counts from Monday on
        ("2026-11-30T10:00", -2, "2026-11-26T10:00"),  # Monday back to Thursday
        ("2026-11-29T10:00", -2, "2026-11-26T10:00"),  # Sunday back to Thursday
        ("2026-10-23T16:00", 5, "2026-10-30T17:00"),  # 5pm stays 5pm when the clocks go back
        ("2026-03-27T17:00", 1, "2026-03-30T16:00"),  # and forward
    ],
)
def test_working_days_are_counted_on_the_needs_own_clocks(start: str, days: int, end: str) -> None:
    assert timing.working_days_from(at(start), days, NEED) == at(end)


def test_days_taken_are_working_days_after_the_day_of_arrival() -> None:
    spans = [("2026-11-23T09:00", "2026-11-23T17:00", 0), ("2026-11-23T17:00", "2026-11-24T09:00", 1)]
    spans += [("2026-11-27T09:00", "2026-11-30T09:00", 1), ("2026-11-28T09:00", "2026-11-29T09:00", 0)]
    assert [timing.working_days_between(at(a), at(b), NEED) for a, b, _ in spans] == [days for *_, days in spans]


@pytest.mark.parametrize(
    ("asked", "deadline", "due"),
    [
        ("2026-11-23T10:00", "2026-12-30T17:00", "2026-11-30T10:00"),  # five working days
        ("2026-11-23T10:00", "2026-11-27T17:00", "2026-11-25T17:00"),  # two before the deadline
        ("2026-11-26T10:00", "2026-11-27T17:00", "2026-11-26T10:00"),  # too late for that: at once
    ],
)
def test_an_answer_is_due_in_five_working_days_and_two_before_the_deadline(asked: str, deadline: str, due: str) -> None:
    need = Need(time_zone="Europe/London", rung="open", deadline_at=at(deadline))
    assert timing.due_at(need, at(asked)) == at(due)
    need.rung = "shaping"
    assert timing.due_at(need, at(asked)) == timing.working_days_from(at(asked), 5, need)


def test_an_open_need_without_an_end_takes_questions_until_two_working_days_before_its_deadline() -> None:
    deadline = at("2026-11-30T17:00")
    need = Need(time_zone="Europe/London", rung="open", deadline_at=deadline)
    assert timing.questions_end(need) == at("2026-11-26T17:00")
    need.questions_until = at("2026-11-27T12:00")
    assert timing.questions_end(need) == need.questions_until
    need.rung = "committed"
    assert timing.questions_end(need) is None


def test_questions_are_taken_up_to_the_end_itself_and_answers_up_to_the_deadline(store: object) -> None:
    with transaction():
        need, early = make_need.open_need(), make_need.live_need()
        closed, draft = make_need.closed_need(), make_need.draft_need()
    assert need.questions_until
    assert need.deadline_at
    just = timedelta(microseconds=1)
    seen = []
    for moment in (need.questions_until - just, need.questions_until, need.deadline_at - just, need.deadline_at):
        with clock.at(moment):
            seen.append((timing.takes_questions(need), timing.takes_answers(need)))
    assert seen == [(True, True), (False, True), (False, True), (False, False)]
    assert [timing.takes_questions(each) for each in (early, closed, draft)] == [True, False, False]


def test_questions_are_alike_by_the_words_that_they_share() -> None:
    def asked(key: str, text: str) -> Question:
        return Question(id=key, text=text, asked_at=at("2026-11-23T10:00"))

    mine = asked("a", "Must the meters speak the old protocol?")
    others = [
        asked("b", "Where will the training take place?"),
        asked("c", "Would you accept METERS without the old protocols?"),
        asked("d", "Would the meter count?"),
    ]
    found = alike.ranked(mine, [mine, *others])
    assert [(each.question.id, each.is_alike) for each in found] == [("c", True), ("d", False), ("b", False)]
    assert found[0].shared == ("meters", "old", "protocol")
