"""Needs from elsewhere: one row of an opportunities file or of a challenges file, read and checked."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.capabilities.choices import PLACES
from app.kernel import clock
from app.kernel.clock import LONDON
from app.kernel.importing import BadRow, Row

OPPORTUNITY = ("ID", "Opportunity", "Organisation Name", "Buyer Domain", "Published At", "Open For", "Status")
CALL = ("id", "title", "text", "opens", "closes", "sponsor")
SHAPES = {"opportunities": OPPORTUNITY, "challenges": CALL}

CLOSED, AWARDED, CANCELLED, UNSUCCESSFUL = STATUSES = ("closed", "awarded", "cancelled", "unsuccessful")
CATEGORIES = {
    "digital-outcomes": "Digital outcomes",
    "digital-specialists": "Digital specialists",
    "user-research-participants": "User research participants",
}
_PLACES = {label.lower(): key for key, label in PLACES.items()}
_DAYS = {"day": Decimal(1) / 5, "week": Decimal(1), "month": Decimal(52) / 12, "year": Decimal(52)}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, start=1)}
_LENGTH = re.compile(r"(?:up to )?(\d{1,3}|[a-z]+) ?(day|week|month|year)s?\.?", re.ASCII)
_SPONSORS = {
    "ktn": "Innovate UK",
    "innovate-uk": "Innovate UK",
    "ukri": "UK Research and Innovation",
    "mrc": "Medical Research Council",
    "esrc": "Economic and Social Research Council",
    "epsrc": "Engineering and Physical Sciences Research Council",
    "bbsrc": "Biotechnology and Biological Sciences Research Council",
    "ahrc": "Arts and Humanities Research Council",
    "stfc": "Science and Technology Facilities Council",
    "nerc": "Natural Environment Research Council",
    "ncsc": "National Cyber Security Centre",
    "dasa": "Defence and Security Accelerator",
    "ktnie": "Innovate UK",
    "research-england": "Research England",
}


@dataclass(frozen=True)
class Incoming:
    """One need as another site tells it."""

    source: str
    url: str
    title: str
    summary: str
    problem: str
    department: str
    domain: str
    published_at: datetime
    deadline_at: datetime
    status: str
    places: tuple[str, ...] = ()
    remote: bool | None = None
    length_weeks: int | None = None
    route: str = ""
    topics: tuple[str, ...] = ()
    low_pence: int | None = None
    high_pence: int | None = None
    # the day on which an announced call opens; None for one that opened
    opens_on: date | None = None

    @property
    def words(self) -> str:
        """All that names capabilities."""
        return "\n".join([self.title, self.summary, self.problem, *self.topics])


def read_row(row: Row, shape: str) -> Incoming:
    """A row of a file of this shape; a bad one raises BadRow."""
    return read_opportunity(row) if shape == "opportunities" else read_challenge(row)


def read_opportunity(row: Row) -> Incoming:
    """A row of the opportunities of Digital Outcomes and Specialists."""
    published = row.needed_day("Published At")
    status = row.needed("Status", most=40).lower()
    if status not in STATUSES:
        raise BadRow(f"Status must be {', '.join(STATUSES[:-1])} or {STATUSES[-1]}, not {status!r}.")
    place = row.text("Location Of The Work", most=100).lower()
    return Incoming(
        source=f"dos:{_number(row)}",
        url=_url(row.text("Link", most=2_000)),
        title=row.needed("Opportunity", most=200),
        summary=_summary(row),
        problem="",
        department=row.needed("Organisation Name", most=200),
        domain=row.text("Buyer Domain", most=200).lower(),
        published_at=_start_of(published),
        deadline_at=_end_of(published + _open_for(row)),
        status=status,
        places=(_PLACES[place],) if place in _PLACES else (),
        remote=True if place == "offsite" else None,
        length_weeks=weeks_in(row.text("Expected Contract Length", most=500)),
        route="further_competition",
        topics=(_words(row.text("Specialist", most=100)),),
    )


def read_challenge(row: Row) -> Incoming:
    """A row of the research and innovation calls."""
    closes = row.needed_day("closes")
    opens = row.day("opens") or closes
    if opens > closes:
        raise BadRow("opens is after closes.")
    sponsor = row.needed("sponsor", most=200)
    low, high = _money(row)
    return Incoming(
        source=f"challenge:{row.needed('id', most=100)}",
        url=_url(row.text("url", most=2_000)),
        title=row.needed("title", most=200),
        summary="",
        problem=row.needed("text", most=20_000),
        department=_SPONSORS.get(sponsor, sponsor),
        domain="",
        published_at=_start_of(opens),
        deadline_at=_end_of(closes),
        status=CLOSED,
        route="grant",
        topics=tuple(row.texts("topics")),
        low_pence=low,
        high_pence=high,
        opens_on=opens if _start_of(opens) > clock.now() else None,
    )


def _money(row: Row) -> tuple[int | None, int | None]:
    """The lowest and the highest amount, of files that tell them in columns; an amount in a text is nobody's frame."""
    low, high = row.pence("low"), row.pence("high")
    if low is not None and high is not None and low > high:
        raise BadRow("low is more than high.")
    return low, high


def _number(row: Row) -> str:
    number = row.needed("ID", most=20)
    if not (number.isascii() and number.isalnum()):
        raise BadRow(f"ID must be letters and digits, not {number!r}.")
    return number


def _summary(row: Row) -> str:
    """What the columns tell, in sentences; the opportunities' own text is not in the file."""
    category, specialist = row.text("Category", most=100), _words(row.text("Specialist", most=100))
    kind = CATEGORIES.get(category, category)
    length = row.text("Expected Contract Length", most=500).rstrip(".")
    said = [f"{kind}: {specialist}" if kind and specialist else kind, f"Expected length: {length}" if length else ""]
    return "".join(f"{sentence}. " for sentence in said if sentence).strip()


def _words(name: str) -> str:
    """`businessAnalyst` as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def weeks_in(text: str) -> int | None:
    """Whole weeks in a plainly written length (`2 years`, `Up to six months`); None for anything less plain."""
    found = _LENGTH.fullmatch(" ".join(text.lower().split()))
    if not found:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1], 0)
    weeks = round(number * _DAYS[found[2]])
    return max(1, weeks) if number > 0 and weeks <= 1_040 else None


def _open_for(row: Row) -> timedelta:
    weeks = weeks_in(row.needed("Open For", most=100))
    if weeks is None:
        raise BadRow(f"Open For must be a length such as 2 weeks, not {row.text('Open For')!r}.")
    return timedelta(weeks=weeks)


def _url(text: str) -> str:
    """An address that is safe as a link, or nothing."""
    return text if text.startswith(("https://", "http://")) and len(text) <= 300 and " " not in text else ""


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _end_of(day: date) -> datetime:
    """The last minute of the day: calls of this kind close before midnight."""
    return datetime.combine(day, time(23, 59), LONDON)
