"""Changing the vocabulary: bringing it in from files, and adding what else people write."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.capabilities import queries
from app.capabilities.models import AREA, CAPABILITY, SKILL, Capability, CapabilityCode, OutsideCode, Synonym
from app.capabilities.phrases import fault_of, fold
from app.capabilities.vocabulary import COLUMNS, SHIPPED, Entry, cpv_code, entry_of, is_yaml, read_vocabulary
from app.kernel import audit, db
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.importing import (
    BadRow,
    Counts,
    Imported,
    Progress,
    Row,
    Source,
    Take,
    Taken,
    bring_in,
    open_table,
    recognise,
)

CodeOf = Callable[[Row], tuple[str, str, str]]
PARENT_LEVEL = {AREA: None, CAPABILITY: AREA, SKILL: CAPABILITY}
SHAPES = {
    "CPV codes": ("code", "label", "parent"),
    "DDaT skills": ("Skill Name", "Skill Description"),
    "further capabilities": COLUMNS,
}


class _List:
    """The codes of an outside scheme, or a vocabulary file: what the audit names when many rows come in at once."""

    def __init__(self, table: str, name: str) -> None:
        self.__tablename__ = table
        self.id = name[:50]


def add_synonym(capability: Capability, phrase: str, *, by: Any) -> Synonym:
    """Have a phrase stand for a capability from now on."""
    if fault := fault_of(phrase):
        raise Conflict(fault)
    if owner := queries.find_capability_named(phrase):
        raise Conflict(f"“{phrase}” means {owner.name} already.")
    synonym = Synonym(capability_id=capability.id, phrase=" ".join(phrase.lower().split()))
    capability.synonyms.append(synonym)
    queries.forget_tree()
    audit.record("add_synonym", capability, by=by, facts={"phrase": synonym.phrase})
    return synonym


def load_vocabulary(progress: Progress | None = None, *, retire: bool = False) -> Imported:
    """Bring in the vocabulary that Clarion ships with, outside any transaction; a second time changes nothing.

    What it has no longer stays, unless `retire` says otherwise. Moves: capabilities current -> retired, and back.
    """
    source = read_vocabulary(SHIPPED)
    result = _bring_in_entries(source, progress, None)
    if retire:
        with db.transaction():
            retired = _retire_others({row.text("id") for row in source.rows() if isinstance(row, Row)})
        return Imported(result.added, result.changed + retired, result.unchanged, result.bad)
    return result


def import_capabilities(path: Path, progress: Progress | None = None, *, reports: Path | None = None) -> Imported:
    """Bring in CPV codes, DDaT skills or further capabilities, outside any transaction; WrongFile when it is none."""
    if is_yaml(path):
        return _bring_in(read_vocabulary(path), "further capabilities", progress, reports)
    with open_table(path) as table:
        return _bring_in(table, recognise(table, SHAPES), progress, reports)


def _bring_in(source: Source, shape: str, progress: Progress | None, reports: Path | None) -> Imported:
    if shape == "further capabilities":
        return _bring_in_entries(source, progress, reports)
    scheme, code_of = ("CPV", _cpv_of) if shape == "CPV codes" else ("DDAT", _skill_of)

    def close(counts: Counts) -> None:
        facts = {"file": source.name, **{taken.value: count for taken, count in sorted(counts.items(), key=str)}}
        audit.record("import_codes", _List("outside_codes", scheme), by=None, facts=facts)

    return bring_in(source, _code_taker(scheme, code_of), reports=reports, closing=close, progress=progress)


def _cpv_of(row: Row) -> tuple[str, str, str]:
    parent = row.text("parent")
    return cpv_code(row.needed("code")), row.needed("label", most=300), cpv_code(parent) if parent else ""


def _skill_of(row: Row) -> tuple[str, str, str]:
    name = row.needed("Skill Name", most=120)
    return name, name, ""


def _code_taker(scheme: str, code_of: CodeOf) -> Callable[[list[Row]], Take]:
    """Brings in rows of an outside scheme's codes; a code that stands twice in the file comes in once."""
    lines: dict[str, int] = {}

    def prepare(rows: list[Row]) -> Take:
        known = {code.code: code for code in session().scalars(_codes_of(scheme, code_of, rows))}

        def take(row: Row) -> Taken:
            code, label, parent = code_of(row)
            if lines.setdefault(code, row.line) != row.line:
                raise BadRow(f"{code} stands in line {lines[code]} already.")
            found = known.get(code)
            if found is None:
                known[code] = OutsideCode(scheme=scheme, code=code, label=label, parent_code=parent)
                session().add(known[code])
                return Taken.ADDED
            before = (found.label, found.parent_code)
            found.label, found.parent_code = label, parent
            return Taken.UNCHANGED if before == (label, parent) else Taken.CHANGED

        return take

    return prepare


