"""Reading what people type: text, amounts, days and times of day. Pure functions; ValueError carries the sentence."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.kernel.display import MONTHS

MOST_PENCE = 100_000_000_000_00
# Direction overrides let a title pose as another, zero-width spaces let an empty one pass as filled in, and HTML has no
# place for surrogates and noncharacters.
_NONCHARACTERS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_UNSEEN = re.compile(f"[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
_AMOUNT = re.compile(r"£?\s*(\d{1,15}|\d{1,3}(?:[, ]\d{3}){1,4})(?:\.(\d{1,6}))?\s*(k|m|bn)?", re.ASCII | re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
_WHOLE = re.compile(r"-?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII | re.IGNORECASE)


def clean(text: str) -> str:
    """Text in Unicode's NFC, without control characters (PostgreSQL refuses NUL) and invisible tricks."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def one_line(text: str) -> str:
    """Clean text on one line, with single spaces."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """Clean text that keeps its lines, with at most one empty line between paragraphs."""
    lines = "\n".join(line.rstrip() for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def read_pence(text: str) -> int:
    """Pence from pounds as people type them: `£1,250,000`, `1250.50`, `1.25m`."""
    text = one_line(text)
    if text.lstrip("£ ").startswith(("-", "\u2212")):
        raise ValueError("must not be less than £0")
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise ValueError("must be an amount in pounds, like 1,250 or 1250.50")
    whole, decimals, times = found.groups()
    amount = Decimal(f"{re.sub('[, ]', '', whole)}.{decimals or 0}") * _TIMES.get((times or "").lower(), 1) * 100
    if amount != int(amount):
        raise ValueError("must not have parts of a penny")
    return int(amount)


def read_whole(text: str) -> int:
    """A whole number, with or without commas between thousands."""
    text = one_line(text).replace("\u2212", "-")
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number, like 25")
    return int(text.replace(",", ""))


def read_month(text: str) -> int | None:
    """1 to 12 from a number or a month's name, short or long."""
    text = text.lower().rstrip(".")
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    named = [number for number, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.lower().startswith(text)]
    return named[0] if named else None


def read_day(day: str, month: str, year: str) -> date:
    """A real date of the years 1000 to 9999 from its three parts."""
    number = read_month(month)
    if number is None or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (day, year)):
        raise ValueError("must be a real date")
    if len(year) != 4:
        raise ValueError("must have a year of 4 numbers, like 2027")
    try:
        return date(int(year), number, int(day))
    except ValueError:
        raise ValueError("must be a real date") from None


def read_time(text: str) -> time:
    """A time of day: `17:00`, `5pm`, `5.30pm`, `midday`."""
    if text.lower() in {"midday", "noon", "12 noon"}:
        return time(12)
    found = _CLOCK.fullmatch(text)
    hour, minute, half = (int(found[1]), int(found[2] or 0), (found[3] or "").lower()) if found else (99, 0, "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half or (found and not found[2]):
        hour = 99
    if hour > 23 or minute > 59:
        raise ValueError("must have a time like 5pm or 17:00")
    return time(hour, minute)


def read_moment(day: date, at: time, zone: str) -> datetime:
    """The moment in UTC. A time that the clocks skip is refused; of two, when they go back, the later one counts."""
    there = ZoneInfo(zone)
    try:
        moment = datetime.combine(day, at.replace(fold=1), there).astimezone(UTC)
        back = moment.astimezone(there)
    except OverflowError:
        raise ValueError("must be a real date") from None
    if (back.date(), back.time()) != (day, at):
        raise ValueError("must have a time that exists: the clocks go forward that night and skip this one")
    return moment
