"""Until when questions are taken and answers are due. Working days are Monday to Friday, on the need's own clocks."""

from datetime import date, datetime, timedelta
from typing import Any

from app.kernel import clock
from app.needs.models import LIVE, OPEN, Need

ANSWER_WITHIN, BEFORE_DEADLINE = 5, 2
SATURDAY = 5
_DAY = timedelta(days=1)


def working_days_from(moment: datetime, days: int, need: Any) -> datetime:
    """The moment so many working days later, or earlier where `days` is negative, at the same time of day."""
    there = moment.astimezone(need.zone)
    step = _DAY if days > 0 else -_DAY
    left = abs(days)
    while left:
        there += step  # wall-clock arithmetic: the hour stays when the clocks change
        left -= there.weekday() < SATURDAY
    return there.astimezone(moment.tzinfo)


def working_days_between(start: datetime, end: datetime, need: Need) -> int:
    """How many working days came after the day of `start`, up to the day of `end`."""
    first: date = start.astimezone(need.zone).date()
    last: date = end.astimezone(need.zone).date()
    return sum((first + _DAY * step).weekday() < SATURDAY for step in range(1, (last - first).days + 1))


def questions_end(need: Any) -> datetime | None:
    """When the last question can be asked; None below open, where they are taken as long as the need is live.

    An open need that names no end takes them until two working days before its deadline, when all answers are due:
    a question that nobody could use the answer of is not taken.
    """
    if need.rung != OPEN or need.deadline_at is None:
        return None
    return need.questions_until or working_days_from(need.deadline_at, -BEFORE_DEADLINE, need)


def takes_questions(need: Need) -> bool:
    """Whether a question can be asked at this moment; at the end itself is late."""
    end = questions_end(need)
    return need.state == LIVE and not need.is_past_deadline and (end is None or clock.now() < end)


def takes_answers(need: Need) -> bool:
    """Whether an answer can be published at this moment: until the deadline for responses."""
    return need.state == LIVE and not need.is_past_deadline


def due_at(need: Need, asked_at: datetime) -> datetime:
    """By when a question is to be answered: in five working days, and two working days before the deadline.

    What arrives later than that is due at once.
    """
    due = working_days_from(asked_at, ANSWER_WITHIN, need)
    if need.rung == OPEN and need.deadline_at is not None:
        due = min(due, working_days_from(need.deadline_at, -BEFORE_DEADLINE, need))
    return max(due, asked_at)


def end_faults(need: Need, after: Any) -> list[str]:
    """Why the end of questions of an open need may not become another: it only moves later, before it has passed."""
    if after.questions_until == need.questions_until:
        return []
    end = questions_end(need)
    if end is not None and clock.now() >= end:
        return ["The end of questions has passed: it cannot change any more."]
    if after.questions_until is None or (end is not None and after.questions_until < end):
        return ["The end of questions of an open need can only move later."]
    return []
