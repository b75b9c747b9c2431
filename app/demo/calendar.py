"""Moments of the demo world, in days from today at working hours, and draws that are the same every time."""

import random
from datetime import datetime, time, timedelta

from app.kernel.clock import LONDON

FIRST_DAY = -730
# before all that people do on a day: after a weekend's fall to its Friday, a first profile may be of the same day
REGISTERED, DESCRIBED = (8, 0), (8, 30)
FRIDAY = 4


def draw(*names: str) -> random.Random:
    """A random source of its own for each thing, so that a new story leaves the others as they are."""
    return random.Random("/".join(("clarion demo", *names)))  # noqa: S311


class Calendar:
    """Turns days from today into moments. Weekends fall back to their Friday, which keeps the order of days."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(LONDON).date()

    def at(self, day: float, hour: int = 10, minute: int = 0) -> datetime:
        """A working hour on that many days from today."""
        date = self.today + timedelta(days=int(day))
        date -= timedelta(days=max(0, date.weekday() - FRIDAY))
        return datetime.combine(date, time(hour, minute), tzinfo=LONDON)

    def past(self, day: float, source: random.Random) -> datetime:
        """Some working moment of a day, never later than now."""
        moment = self.at(day, source.randint(9, 16), source.randint(0, 59))
        return min(moment, self.now - timedelta(minutes=source.randint(2, 90)))

    def day_of(self, moment: datetime) -> float:
        """How many days from now a moment is."""
        return (moment - self.now) / timedelta(days=1)
