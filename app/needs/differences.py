"""Differences: what an amendment changes, as lines that people can read."""

from collections.abc import Mapping
from typing import Any

from app.needs.models import Need
from app.needs.sections import SECTIONS, Proposed, read_measure, read_requirement

_ROWS = {"measures": ("Outcome", read_measure), "requirements": ("Requirement", read_requirement)}
Change = dict[str, str]


def changes(need: Need, section: str, content: Mapping[str, Any]) -> list[Change]:
    """What `content` would change in a section: what it is called, what was and what would be."""
    after = Proposed(need, content)
    found: list[Change] = []
    for each in SECTIONS[section].fields:
        if each.name not in content:
            continue
        if each.name in _ROWS:
            found += _row_changes(each.name, getattr(need, each.name), content[each.name])
        else:
            found += _changed(each.label, each.tell(need), each.tell(after))
    return found


def _changed(what: str, was: str, now: str) -> list[Change]:
    return [{"what": what, "was": was, "is": now}] if was != now else []


def _row_changes(name: str, before: list[Any], after: list[Any]) -> list[Change]:
    noun, read = _ROWS[name]
    kept = {row.id: row for row in after if row.id}
    found: list[Change] = []
    for number, row in enumerate(before, start=1):
        new = kept.get(row.id)
        found += _changed(f"{noun} {number}", read(row), read(new) if new else "")
    for row in after:
        if not row.id:
            found += _changed(f"New {noun.lower()}", "", read(row))
    return found
