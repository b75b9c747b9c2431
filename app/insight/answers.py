"""How departments answer those who responded: how fast, what they owe still, and how useful their feedback was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import Select, or_, select

from app.accounts.models import Organisation
from app.kernel import clock
from app.kernel.db import session
from app.needs.models import CLOSED, CONCLUDED, LIVE, OPEN, Need
from app.responses.dispositions import ANSWERED_WITHIN, OPENED_WITHIN
from app.reviews.models import Review
from app.reviews.replies.queries import Ratings, settled_ratings

Ended = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Answers:
    """One department's needs whose deadline has passed: ended, overdue, days to the last feedback, and its ratings.

    They are counted by need, never by response: how many there are is told by no page before the opening.
    """

    department: Organisation
    concluded: int
    late_to_open: int
    late_to_answer: int
    days: float | None
    ratings: Ratings


def answers() -> list[Answers]:
    """Every department with a call that is over, those that owe most first; needs from elsewhere owe nobody here."""
    rated, opened = settled_ratings(), set(session().scalars(select(Review.need_id)))
    by_department: dict[Organisation, list[tuple[str, Ended]]] = defaultdict(list)
    for department, need_id, deadline_at, ended_at in session().execute(_over()).all():
        if deadline_at:
            by_department[department].append((need_id, (deadline_at, ended_at)))
    found = [
        _answers(department, calls, opened, rated.get(department.id, Ratings()))
        for department, calls in by_department.items()
    ]
    return sorted(found, key=lambda each: (-each.late_to_answer, -each.late_to_open, each.department.name))


def _over() -> Select[Organisation, str, datetime | None, datetime | None]:
    wanted = select(Organisation, Need.id, Need.deadline_at, Need.ended_at)
    is_over = or_(Need.state.in_((CLOSED, CONCLUDED)), (Need.state == LIVE) & (Need.deadline_at <= clock.now()))
    over = wanted.join(Organisation, Organisation.id == Need.department_id).where(is_over, Need.rung == OPEN)
    return over.where(Need.source.is_(None))


def _answers(
    department: Organisation, calls: Iterable[tuple[str, Ended]], opened: set[str], ratings: Ratings
) -> Answers:
    known, now = list(calls), clock.now()
    waiting = [(need_id, deadline) for need_id, (deadline, ended) in known if ended is None]
    days = [(ended - deadline).total_seconds() / 86400 for _, (deadline, ended) in known if ended]
    return Answers(
        department,
        concluded=len(days),
        late_to_open=sum(need_id not in opened and now >= deadline + OPENED_WITHIN for need_id, deadline in waiting),
        late_to_answer=sum(now >= deadline + ANSWERED_WITHIN for _, deadline in waiting),
        days=median(days) if days else None,
        ratings=ratings,
    )
