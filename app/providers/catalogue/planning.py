"""What a catalogue would change: each row held against the provider's solution profiles. Reads, and changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.kernel import audit
from app.kernel.forms.reading import one_line, paragraphs
from app.providers.catalogue.columns import COLUMNS, Column, unguarded, value_of
from app.providers.completeness import Proposed, gaps
from app.providers.models import LIVE, RETIRED, SolutionProfile

NEW, CHANGED, UNCHANGED, REFUSED = FATES = ("new", "changed", "unchanged", "refused")
MOST_OF_TITLE = 80


@dataclass(frozen=True)
class Difference:
    """One field that a row would change, as cells show it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """What one row would do."""

    row: int
    fate: str
    title: str
    profile_id: str = ""
    version: int = 0
    content: dict[str, Any] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    # of a refused row: the column in which it is mended, and how
    column: str = ""
    says: str = ""


@dataclass(frozen=True)
class Plan:
    """What a file would do, row by row; two plans of one mark would do the same to the same profiles."""

    entries: list[Entry]

    def of(self, fate: str) -> list[Entry]:
        """The rows of one fate, in the order of the file."""
        return [entry for entry in self.entries if entry.fate == fate]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each fate."""
        return {fate: len(self.of(fate)) for fate in FATES}

    @property
    def mark(self) -> str:
        """Changes with anything that would be done otherwise."""
        return audit.fingerprint([asdict(entry) for entry in self.entries])


class _Refused(Exception):
    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column, self.says = column, says


def plan_for(rows: Iterable[Mapping[str, Any]], profiles: Iterable[SolutionProfile]) -> Plan:
    """Hold each row against the profiles that there are, capabilities loaded."""
    return Plan(list(_Planning(profiles).entries(rows)))


class _Planning:
    """The profiles by what finds them, and which row spoke of which already."""

    def __init__(self, profiles: Iterable[SolutionProfile]) -> None:
        self._by_reference: dict[str, SolutionProfile] = {}
        self._by_title: dict[str, list[SolutionProfile]] = {}
        self._rows: dict[str, int] = {}
        for profile in profiles:
            self._by_reference[profile.id] = profile
            if profile.reference:
                self._by_reference[profile.reference] = profile
            if profile.state != RETIRED:
                self._by_title.setdefault(_key(profile.title), []).append(profile)

    def entries(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
        """What each row would do."""
        for row in rows:
            cells = {name: unguarded(cell) for name, cell in row.get("cells", {}).items()}
            title = one_line(cells.get("title", ""))[:MOST_OF_TITLE]
            try:
                if "says" in row:
                    raise _Refused(row["column"], row["says"])
                yield self._entry(row["row"], cells, title)
            except _Refused as refused:
                yield Entry(row["row"], REFUSED, title, column=refused.column, says=refused.says)

    def _entry(self, row: int, cells: dict[str, str], title: str) -> Entry:
        profile = self._meant(cells)
        self._once(row, cells, profile)
        if profile is None:
            content = _read(cells, COLUMNS)
            _refuse_odd_prices(content)
            if not content.get("title"):
                raise _Refused("title", "Enter a title: a new solution profile needs one.")
            return Entry(row, NEW, title, content={k: v for k, v in content.items() if v not in ("", None, [])})
        return _changes(row, cells, profile)

    def _meant(self, cells: dict[str, str]) -> SolutionProfile | None:
        """The profile that a row speaks of: by its reference, or else by its title; None for a new one."""
        reference, title = one_line(cells.get("reference", "")), _key(cells.get("title", ""))
        named = self._by_reference.get(reference) if reference else None
        alike = self._by_title.get(title, []) if title else []
        if named is not None and named.state == RETIRED:
            raise _Refused("reference", "This solution profile is retired. Bring it back before you change it.")
        if named is not None or not alike:
            return named
        if len(alike) > 1:
            says = f"You have {len(alike)} solution profiles of this title. Name one by its reference in your export."
            raise _Refused("reference", says)
        if reference and alike[0].reference:
            raise _Refused("reference", f"The profile of this title has another reference: {alike[0].reference}.")
        return alike[0]

    def _once(self, row: int, cells: dict[str, str], profile: SolutionProfile | None) -> None:
        """Refuse a row about what an earlier row spoke of."""
        reference, title = one_line(cells.get("reference", "")), _key(cells.get("title", ""))
        names = [f"profile {profile.id}"] if profile else []
        names += [f"reference {reference}"] if reference else []
        names += [f"title {title}"] if title and profile is None else []
        earlier = next((self._rows[name] for name in names if name in self._rows), None)
        if earlier is not None:
            raise _Refused("", f"Row {earlier} is about the same solution profile. Keep one of the two.")
        self._rows.update(dict.fromkeys(names, row))


def _key(title: str) -> str:
    return one_line(title).casefold()


def _read(cells: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, Any]:
    """The values of these columns, as far as the file has them."""
    return {column.field: _value(column, cells[name]) for name, column in columns.items() if name in cells}


def _value(column: Column, cell: str) -> Any:
    try:
        return column.read(cell)
    except ValueError as error:
        raise _Refused(column.name, str(error)) from None


def _changes(row: int, cells: Mapping[str, str], profile: SolutionProfile) -> Entry:
    content: dict[str, Any] = {}
    differences: list[Difference] = []
    for name, cell in cells.items():
        column, there = COLUMNS[name], value_of(profile, COLUMNS[name])
        before = column.write(there)
        # what is written as it was stays, also where today's rules would not take it
        if cell == before or paragraphs(cell) == paragraphs(before):
            continue
        value = _value(column, cell)
        if value == there or (name == "reference" and not value):
            continue
        content[column.field] = value
        shown = "" if name == "reference" else before
        differences.append(Difference(name, shown, column.write(value)))
    if not content:
        return Entry(row, UNCHANGED, profile.title, profile.id)
    _refuse_unsound(profile, content)
    return Entry(row, CHANGED, profile.title, profile.id, profile.version, content, tuple(differences))


def _refuse_unsound(profile: SolutionProfile, content: dict[str, Any]) -> None:
    if not content.get("title", profile.title):
        raise _Refused("title", "Enter a title.")
    _refuse_odd_prices({"low_pence": profile.low_pence, "high_pence": profile.high_pence, **content})
    missing = gaps(Proposed(profile, content)) if profile.state == LIVE else []
    if missing:
        raise _Refused(
            _column_of(missing[0].field), f"{missing[0].says}: a published solution profile must be complete."
        )


def _refuse_odd_prices(content: Mapping[str, Any]) -> None:
    low, high = content.get("low_pence"), content.get("high_pence")
    if high is not None and low is None:
        raise _Refused("lowest price", "Enter the lowest price too.")
    if high is not None and low is not None and high < low:
        raise _Refused("highest price", "The highest price must be the lowest price or more.")


def _column_of(attribute: str) -> str:
    return next((name for name, column in COLUMNS.items() if column.field == attribute), "")
