"""What of a need comes along into another: a decision for each field, and the content that is left of it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.kernel import audit
from app.needs.sections import ROWS, SECTIONS, stored

# a date comes along while it is still ahead; what stays is for the new need's people to decide or to find out
COMES, AHEAD, STAYS = "comes", "comes while it is ahead", "stays"
FIELDS = {
    "title": COMES,
    "summary": COMES,
    "capabilities": COMES,
    "problem": COMES,
    "users": COMES,
    "done_already": COMES,
    "supplied_today": STAYS,
    "measures": COMES,
    "price_weight": COMES,
    "requirements": COMES,
    "clearance": COMES,
    "places": COMES,
    "remote": COMES,
    "standards": COMES,
    "low_pence": COMES,
    "high_pence": COMES,
    "approved": STAYS,
    "payment": COMES,
    "wanted_by": AHEAD,
    "length_weeks": COMES,
    "deadline_at": STAYS,
    "time_zone": COMES,
    "route": COMES,
    "rung": STAYS,
    "confidence_need": STAYS,
    "confidence_money": STAYS,
    "expected_open_on": STAYS,
    "review_on": STAYS,
    "questions_until": STAYS,
    "audience": STAYS,
    "audience_reason": STAYS,
    "audience_note": STAYS,
    "audience_capabilities": STAYS,
    "invited_organisations": STAYS,
}
ROW_FIELDS = {
    "measures": {"outcome": COMES, "measure": COMES, "baseline": COMES, "target": COMES, "due_on": AHEAD},
    "requirements": {"text": COMES, "kind": COMES, "weight": COMES, "capabilities": COMES},
}
Content = dict[str, dict[str, Any]]


def content_of(need: Any) -> Content:
    """Everything that the sections of a need hold, as JSON."""
    told: Content = json.loads(audit.canonical({section: stored(need, section) for section in SECTIONS}))
    return told


def coming_along(content: Mapping[str, Any], today: date) -> Content:
    """What of it goes into a new draft, by section; a field that nobody has decided on stays where it is."""
    return {section: _decided(fields, FIELDS, today) for section, fields in content.items() if isinstance(fields, dict)}


def _decided(fields: Mapping[str, Any], table: Mapping[str, str], today: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        rule = table.get(name, STAYS)
        if rule == AHEAD:
            found[name] = _ahead(value, today)
        elif rule == COMES:
            found[name] = [_row(name, row, today) for row in value] if name in ROWS else value
    return found


def _row(name: str, row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A row without its id, so that it becomes one of its own; of what rows have today."""
    known = ROWS[name].__dataclass_fields__
    return _decided({each: value for each, value in row.items() if each in known}, ROW_FIELDS[name], today)


def _ahead(value: Any, today: date) -> date | None:
    when = date.fromisoformat(value) if isinstance(value, str) and value else None
    return when if when and when > today else None


def left_out() -> list[str]:
    """The names, for people, of what never comes along: a whole section, or fields of one."""
    found: list[str] = []
    for section in SECTIONS.values():
        left = [each.label for each in section.fields if FIELDS.get(each.name) != COMES]
        found += [section.title] if len(left) == len(section.fields) else left
    return found
