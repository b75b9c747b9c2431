"""Differences: what an amendment changes, as lines that people can read."""

from collections.abc import Mapping
from typing import Any

from app.needs.audience import read_invited
from app.needs.models import Need
from app.needs.sections import SECTIONS, Field, Proposed, read_measure, read_requirement

_ROWS = {"measures": ("Outcome", read_measure), "requirements": ("Requirement", read_requirement)}
Change = dict[str, str]


def changes(need: Need, section: str, content: Mapping[str, Any]) -> list[Change]:
    """What `content` would change in a section: what it is called, what was and what would be."""
    return [change for changed in _by_field(need, section, content).values() for change in changed]


def changed_fields(need: Need, section: str, content: Mapping[str, Any]) -> list[str]:
    """The names of the fields that `content` would change."""
    return [name for name, changed in _by_field(need, section, content).items() if changed]


def _by_field(need: Need, section: str, content: Mapping[str, Any]) -> dict[str, list[Change]]:
    after = Proposed(need, content)
    # an amendment of any section can move the deadline
    fields = {each.name: each for key in (section, "timing") for each in SECTIONS[key].fields}
    return {name: _changes_of(each, need, after) for name, each in fields.items() if name in content}


def _changes_of(each: Field, need: Any, after: Any) -> list[Change]:
    was, now = getattr(need, each.name), getattr(after, each.name)
    if each.name in _ROWS:
        return _row_changes(each.name, was, now)
    if each.name == "invited_organisations":
        return _invited_changes(each.label, was, now)
    return _changed(each.label, each.tell(need), each.tell(after))


def _invited_changes(what: str, was: list[Any], now: list[Any]) -> list[Change]:
    """How many came and went: who they are is not public before the need is concluded."""
    before, after = {each.id for each in was}, {each.id for each in now}
    if before == after:
        return []
    moved = [f"{len(ids)} {word}" for ids, word in ((after - before, "added"), (before - after, "taken off")) if ids]
    now_read = read_invited(now) or "None"
    return [{"what": what, "was": read_invited(was), "is": f"{now_read} ({', '.join(moved)})"}]


def _changed(what: str, was: str, now: str) -> list[Change]:
    return [{"what": what, "was": was, "is": now}] if was != now else []


def _row_changes(name: str, before: list[Any], after: list[Any]) -> list[Change]:
    noun, read = _ROWS[name]
    kept = {row.id: row for row in after if row.id}
    found: list[Change] = []
    for number, row in enumerate(before, start=1):
        new = kept.get(row.id)
        changed = _changed(f"{noun} {number}", read(row), read(new) if new else "")
        found += [{**change, "row": row.id} for change in changed]
    for row in after:
        if not row.id:
            found += _changed(f"New {noun.lower()}", "", read(row))
    return found
