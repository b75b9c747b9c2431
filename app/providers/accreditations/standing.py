"""What the dates of an accreditation say on a day, and when its provider is reminded of them. Pure.

Reminders come 28 and 14 days before the last day, on it, and each week for four weeks after: long enough that somebody
is back from leave and reads one, and then no more, since by then it is a decision.
"""

from collections.abc import Sequence
from datetime import date, timedelta

VALID, EXPIRING, EXPIRED, NOT_YET = "valid", "expiring", "expired", "not_yet"
STANDINGS = {VALID: "Valid", EXPIRING: "Expires soon", EXPIRED: "Expired", NOT_YET: "Not valid yet"}
REMINDED_AT: Sequence[int] = (-28, -14, 0, 7, 14, 21, 28)
# how late the last reminder may still come, where nothing ran for some days
LATEST = 6


def standing_on(today: date, valid_from: date | None, valid_until: date | None) -> str:
    """A key of STANDINGS: on its last day an accreditation still holds."""
    if valid_until is not None and today > valid_until:
        return EXPIRED
    if valid_from is not None and today < valid_from:
        return NOT_YET
    is_near = valid_until is not None and (valid_until - today).days <= -REMINDED_AT[0]
    return EXPIRING if is_near else VALID


def reminder_due(today: date, valid_until: date, dated_on: date) -> int | None:
    """The reminder whose time it is: the last one whose day has come, as days after the end; None where there is none.

    Of days up to that on which the dates were written nobody is reminded: who wrote them saw them.
    """
    passed = (today - valid_until).days
    come = [days for days in REMINDED_AT if days <= passed]
    if not come or passed > REMINDED_AT[-1] + LATEST or valid_until + timedelta(days=come[-1]) <= dated_on:
        return None
    return come[-1]


def dates_in_reach(today: date) -> tuple[date, date]:
    """The first and the last end of which a reminder can be due today."""
    return today - timedelta(days=REMINDED_AT[-1] + LATEST), today - timedelta(days=REMINDED_AT[0])
