"""What time it is: one reading for each transaction, so that a deadline and the write it decides agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)
_played: ContextVar[datetime | None] = ContextVar("clock_played", default=None)


def now() -> datetime:
    """The moment in UTC: the transaction's own reading inside one, the system's clock outside."""
    return _frozen.get() or _played.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in London, as people there would say it."""
    return now().astimezone(LONDON).date()


@contextmanager
def frozen() -> Iterator[datetime]:
    """Read the clock once and keep the reading until the block ends."""
    token = _frozen.set(_played.get() or datetime.now(UTC))
    try:
        yield now()
    finally:
        _frozen.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Play a moment of the past or the future: for demo data and tests, never for requests."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _played.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _played.reset(token)
