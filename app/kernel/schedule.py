"""The schedule: work that recurs, promised as a job once for each time that it is due, whoever runs it.

One row for each kind keeps when it is due next. Whoever finds it due moves the row and enqueues the job in one
transaction; so of any number of processes one does, a killed one leaves either both or neither, and what fell due while
nobody ran is done once when somebody does.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, jobs
from app.kernel.clock import LONDON
from app.kernel.db import Base, in_transaction, reading, session

AT = time(7)
MONDAY = 0
Next = Callable[[datetime], datetime]
_kinds: dict[str, Next] = {}


class Recurrence(Base):
    """One kind of work that recurs, and when it is due next."""

    __tablename__ = "recurrences"
    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]


def recurring(kind: str, after: Next) -> None:
    """Have the job `kind` enqueued at each moment that `after` names; its payload is {"due_at": that moment}."""
    _kinds[kind] = after


def next_daily(now: datetime) -> datetime:
    """The next seven o'clock, on the clocks of London whatever the season, after a moment."""
    day = now.astimezone(LONDON).date()
    today = datetime.combine(day, AT, LONDON)
    found = today if today > now else datetime.combine(day + timedelta(days=1), AT, LONDON)
    return found.astimezone(UTC)


def next_weekly(now: datetime) -> datetime:
    """The next seven o'clock of a Monday after a moment."""
    found = next_daily(now)
    while found.astimezone(LONDON).weekday() != MONDAY:
        found = next_daily(found)
    return found


def enqueue_due() -> int:
    """Enqueue what is due, and note what is new; how many were enqueued. Opens its own transactions."""
    with reading():
        known = {row.kind: row.due_at for row in session().scalars(select(Recurrence))}
    now = clock.now()
    due = [kind for kind in _kinds if kind not in known or known[kind] <= now]
    return sum(in_transaction(lambda kind=kind: _enqueue(kind)) for kind in due)  # type: ignore[misc]


def _enqueue(kind: str) -> int:
    """Once, also when others try at the same time: writers are serial."""
    row = session().get(Recurrence, kind, with_for_update=True)
    if row is None:
        session().add(Recurrence(kind=kind, due_at=_kinds[kind](clock.now())))
        return 0
    if row.due_at > clock.now():
        return 0
    jobs.enqueue(kind, {"due_at": row.due_at.isoformat()})
    row.due_at = _kinds[kind](clock.now())
    return 1