def _codes_of(scheme: str, code_of: CodeOf, rows: list[Row]) -> Select[OutsideCode]:
    """The codes of these rows that are known already."""
    codes = []
    for row in rows:
        with suppress(BadRow):
            codes.append(code_of(row)[0])
    return select(OutsideCode).where(OutsideCode.scheme == scheme, OutsideCode.code.in_(codes))


def _bring_in_entries(source: Source, progress: Progress | None, reports: Path | None) -> Imported:
    """New capabilities share an audit entry for each batch; one that changes has its own."""
    added: list[str] = []

    def prepare(_rows: list[Row]) -> Take:
        added.clear()
        return _entry_taker(added)

    def close(_counts: Counts) -> None:
        if added:
            audit.record("import", _List("vocabularies", source.name), by=None, facts={"added": added})

    return bring_in(source, prepare, reports=reports, closing=close, progress=progress)


def _entry_taker(added: list[str]) -> Take:
    """Brings in entries of a vocabulary. Synonyms are added and never taken away; codes become the entry's own."""
    everything = select(Capability).options(selectinload(Capability.synonyms), selectinload(Capability.codes))
    known = {capability.id: capability for capability in session().scalars(everything)}
    owners = _owners(known.values())

    def take(row: Row) -> Taken:
        entry = entry_of(row)
        _refuse_misfit(entry, known, owners)
        there = known.get(entry.id)
        if there is None:
            known[entry.id] = Capability(id=entry.id, retired=False)
            session().add(known[entry.id])
            _write(known[entry.id], entry, owners)
            added.append(entry.id)
        taken = _renew(there, entry, owners) if there else Taken.ADDED
        owners.update(_owners([known[entry.id]]))
        return taken

    return take


def _renew(capability: Capability, entry: Entry, owners: dict[tuple[str, ...], str]) -> Taken:
    if _is_same(capability, entry, owners):
        return Taken.UNCHANGED
    before = _facts(capability)
    _write(capability, entry, owners)
    audit.record("change", capability, by=None, facts={"before": before, "after": _facts(capability)})
    return Taken.CHANGED


def _owners(known: Iterable[Capability]) -> dict[tuple[str, ...], str]:
    """Which capability each phrase means; areas' names mean none."""
    found = {fold(synonym.phrase): each.id for each in known for synonym in each.synonyms}
    return {**{fold(each.name): each.id for each in known if each.level != AREA}, **found}


def _refuse_misfit(entry: Entry, known: dict[str, Capability], owners: dict[tuple[str, ...], str]) -> None:
    parent = known.get(entry.parent_id or "")
    if entry.parent_id and (parent is None or parent.level != PARENT_LEVEL[entry.level]):
        raise BadRow(f"Its parent {entry.parent_id!r} is no {PARENT_LEVEL[entry.level]} that came before it.")
    if entry.id in known and known[entry.id].level != entry.level:
        raise BadRow(f"{entry.id!r} is a {known[entry.id].level} already.")
    if any(each.name == entry.name and each.id != entry.id for each in known.values()):
        raise BadRow(f"The name {entry.name!r} is taken by another capability.")
    for phrase in entry.synonyms if entry.level == AREA else (entry.name, *entry.synonyms):
        owner = owners.get(fold(phrase), entry.id)
        if owner != entry.id:
            raise BadRow(f"“{phrase}” means {owner} already.")


def _is_same(capability: Capability, entry: Entry, owners: dict[tuple[str, ...], str]) -> bool:
    here = (capability.parent_id, capability.name, capability.description, capability.retired)
    codes = {(code.scheme, code.code) for code in capability.codes}
    missing = [phrase for phrase in entry.synonyms if fold(phrase) not in owners]
    return here == (entry.parent_id, entry.name, entry.description, False) and codes == entry.codes and not missing


def _write(capability: Capability, entry: Entry, owners: dict[tuple[str, ...], str]) -> None:
    capability.level, capability.parent_id, capability.retired = entry.level, entry.parent_id, False
    capability.name, capability.description = entry.name, entry.description
    capability.synonyms += [Synonym(phrase=phrase) for phrase in entry.synonyms if fold(phrase) not in owners]
    present = {(code.scheme, code.code): code for code in capability.codes}
    new = [CapabilityCode(scheme=scheme, code=code) for scheme, code in sorted(entry.codes - present.keys())]
    capability.codes = [code for key, code in present.items() if key in entry.codes] + new
    queries.forget_tree()


def _facts(capability: Capability) -> dict[str, Any]:
    here = {"name": capability.name, "parent": capability.parent_id, "retired": capability.retired}
    synonyms = sorted(synonym.phrase for synonym in capability.synonyms)
    codes = sorted(f"{code.scheme} {code.code}" for code in capability.codes)
    return {**here, "description": capability.description, "synonyms": synonyms, "codes": codes}


def _retire_others(kept: set[str]) -> int:
    gone = session().scalars(select(Capability).where(Capability.id.not_in(kept), Capability.retired.is_(False))).all()
    for capability in gone:
        capability.retired = True
        audit.record("retire", capability, by=None)
    queries.forget_tree()
    return len(gone)
