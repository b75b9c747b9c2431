"""Taking needs in from files: each known by its source, so that a second import changes the same row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organisation
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities, recognise
from app.kernel import audit, clock, jobs
from app.kernel.db import session
from app.kernel.importing import BadRow, Counts, File, Imported, Progress, Row, Take, Taken, bring_in, open_table
from app.kernel.importing import recognise as recognise_shape
from app.needs.commands import CLOSE_DUE
from app.needs.imports.departments import Departments
from app.needs.imports.rows import AWARDED, CALL, CANCELLED, SHAPES, Incoming, read_row
from app.needs.models import CLOSED, COMMITTED, CONCLUDED, LIVE, OPEN, WITHDRAWN, Need, RungMove
from app.needs.questions.commands import end_questions

CANCELLED_BECAUSE = "The department cancelled this opportunity."
MOST_TAGS = 8
_WAYS = {LIVE: ("publish",), CLOSED: ("publish", "close"), WITHDRAWN: ("publish", "withdraw")}
_WAYS[CONCLUDED] = (*_WAYS[CLOSED], "conclude")


def import_needs(
    path: Path, *, reports: Path | None = None, progress: Progress | None = None, preview: bool = False
) -> Imported:
    """Bring in opportunities or challenges, outside any transaction; WrongFile when it is neither."""
    return _import(path, SHAPES, reports=reports, progress=progress, preview=preview)


def import_calls(
    path: Path, *, reports: Path | None = None, progress: Progress | None = None, preview: bool = False
) -> Imported:
    """Bring in research and innovation calls, outside any transaction; WrongFile when it holds something else."""
    return _import(path, {"calls": CALL}, reports=reports, progress=progress, preview=preview)


def _import(path: Path, shapes: Mapping[str, Sequence[str]], **options: Any) -> Imported:
    with open_table(path) as table:
        shape = recognise_shape(table, shapes)
        batch = _Batch(table.name, shape)
        return bring_in(table, batch.prepare, closing=batch.close, **options)


class _Batch:
    """One batch of rows: what it needs is loaded at its beginning, and its one audit entry written at its end."""

    def __init__(self, name: str, shape: str) -> None:
        self._name, self._shape = name, shape
        self._touched: dict[str, list[Need]] = {}

    def prepare(self, rows: list[Row]) -> Take:
        """Load the needs that came before, the register, and the capabilities that the texts name."""
        incoming = {row.line: found for row in rows if (found := _readable(row, self._shape))}
        wanted = select(Need).where(Need.source.in_([each.source for each in incoming.values()]))
        there = {str(need.source): need for need in session().scalars(wanted.options(selectinload(Need.capabilities)))}
        tags = {line: recognise(each.words)[:MOST_TAGS] for line, each in incoming.items()}
        loaded = {each.id: each for each in capabilities(tag for found in tags.values() for tag in found)}
        departments = Departments.load()
        self._touched = {"added": [], "changed": []}

        def take(row: Row) -> Taken:
            told = incoming.get(row.line) or read_row(row, self._shape)
            department = departments.find_or_enter(told.department, told.domain)
            return self._take(told, _facts(told, department, [loaded[tag] for tag in tags[row.line]]), there)

        return take

    def _take(self, told: Incoming, facts: dict[str, Any], there: dict[str, Need]) -> Taken:
        need = there.get(told.source)
        if need is None:
            there[told.source] = need = _enter(told, facts)
            self._touched["added"].append(need)
            return Taken.ADDED
        if not _renew(need, told, facts):
            return Taken.UNCHANGED
        self._touched["changed"].append(need)
        return Taken.CHANGED

    def close(self, _counts: Counts) -> None:
        """Say in the audit which needs came in: one entry for the batch, since one for each took most of the time."""
        session().flush()
        facts = {what: [need.id for need in needs if need in session()] for what, needs in self._touched.items()}
        if any(facts.values()):
            audit.record("import", File("needs_files", self._name), by=None, facts=facts)


def _readable(row: Row, shape: str) -> Incoming | None:
    try:
        return read_row(row, shape)
    except BadRow:
        return None


def _facts(told: Incoming, department: Organisation, tagged: list[Capability]) -> dict[str, Any]:
    """The columns of the need, as the row tells them."""
    return {
        "department": department,
        "title": told.title,
        "summary": told.summary,
        "problem": told.problem,
        "places": list(told.places),
        "remote": told.remote,
        "length_weeks": told.length_weeks,
        "route": told.route,
        "deadline_at": told.deadline_at,
        "published_at": told.published_at,
        "source_url": told.url,
        "low_pence": told.low_pence,
        "high_pence": told.high_pence,
        "expected_open_on": told.opens_on,
        "capabilities": sorted(tagged, key=lambda each: each.name),
    }


def _enter(told: Incoming, facts: dict[str, Any]) -> Need:
    """A call that opens in time to come is announced: its money and its dates stand, so it is *committed*."""
    rung = _rung_of(told)
    heard_at = min(told.published_at, clock.now())
    facts |= {"published_at": heard_at}
    need = Need(source=told.source, rung=rung, created_at=heard_at, changed_at=clock.now(), **facts)
    session().add(need)
    session().add(RungMove(need=need, to_rung=rung, reason="Published", at=heard_at))
    _walk(need, told)
    return need


def _rung_of(told: Incoming) -> str:
    return OPEN if told.published_at <= clock.now() else COMMITTED


def _climb(need: Need, told: Incoming) -> bool:
    """Open a call that was announced before and whose day has come; whether it did. From *open* it never goes back."""
    if need.state != LIVE or need.rung == OPEN or _rung_of(told) != OPEN:
        return False
    session().add(RungMove(need=need, from_rung=need.rung, to_rung=OPEN, reason="The call opened", at=clock.now()))
    need.rung = OPEN
    return True


def _renew(need: Need, told: Incoming, facts: dict[str, Any]) -> bool:
    """Bring a need that came before up to what the row says now, but leave its department; whether that changed it."""
    del facts["department"]
    if need.published_at and told.published_at > need.published_at:
        del facts["published_at"]  # it was announced before it opened
    climbed = _climb(need, told)
    changed = [name for name, value in facts.items() if getattr(need, name) != value]
    for name in changed:
        setattr(need, name, facts[name])
    moved = _walk(need, told)
    if moved and need.state != LIVE:
        end_questions(need)
    if changed or climbed or moved:
        need.changed_at = clock.now()
    return bool(changed or climbed or moved)


def _walk(need: Need, told: Incoming) -> bool:
    """Move the need through its states to where the row says it is; whether it moved. It never goes back."""
    before = need.state
    for verb in _WAYS[_state_of(told, clock.now())]:
        if need.can(verb):
            need.move(verb)
    if need.state == WITHDRAWN:
        need.withdrawal_reason = CANCELLED_BECAUSE
    if need.state == LIVE and need.state != before:
        jobs.enqueue(CLOSE_DUE, {}, run_at=told.deadline_at)
    return need.state != before


def _state_of(told: Incoming, moment: datetime) -> str:
    """Awarded is over, cancelled is withdrawn; all else is closed once its deadline has passed."""
    ended = {AWARDED: CONCLUDED, CANCELLED: WITHDRAWN}.get(told.status)
    return ended or (CLOSED if told.deadline_at <= moment else LIVE)
