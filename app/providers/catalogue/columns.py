"""The columns of a catalogue: how a value of a solution profile is written into a cell, and read out of one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.capabilities.models import AREA
from app.capabilities.queries import names_of, tree
from app.kernel.forms.reading import one_line, paragraphs, read_pence
from app.providers.choices import PRICE_UNITS
from app.providers.models import SolutionProfile

MOST_CAPABILITIES, MOST_TECHNOLOGIES, LONGEST_TECHNOLOGY = 15, 30, 60
MOST_CHARACTERS, MOST_PENCE = 5_000, 100_000_000_000_00
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_CONTINENTAL = re.compile(r"£?\s*(\d{1,3}(?:\.\d{3})+|\d{1,13}),(\d{1,2})", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
Read = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column: its name, the attribute that it is, how to read and write it, and what it means."""

    name: str
    field: str
    read: Read
    write: Callable[[Any], str]
    explained: str
    example: str = ""


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that `guarded` put there."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def value_of(profile: SolutionProfile, column: Column) -> Any:
    """What the profile says, as a cell would be read: its capabilities by id; without its own reference, its id."""
    if column.field == "capabilities":
        return sorted(capability.id for capability in profile.capabilities)
    if column.field == "reference":
        return profile.reference or profile.id
    return getattr(profile, column.field)


def _line(most: int) -> Read:
    def read(cell: str) -> str:
        text = one_line(cell)
        if len(text) > most:
            raise ValueError(f"Use {most} characters or fewer; it has {len(text):,}.")
        return text

    return read


def _words(most: int) -> Read:
    def read(cell: str) -> str:
        text = paragraphs(cell)
        if len(text.split()) > most:
            raise ValueError(f"Use {most} words or fewer; it has {len(text.split()):,}.")
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"Use {MOST_CHARACTERS:,} characters or fewer; it has {len(text):,}.")
        return text

    return read


def _one_of(labels: Mapping[str, str]) -> Read:
    known = {name.casefold(): key for key, label in labels.items() for name in (key, label)}

    def read(cell: str) -> str:
        name = one_line(cell)
        if name and name.casefold() not in known:
            raise ValueError(f"Use one of these: {'; '.join(labels.values())}. It says “{name[:60]}”.")
        return known[name.casefold()] if name else ""

    return read


def _some_of(labels: Mapping[str, str]) -> Read:
    read_one = _one_of(labels)

    def read(cell: str) -> list[str]:
        chosen = {read_one(name) for name in _parts(cell)}
        return [key for key in labels if key in chosen]

    return read


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|\n]", cell) if part.strip()]


def _written(labels: Mapping[str, str]) -> Callable[[Iterable[str]], str]:
    return lambda keys: "; ".join(labels.get(key, key) for key in keys)


def _technologies(cell: str) -> list[str]:
    names = list(dict.fromkeys(name for part in cell.split(",") if (name := one_line(part))))
    if len(names) > MOST_TECHNOLOGIES or any(len(name) > LONGEST_TECHNOLOGY for name in names):
        raise ValueError(f"Use {MOST_TECHNOLOGIES} names or fewer, each of {LONGEST_TECHNOLOGY} characters or fewer.")
    return names


def _capabilities(cell: str) -> list[str]:
    found = sorted({_capability(one_line(part)) for part in _parts(cell)})
    if len(found) > MOST_CAPABILITIES:
        raise ValueError(f"Use {MOST_CAPABILITIES} capabilities or fewer; it has {len(found)}.")
    return found


def _capability(name: str) -> str:
    node = tree().nodes.get(name.casefold())
    found = node.id if node and node.level != AREA else tree().matcher.named(name)
    if not found:
        raise ValueError(f"We do not know “{name[:60]}”. Use names from the page of capabilities, with ; between them.")
    return found


def _pence(cell: str) -> int | None:
    text = one_line(cell)
    if not text:
        return None
    continental = _CONTINENTAL.fullmatch(text)
    if continental:
        text = f"{continental[1].replace('.', '')}.{continental[2]}"
    try:
        pence = read_pence(text)
    except ValueError as error:
        raise ValueError(f"It {error}.") from None
    if pence > MOST_PENCE:
        raise ValueError("It must be £100,000,000,000 or less.")
    return pence


def _pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}" + (f".{pence % 100:02}" if pence % 100 else "")


def _yes_or_no(cell: str) -> bool | None:
    text = one_line(cell).casefold()
    if text and text not in YES | NO:
        raise ValueError(f"Use yes or no. It says “{text[:60]}”.")
    return text in YES if text else None


def _unit(cell: str) -> str:
    unit = one_line(cell).lower()
    if unit and unit not in PRICE_UNITS:
        raise ValueError(f"Use one of these: {'; '.join(PRICE_UNITS)}. It says “{unit[:60]}”.")
    return unit


def _plain(text: str | None) -> str:
    return text or ""


_SOME = "with ; between them"
COLUMNS = {
    column.name: column
    for column in (
        Column(
            *("reference", "reference", _line(60), _plain),
            "Your own name or number for it, by which a later file finds it. Leave it empty to be found by its title.",
        ),
        Column("title", "title", _line(200), _plain, "What you offer. Up to 200 characters."),
        Column("problem", "problem", _words(300), _plain, "The problem that you solve. Up to 300 words."),
        Column("approach", "approach", _words(500), _plain, "How you solve it. Up to 500 words."),
        Column("users", "users", _words(200), _plain, "Who it is for. Up to 200 words."),
        Column(
            *("capabilities", "capabilities", _capabilities, lambda ids: "; ".join(sorted(names_of(ids).values()))),
            f"Names from the page of capabilities, {_SOME}.",
        ),
        Column("technologies", "technologies", _technologies, ", ".join, "Names with commas between them."),
        Column("lowest price", "low_pence", _pence, _pounds, "Pounds.", "650"),
        Column(
            *("highest price", "high_pence", _pence, _pounds),
            *("Pounds. Leave it empty when there is one price.", "1250.50"),
        ),
        Column("unit", "price_unit", _unit, _plain, "What the price is for.", "; ".join(PRICE_UNITS)),
        Column(
            *("clearance", "clearance", _one_of(CLEARANCES), lambda key: str(CLEARANCES.get(key, key))),
            *("The highest security clearance that your people hold.", "; ".join(CLEARANCES.values())),
        ),
        Column(
            *("places", "places", _some_of(PLACES), _written(PLACES)),
            *(f"Where you can do it on site, {_SOME}.", "; ".join(PLACES.values())),
        ),
        Column(
            *("remote", "remote", _yes_or_no, lambda value: {True: "yes", False: "no"}.get(value, "")),
            *("Whether you can do it remotely.", "yes; no"),
        ),
        Column(
            *("standards", "standards", _some_of(STANDARDS), _written(STANDARDS)),
            *(f"Which standards you meet, {_SOME}.", "; ".join(STANDARDS.values())),
        ),
    )
}
