"""When digests are due: 07:00 on the clocks of London, whatever the season, each day and each Monday."""

from datetime import UTC, datetime, time, timedelta

from app.alerts.models import DAILY
from app.kernel.clock import LONDON

AT = time(7)
MONDAY = 0


def next_daily(now: datetime) -> datetime:
    """The next seven o'clock after a moment."""
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


def period_of(how_often: str, due_at: datetime) -> str:
    """The name of the period that ends at a moment: its day, or its week."""
    day = due_at.astimezone(LONDON).date()
    if how_often == DAILY:
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
