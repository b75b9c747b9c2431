"""Reading vocabularies: the one that Clarion brings with it, and further ones as YAML or CSV, into checked entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.capabilities.models import AREA, CAPABILITY, SKILL
from app.capabilities.phrases import fault_of, fold
from app.kernel.importing import BadLine, BadRow, Listed, Row, TextFile, WrongFile

SHIPPED = Path(__file__).with_name("vocabulary.yaml")
COLUMNS = ("id", "level", "parent", "name")
MOST_LINES = 50_000
LEVELS = (AREA, CAPABILITY, SKILL)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CPV = re.compile(r"(\d{8})(-\d)?")
_LINE = "line of the file"


@dataclass(frozen=True)
class Entry:
    """One capability as a vocabulary file has it."""

    id: str
    level: str
    parent_id: str | None
    name: str
    description: str
    synonyms: tuple[str, ...]
    codes: frozenset[tuple[str, str]]


def entry_of(row: Row) -> Entry:
    """The entry in a row, checked for itself; BadRow says what is wrong."""
    slug, level = row.needed("id", most=60), row.needed("level", most=20)
    if not _SLUG.fullmatch(slug):
        raise BadRow("id must be small letters, numbers and hyphens, such as data-engineering.")
    if level not in LEVELS:
        raise BadRow(f"level must be one of {', '.join(LEVELS)}, not {level!r}.")
    parent_id = row.text("parent", most=60) or None
    if (level == AREA) != (parent_id is None):
        raise BadRow("An area has no parent." if parent_id else f"The parent of a {level} is missing.")
    codes = {("CPV", cpv_code(each)) for each in row.texts("cpv")} | {
        ("DDAT", each) for each in row.texts("ddat", most=120)
    }
    return Entry(
        slug,
        level,
        parent_id,
        row.needed("name", most=120),
        row.text("description", most=500),
        _synonyms(row),
        frozenset(codes),
    )


def _synonyms(row: Row) -> tuple[str, ...]:
    kept = {fold(row.text("name")): ""}
    for phrase in row.texts("synonyms", most=120):
        if fault := fault_of(phrase):
            raise BadRow(fault)
        kept.setdefault(fold(phrase), " ".join(phrase.lower().split()))
    return tuple(phrase for phrase in kept.values() if phrase)


def cpv_code(text: str) -> str:
    """The eight digits of a CPV code, without its check digit."""
    found = _CPV.fullmatch(text.strip())
    if found is None:
        raise BadRow(f"A CPV code has eight digits, not {text!r}.")
    return found[1]


def is_yaml(path: Path) -> bool:
    """Whether the name says YAML, compressed or not."""
    return any(suffix.lower() in {".yaml", ".yml"} for suffix in path.suffixes[-2:])


def read_vocabulary(path: Path) -> Listed:
    """The entries of a YAML vocabulary as rows, each after its parent; WrongFile when it is none."""
    try:
        whole = yaml.load(_text_of(path), Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WrongFile(path, f"It is not YAML: line {line}: {error.problem or error.context}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WrongFile(path, "It is not YAML that can be read.") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("areas"), list):
        raise WrongFile(path, "It has no list of `areas`.")
    return Listed(path.name, list(_rows(whole["areas"], 0, None)))


def _text_of(path: Path) -> str:
    parts: list[str] = []
    with TextFile(path) as file:
        for line in file.lines():
            if isinstance(line, BadLine):
                raise WrongFile(path, f"Line {line.line}: {line.reason}")
            parts.append(line[1])
            if line[0] > MOST_LINES:
                raise WrongFile(path, f"A vocabulary has at most {MOST_LINES:,} lines.")
    return "".join(parts)


def _rows(entries: Any, depth: int, parent: str | None) -> Iterator[Row | BadLine]:
    """An area's, a capability's or a skill's own row, then those of what it holds."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict):
            yield BadLine(0, f"Something within {parent or 'areas'} is not an entry.", str(entry)[:500])
            continue
        inner = [entry.pop(key, None) or [] for key in ("capabilities", "skills")]
        yield Row(entry.pop(_LINE, 0), {"level": LEVELS[min(depth, 2)], "parent": parent, **entry})
        for held in inner:
            yield from _rows(held, depth + 1, str(entry.get("id")))


class _Loader(yaml.SafeLoader):
    """YAML that is plain data: each entry knows its line, and nothing is said once and repeated by reference."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        return {**super().construct_mapping(node, deep=deep), _LINE: node.start_mark.line + 1}
