"""Drafting: turning a section's content into rows, in place, so that what refers to a row keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.queries import organisations_by_id
from app.capabilities.models import Capability
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.needs.choices import MOST_INVITED, MOST_MEASURES, MOST_REQUIREMENTS
from app.needs.models import Need, Requirement, SuccessMeasure
from app.needs.sections import ROWS, SECTIONS

_MODELS: dict[str, Any] = {"measures": SuccessMeasure, "requirements": Requirement}
_MOST = {"measures": MOST_MEASURES, "requirements": MOST_REQUIREMENTS}


def proposed(need: Need, section: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The section's own fields of `content`, with capabilities loaded and rows as MeasureRow and RequirementRow."""
    if section not in SECTIONS:
        raise NotFound
    known = {each.name for each in SECTIONS[section].fields}
    found = {name: value for name, value in content.items() if name in known}
    for name in ("capabilities", "audience_capabilities"):
        if name in found:
            found[name] = _capabilities(found[name], _load([found[name]]))
    if "invited_organisations" in found:
        found["invited_organisations"] = _organisations(found["invited_organisations"])
    for name in ROWS:
        if name in found:
            found[name] = _rows(need, name, found[name])
    return found


def write(need: Need, content: Mapping[str, Any]) -> None:
    """Write content that `proposed` made into the need's row and the rows below it, and give new rows their ids."""
    for name, value in content.items():
        if name in ROWS:
            _write_rows(need, name, value)
        else:
            setattr(need, name, value)
    session().flush()


def _rows(need: Need, name: str, rows: Iterable[Any]) -> list[Any]:
    """The rows as their dataclass; one that names a row of another need is taken for a new one."""
    given = [dict(vars(row)) if isinstance(row, ROWS[name]) else dict(row) for row in rows]
    if len(given) > _MOST[name]:
        raise Conflict(f"A need has at most {_MOST[name]} of these.")
    known = {row.id for row in getattr(need, name)}
    loaded = _load([row.get("capabilities", []) for row in given]) if name == "requirements" else {}
    for row in given:
        row["id"] = row.get("id") if row.get("id") in known else None
        if "capabilities" in row:
            row["capabilities"] = _capabilities(row["capabilities"], loaded)
    return [ROWS[name](**row) for row in given]


def _write_rows(need: Need, name: str, rows: list[Any]) -> None:
    before = {row.id: row for row in getattr(need, name)}
    after = []
    for position, row in enumerate(rows, start=1):
        kept = before.get(row.id) or _MODELS[name]()
        for field, value in {**vars(row), "position": position}.items():
            if field != "id" and getattr(kept, field) != value:
                setattr(kept, field, value)
        after.append(kept)
    setattr(need, name, after)


def _load(lists: Iterable[Iterable[Any]]) -> dict[str, Capability]:
    wanted = {each for given in lists for each in given if isinstance(each, str)}
    if not wanted:
        return {}
    return {each.id: each for each in session().scalars(select(Capability).where(Capability.id.in_(wanted)))}


def _capabilities(given: Iterable[Any], loaded: Mapping[str, Capability]) -> list[Capability]:
    """Capabilities by id or as rows, each once; an id that names none is dropped."""
    found = [each if isinstance(each, Capability) else loaded.get(each) for each in given]
    return sorted({each.id: each for each in found if each}.values(), key=lambda each: each.name)


def _organisations(given: Iterable[Any]) -> list[Organisation]:
    """Suppliers and in-house teams by id or as rows, each once; what names none is dropped."""
    given = list(given)
    loaded = organisations_by_id(each for each in given if isinstance(each, str))
    found = [each if isinstance(each, Organisation) else loaded.get(each) for each in given]
    kept = {each.id: each for each in found if each and each.is_provider}
    if len(kept) > MOST_INVITED:
        raise Conflict(f"A need has at most {MOST_INVITED} invited organisations.")
    return sorted(kept.values(), key=lambda each: (each.name, each.id))
