"""The sections of a need: which fields each holds, how they are called, and how their values read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.capabilities.models import Capability
from app.kernel import audit, display
from app.needs.audience import read_invited
from app.needs.choices import AUDIENCE_REASONS, AUDIENCES, CONFIDENCE, KINDS, PAYMENTS, ROUTES, TIME_ZONES
from app.needs.ladder import LADDER, Missing
from app.needs.models import EVERYBODY, Need

Reader = Callable[[Any], str]


@dataclass(frozen=True)
class Field:
    """One field of a section: its column, its name for people, and how its value reads."""

    name: str
    label: str
    read: Reader = str

    def tell(self, need: Any) -> str:
        """How the field of this need reads; a deadline on the clocks of the need's own place."""
        value = getattr(need, self.name)
        is_local = self.name in ("deadline_at", "questions_until")
        return display.deadline(value, need.time_zone) if is_local and value else self.read(value)


@dataclass(frozen=True)
class Section:
    """One page of the form, that can be left and resumed."""

    key: str
    title: str
    group: str
    fields: tuple[Field, ...]


@dataclass
class MeasureRow:
    """A success measure as a form gives it; `id` names the row that it changes."""

    id: str | None = None
    outcome: str = ""
    measure: str = ""
    baseline: str = ""
    target: str = ""
    due_on: date | None = None


@dataclass
class RequirementRow:
    """A requirement as a form gives it; `id` names the row that it changes."""

    id: str | None = None
    text: str = ""
    kind: str = "must"
    weight: int = 0
    capabilities: list[Capability] = field(default_factory=list)


def _given(read: Reader) -> Reader:
    """Nothing reads as nothing, so that a page can say so in its own words."""
    return lambda value: "" if value is None else read(value)


def _yes_no(value: bool | None) -> str:
    return {True: "Yes", False: "No", None: ""}[value]


def _weeks(count: int) -> str:
    return display.plural(count, "week")


def _label(labels: Mapping[str, str]) -> Reader:
    return lambda value: labels.get(value, value or "")


def _labels(labels: Mapping[str, str]) -> Reader:
    return lambda values: ", ".join(labels.get(value, value) for value in values or [])


def _names(capabilities: list[Capability]) -> str:
    return ", ".join(capability.name for capability in capabilities)


def read_measure(row: Any) -> str:
    """A success measure in one line."""
    parts = [row.outcome, row.measure and f"measured by {row.measure}"]
    parts += [row.baseline and f"from {row.baseline}", row.target and f"to {row.target}"]
    return ", ".join(part for part in [*parts, row.due_on and f"by {display.day(row.due_on)}"] if part)


def read_requirement(row: Any) -> str:
    """A requirement in one line."""
    tags = f"; {_names(row.capabilities)}" if row.capabilities else ""
    return f"{row.text} ({KINDS[row.kind].lower()}, weight {row.weight}{tags})"


def _lines(read: Reader) -> Reader:
    return lambda rows: "\n".join(read(row) for row in rows)


_ABOUT, _WANTED, _BUYING, _PUBLISHING = "About the need", "What you want", "How you will buy", "Before you publish"

