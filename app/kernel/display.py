"""How values are said to people: money, days, moments, numbers and lists. The factory makes them Jinja filters."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.kernel import clock

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONDON = "Europe/London"
NOT_GIVEN = "Not given"
_UNITS = ((365, "year"), (30, "month"), (7, "week"), (1, "day"))


def pounds(pence: int | None) -> str:
    """`£1,250,000`, with pence only when there are."""
    if pence is None:
        return NOT_GIVEN
    sign, pence = ("-" if pence < 0 else ""), abs(pence)
    return f"{sign}£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def short_pounds(pence: int | None) -> str:
    """`£1.25m`, `£250k`: for lists, where the last pound does not matter."""
    if pence is None:
        return NOT_GIVEN
    for size, letter in ((100_000_000_000, "bn"), (100_000_000, "m"), (100_000, "k")):
        if pence >= size:
            return f"£{pence / size:.2f}".rstrip("0").rstrip(".") + letter
    return pounds(pence)


def money_range(low: int | None, high: int | None) -> str:
    """`£1m to £2m`, `Up to £2m`, `From £1m`."""
    if low is None and high is None:
        return NOT_GIVEN
    if low is None or low == 0 or low == high:
        return ("" if low and low == high else "Up to ") + short_pounds(high) if high is not None else short_pounds(low)
    return f"From {short_pounds(low)}" if high is None else f"{short_pounds(low)} to {short_pounds(high)}"


def day(value: date | None) -> str:
    """`3 March 2027`."""
    if value is None:
        return NOT_GIVEN
    value = value.astimezone(ZoneInfo(LONDON)) if isinstance(value, datetime) else value
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date | None) -> str:
    """`3 Mar 2027`."""
    return " ".join(part[:3] if part.isalpha() else part for part in day(value).split()) if value else NOT_GIVEN


def clock_time(value: datetime) -> str:
    """`5:00pm`."""
    return f"{value.hour % 12 or 12}:{value.minute:02}{'am' if value.hour < 12 else 'pm'}"


def moment(value: datetime | None, zone: str = LONDON) -> str:
    """`3 March 2027 at 5:00pm`, by the clocks of `zone`."""
    if value is None:
        return NOT_GIVEN
    there = value.astimezone(ZoneInfo(zone))
    return f"{there.day} {MONTHS[there.month - 1]} {there.year} at {clock_time(there)}"


def deadline(value: datetime | None, zone: str = LONDON) -> str:
    """`5:00pm GMT, Wednesday 3 March 2027`: nobody may be in doubt."""
    if value is None:
        return NOT_GIVEN
    there = value.astimezone(ZoneInfo(zone))
    date_there = f"{WEEKDAYS[there.weekday()]} {there.day} {MONTHS[there.month - 1]} {there.year}"
    return f"{clock_time(there)} {there.tzname()}, {date_there}"


def _span(length: timedelta) -> str:
    days = length.days
    for size, unit in _UNITS:
        if days >= size * (2 if unit in {"week", "month"} else 1):
            return plural(days // size, unit)
    hours, minutes = length.seconds // 3600, length.seconds // 60
    return plural(hours, "hour") if hours else plural(minutes, "minute") if minutes else "less than a minute"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """`3 days ago`."""
    if value is None:
        return "Never"
    length = (now or clock.now()) - value
    return "just now" if length < timedelta(minutes=1) else f"{_span(length)} ago"


def remaining(value: datetime | None, now: datetime | None = None) -> str:
    """`2 days left`; at the deadline itself it is `Closed`."""
    if value is None:
        return NOT_GIVEN
    length = value - (now or clock.now())
    return f"{_span(length)} left" if length > timedelta() else "Closed"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 need`, `2 needs`, `1,200 needs`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def words(items: Iterable[Any], last: str = "and") -> str:
    """`a, b and c`."""
    texts = [str(item) for item in items]
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}" if len(texts) > 1 else "".join(texts)


def number(value: float | None) -> str:
    """`12,345`."""
    return NOT_GIVEN if value is None else f"{value:,}"


def percent(ratio: float | None) -> str:
    """`43%`."""
    return NOT_GIVEN if ratio is None else f"{ratio * 100:.0f}%"


def first_words(text: str, count: int = 30) -> str:
    """The beginning of a text, cut between words."""
    found = (text or "").split()
    return " ".join(found[:count]) + ("…" if len(found) > count else "")


def paragraphs(text: str | None) -> Markup:
    """Text as escaped paragraphs: an empty line parts two, and other line ends are kept."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text or "") if part.strip()]
    line_end = Markup("<br>")
    return Markup("").join(
        Markup('<p class="govuk-body">{}</p>').format(line_end.join(part.split("\n"))) for part in parts
    )


FILTERS: dict[str, Callable[..., str]] = {
    "pounds": pounds,
    "short_pounds": short_pounds,
    "day": day,
    "short_day": short_day,
    "moment": moment,
    "deadline": deadline,
    "ago": ago,
    "remaining": remaining,
    "plural": plural,
    "words": words,
    "number": number,
    "percent": percent,
    "first_words": first_words,
    "paragraphs": paragraphs,
}
