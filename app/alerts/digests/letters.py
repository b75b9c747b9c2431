"""The words of mail that tells what alerts found: what the needs' pages show to everybody, and nothing of responses."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from app.accounts.models import Person
from app.alerts.models import AT_ONCE, DAILY, AlertFinding, Notification
from app.kernel import display
from app.needs.ladder import LADDER
from app.needs.models import Need

# what is beyond stands on the page; a mail that nobody reads to its end tells nothing
MOST = 40
MANY = {AT_ONCE: "at once", DAILY: "once a day"}


@dataclass(frozen=True)
class Told:
    """What one digest tells one person."""

    person: Person
    how_often: str
    findings: Sequence[AlertFinding]
    notifications: Sequence[Notification]

    @property
    def count(self) -> int:
        return len(self.findings) + len(self.notifications)


def subject(told: Told) -> str:
    """The subject of a digest: the need itself where there is only one."""
    if told.count == 1:
        return f"New need: {told.findings[0].need.title}" if told.findings else told.notifications[0].text
    needs = display.plural(len({each.need_id for each in told.findings}), "new need")
    news = display.plural(len(told.notifications), "notification")
    parts = [*([needs] if told.findings else []), *([news] if told.notifications else [])]
    return f"Your alerts: {' and '.join(parts)}"


def body(told: Told, address: str, stop: str) -> str:
    """The body of a digest: alert by alert, then notifications, then how to stop it."""
    parts = [f"Hello {told.person.name},"]
    shown = told.findings[:MOST]
    for _alert_id, found in groupby(shown, key=attrgetter("alert_id")):
        rows = list(found)
        parts += [_heading(rows[0].alert.title), *(_line(row, address) for row in rows)]
    news = told.notifications[: MOST - len(shown)]
    if news:
        parts += [_heading("What happened"), *(f"{each.text}\n{address}{each.path}" for each in news)]
    if told.count > len(shown) + len(news):
        parts.append(f"There is more: {told.count - len(shown) - len(news)}. Read it here:\n{address}/alerts")
    return "\n\n".join([*parts, _ending(told, address, stop)])


def _heading(text: str) -> str:
    return f"{text}\n{'-' * min(len(text), 70)}"


def _line(row: AlertFinding, address: str) -> str:
    need: Need = row.need
    said = f"{display.words(each.name for each in need.departments)}. {LADDER[need.rung].label}."
    limited = " Not everybody can take part." if need.is_limited else ""
    reason = f"\n{row.reason}" if row.reason else ""
    return f"{need.title}\n{said}{limited}{reason}\n{address}/needs/{need.id}"


def _ending(told: Told, address: str, stop: str) -> str:
    often = MANY.get(told.how_often, "once a week")
    return (
        f"You get this {often}, because you asked for it. To stop this mail:\n{stop}\n"
        f"To pause or change your alerts:\n{address}/alerts\nDo not reply: nobody reads this address.\n"
    )
