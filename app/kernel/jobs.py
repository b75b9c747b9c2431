"""Jobs: work promised in a transaction and done after it, by any process, at least once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, RandomId, in_transaction, reading, session, without_values

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
# a day and more: a mail server may be away for a night
MAX_ATTEMPTS, LONGEST_WAIT = 36, timedelta(hours=1)

Work = Callable[[dict[str, Any]], None]


class Hopeless(Exception):
    """What a job raises that no later try will do either."""


_kinds: dict[str, Work] = {}


class Job(RandomId, Base):
    """One piece of work that is still to be done; a done job is gone, one that failed for good stays."""

    __tablename__ = "jobs"
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")


def job(kind: str) -> Callable[[Work], Work]:
    """Register the work of a kind. It opens its own transactions and must bear being run twice."""

    def register(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return register


def enqueue(kind: str, payload: dict[str, Any], run_at: datetime | None = None) -> None:
    """Promise work in the current transaction; it is due at `run_at`, or at once."""
    session().add(Job(kind=kind, payload=payload, run_at=run_at or clock.now()))


def run_due(limit: int = 50) -> int:
    """Do the due jobs, at most `limit` of them; how many were done or tried."""
    tried = 0
    while tried < limit and _has_due():
        claimed = in_transaction(_claim)
        if claimed is None:
            break
        _attempt(claimed)
        tried += 1
    return tried


def count_waiting() -> int:
    """Jobs that are due and not yet done."""
    return session().scalar(select(func.count()).select_from(Job).where(*_due())) or 0


def count_failed() -> int:
    """Jobs that were given up."""
    return session().scalar(select(func.count()).select_from(Job).where(Job.failed_at.is_not(None))) or 0


def retry_failed() -> int:
    """Have the jobs that were given up done again from now on, in the current transaction; how many."""
    given_up = session().scalars(select(Job).where(Job.failed_at.is_not(None))).all()
    for each in given_up:
        each.failed_at, each.attempts, each.run_at = None, 0, clock.now()
    return len(given_up)


def _due() -> list[Any]:
    moment = clock.now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < moment)
    return [Job.run_at <= moment, Job.failed_at.is_(None), free]


def _has_due() -> bool:
    with reading():
        return count_waiting() > 0


def _claim() -> Job | None:
    due = select(Job).where(*_due()).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    found = session().scalar(due)
    if found:
        found.leased_until = clock.now() + LEASE
        found.attempts += 1
    return found


def _attempt(claimed: Job) -> None:
    try:
        _kinds[claimed.kind](claimed.payload)
    except Exception as error:
        reason = without_values(error)[:500]
        log.error("job %s %s failed, try %d: %s", claimed.kind, claimed.id, claimed.attempts, reason)
        is_hopeless = isinstance(error, Hopeless)
        in_transaction(lambda: _postpone(claimed.id, reason, give_up=is_hopeless))
    else:
        in_transaction(lambda: session().execute(delete(Job).where(Job.id == claimed.id)))


def _postpone(job_id: str, reason: str, *, give_up: bool) -> None:
    """Try again later, after twice the wait up to an hour; give up in the end, and keep the row to be looked at."""
    found = session().get_one(Job, job_id)
    found.error, found.leased_until = reason, None
    if give_up or found.attempts >= MAX_ATTEMPTS:
        found.failed_at = clock.now()
    found.run_at = clock.now() + min(timedelta(seconds=2**found.attempts), LONGEST_WAIT)
