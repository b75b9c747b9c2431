"""The periods that digests tell of: a day, or a week, on the clocks of London."""

from datetime import datetime

from app.alerts.models import DAILY
from app.kernel.clock import LONDON


def period_of(how_often: str, due_at: datetime) -> str:
    """The name of the period that ends at a moment: its day, or its week."""
    day = due_at.astimezone(LONDON).date()
    if how_often == DAILY:
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
