"""When a change of an open need comes so late that suppliers are offered more time, and how much.

Material is what a respondent answers, prices or plans by. Titles, summaries and the background of a need are not, and
neither is the deadline itself, which moves only later, nor the words in which a limited audience is explained.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.kernel import clock, display
from app.needs.sections import SECTIONS

NEAR = timedelta(days=10)
WORKING_DAYS = 10
MATERIAL = frozenset(
    {
        *("capabilities", "problem", "users", "measures", "price_weight", "requirements"),
        *("clearance", "places", "remote", "standards"),
        *("low_pence", "high_pence", "approved", "payment", "wanted_by", "length_weeks"),
        *("audience", "audience_capabilities", "invited_organisations", "route"),
    }
)


@dataclass(frozen=True)
class Offer:
    """How long suppliers have still, in words, and the deadline that would leave them ten working days."""

    left: str
    suggested: datetime


def is_material(fields: Collection[str]) -> bool:
    """Whether a change of these fields changes what suppliers answer, price or plan by."""
    return not MATERIAL.isdisjoint(fields)


def is_later(need: Any, deadline: datetime | None) -> bool:
    """Whether this would move the need's deadline later."""
    return deadline is not None and need.deadline_at is not None and deadline > need.deadline_at


def can_be_material(section: str) -> bool:
    """Whether a change of this section can be material."""
    return is_material([each.name for each in SECTIONS[section].fields])


def offer_for(need: Any, section: str) -> Offer | None:
    """What is offered with an amendment of this section: nothing where no change of it is material."""
    return offer_of_time(need) if can_be_material(section) else None


def offer_of_time(need: Any) -> Offer | None:
    """What is offered with a material change: nothing while there is time, or where there is no deadline."""
    now = clock.now()
    if not need.takes_responses or need.deadline_at is None or (need.deadline_at - now).days > NEAR.days:
        return None
    return Offer(display.remaining(need.deadline_at, now), later_deadline(need.deadline_at, need.zone, now))


def later_deadline(deadline: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The tenth working day after today, at the time of day of the deadline, by the clocks there.

    Saturdays and Sundays are no working days; bank holidays differ from place to place, and are left to the reader.
    """
    there, ahead = now.astimezone(zone), WORKING_DAYS
    while ahead:
        there += timedelta(days=1)
        ahead -= there.weekday() < 5
    at = deadline.astimezone(zone)
    return there.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0).astimezone(now.tzinfo)