SECTIONS = {
    section.key: section
    for section in (
        Section(
            "basics",
            "Title, summary and capabilities",
            _ABOUT,
            (Field("title", "Title"), Field("summary", "Summary"), Field("capabilities", "Capabilities", _names)),
        ),
        Section(
            "problem",
            "The problem and who has it",
            _ABOUT,
            (Field("problem", "Problem"), Field("users", "Who has the problem")),
        ),
        Section(
            "background",
            "What was done already",
            _ABOUT,
            (Field("done_already", "What was done already"), Field("supplied_today", "Who supplies it today")),
        ),
        Section(
            "outcomes",
            "Outcomes and success measures",
            _WANTED,
            (Field("measures", "Outcome", _lines(read_measure)),),
        ),
        Section(
            "requirements",
            "Requirements and weights",
            _WANTED,
            (
                Field("price_weight", "Weight of the price"),
                Field("requirements", "Requirement", _lines(read_requirement)),
            ),
        ),
        Section(
            "constraints",
            "Constraints",
            _WANTED,
            (
                Field("clearance", "Security clearance", _label(CLEARANCES)),
                Field("places", "Places", _labels(PLACES)),
                Field("remote", "Can be done remotely", _yes_no),
                Field("standards", "Standards", _labels(STANDARDS)),
            ),
        ),
        Section(
            "money",
            "Money",
            _BUYING,
            (
                Field("low_pence", "Lowest amount", _given(display.pounds)),
                Field("high_pence", "Highest amount", _given(display.pounds)),
                Field("approved", "Money approved", _yes_no),
                Field("payment", "How the work is paid", _label(PAYMENTS)),
            ),
        ),
        Section(
            "timing",
            "Time",
            _BUYING,
            (
                Field("wanted_by", "Wanted by", _given(display.day)),
                Field("length_weeks", "Length of the work", _given(_weeks)),
                Field("deadline_at", "Deadline for responses", _given(display.deadline)),
                Field("questions_until", "Questions until", _given(display.deadline)),
                Field("time_zone", "Time zone of the deadline", _label(TIME_ZONES)),
            ),
        ),
        Section(
            "audience",
            "Who can take part",
            _BUYING,
            (
                Field("audience", "Who can take part", _label(AUDIENCES)),
                Field("audience_capabilities", "Capabilities of those who can take part", _names),
                Field("audience_reason", "Reason for inviting", _label(AUDIENCE_REASONS)),
                Field("audience_note", "Why not everybody can take part"),
                Field("invited_organisations", "Invited", read_invited),
            ),
        ),
        Section("route", "Procurement route", _BUYING, (Field("route", "Procurement route", _label(ROUTES)),)),
        Section(
            "rung",
            "How firm the need is",
            _PUBLISHING,
            (
                Field("rung", "Rung", lambda value: LADDER[value].label),
                Field("confidence_need", "How sure the need is", _label(CONFIDENCE)),
                Field("confidence_money", "How sure the money is", _label(CONFIDENCE)),
                Field("expected_open_on", "Expected to open on", _given(display.day)),
                Field("review_on", "Looked at again by", _given(display.day)),
            ),
        ),
    )
}
AMENDABLE = [key for key in SECTIONS if key != "rung"]
# fields that hold rows of other rooms
LINKED = ("capabilities", "audience_capabilities", "invited_organisations")
# how a section reads that nobody has touched
UNTOUCHED = ("", "0", AUDIENCES[EVERYBODY])
ROWS: dict[str, Any] = {"measures": MeasureRow, "requirements": RequirementRow}


class Proposed:
    """A need as it would be with other content in some fields; what is derived is derived from that content."""

    def __init__(self, need: Need, content: Mapping[str, Any]) -> None:
        self._need, self._content = need, content

    def __getattr__(self, name: str) -> Any:
        if name in self._content:
            return self._content[name]
        derived = getattr(type(self._need), name, None)
        return derived.fget(self) if isinstance(derived, property) and derived.fget else getattr(self._need, name)


def stored(need: Any, section: str) -> dict[str, Any]:
    """What a section holds, as JSON values (and dates)."""
    return {each.name: _plain(each.name, getattr(need, each.name)) for each in SECTIONS[section].fields}


def _plain(name: str, value: Any) -> Any:
    if name in ROWS:
        fields = ROWS[name].__dataclass_fields__
        return [{each: _plain(each, getattr(row, each)) for each in fields} for row in value]
    return sorted(each.id for each in value) if name in LINKED else value


def fingerprint(need: Need, section: str) -> str:
    """A short mark of what a section holds: a form that carries it can tell whether somebody changed it meanwhile."""
    return audit.fingerprint(stored(need, section))


def told(need: Any, section: str) -> list[tuple[str, str]]:
    """What a section holds, as people read it: each field's name and value."""
    return [(each.label, each.tell(need)) for each in SECTIONS[section].fields]


def standing(need: Need, section: str, lacks: list[Missing]) -> str:
    """How far a section has come: *done*, *begun*, *empty* (asked for and not begun) or *optional*."""
    lacking = any(each.section == section for each in lacks)
    begun = any(each.tell(need) not in UNTOUCHED for each in SECTIONS[section].fields if each.name != "time_zone")
    return ("begun" if begun else "empty") if lacking else ("done" if begun else "optional")
