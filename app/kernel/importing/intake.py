"""Taking rows in: a transaction for each batch, each row for itself, and a report of those that could not come in."""

import csv
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import DataError, IntegrityError, StatementError

from app.kernel import clock, db
from app.kernel.errors import Refusal
from app.kernel.importing.rows import BadLine, BadRow, Row, unusable_text

BATCH = 500
log = logging.getLogger(__name__)


class Taken(Enum):
    """What became of a good row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


Take = Callable[[Row], Taken]
Counts = Counter[Taken]
Progress = Callable[[int, int | None], None]


class Source(Protocol):
    """Where rows come from; `position` of `size` tells how far the reading is."""

    name: str

    @property
    def size(self) -> int: ...
    @property
    def position(self) -> int: ...
    def rows(self) -> Iterator[Row | BadLine]: ...


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    report_path: Path | None = None

    def __str__(self) -> str:
        told = f"{self.added:,} added, {self.changed:,} changed, {self.unchanged:,} unchanged, {self.bad:,} bad"
        return f"{told}: see {self.report_path}" if self.report_path else told


def bring_in(
    source: Source,
    prepare: Callable[[list[Row]], Take],
    *,
    reports: Path | None,
    closing: Callable[[Counts], None] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Take every row of `source`; outside any transaction.

    Each batch of 500 is one transaction. A row that raises BadRow or a Refusal, or that the database refuses, leaves
    nothing: its batch is rolled back and taken once more, each row in a savepoint. `closing(counts)` runs last in each
    batch's transaction that took rows (for an audit entry); bad rows go to a new CSV file in `reports` (line, reason,
    row), made only if there are any, or to the log where there is no such folder. `progress(done, total)` is told
    after each batch.
    """
    counts: Counts = Counter()
    report = _Report(reports, source.name)
    items = source.rows()
    while batch := list(islice(items, BATCH)):
        taken, bad = db.in_transaction(lambda batch=batch: _take_batch(batch, prepare, closing))  # type: ignore[misc]
        counts.update(taken)
        report.tell(bad)
        if progress:
            progress(source.position, source.size)
    return Imported(counts[Taken.ADDED], counts[Taken.CHANGED], counts[Taken.UNCHANGED], report.count, report.path)


def _take_batch(
    batch: list[Row | BadLine], prepare: Callable[[list[Row]], Take], closing: Callable[[Counts], None] | None
) -> tuple[Counts, list[BadLine]]:
    checked = [_checked(row) for row in batch]
    rows = [row for row in checked if isinstance(row, Row)]
    bad = [row for row in checked if isinstance(row, BadLine)]
    counts = _take_together(rows, prepare)
    if counts is None:
        counts, refused = _take_apart(rows, prepare)
        bad = sorted(bad + refused, key=lambda each: each.line)
    if closing and counts:
        closing(counts)
    return counts, bad


def _checked(row: Row | BadLine) -> Row | BadLine:
    reason = unusable_text(row.values) if isinstance(row, Row) else None
    return BadLine(row.line, reason, _shown(row.values)) if reason and isinstance(row, Row) else row


def _take_together(rows: list[Row], prepare: Callable[[list[Row]], Take]) -> Counts | None:
    """All rows in one savepoint, which is ten times faster than one for each; None when any of them is refused."""
    take = prepare(rows)
    try:
        with db.session().begin_nested():
            return Counter(take(row) for row in rows)
    except Exception as error:
        if _why_refused(error) is None:
            raise
    return None


def _take_apart(rows: list[Row], prepare: Callable[[list[Row]], Take]) -> tuple[Counts, list[BadLine]]:
    """Each row in a savepoint of its own."""
    take = prepare(rows)
    counts: Counts = Counter()
    bad: list[BadLine] = []
    for row in rows:
        try:
            with db.session().begin_nested():
                taken = take(row)
            counts[taken] += 1
        except Exception as error:
            reason = _why_refused(error)
            if reason is None:
                raise
            bad.append(BadLine(row.line, reason, _shown(row.values)))
    return counts, bad


def _why_refused(error: Exception) -> str | None:
    """What is wrong with a row that raised this, or None when it is not the row's fault."""
    if isinstance(error, BadRow):
        return error.reason
    if isinstance(error, Refusal):
        return error.message or "It names something that is not there."
    if isinstance(error, IntegrityError | DataError):
        return f"The database refuses it: {str(error.orig).splitlines()[0]}"
    if isinstance(error, StatementError) and isinstance(error.orig, ValueError | OverflowError):
        return f"A value cannot be kept: {error.orig}"
    return None


def _shown(values: Mapping[str, Any]) -> str:
    """A row as one line of JSON, for the report."""
    return json.dumps(values, default=str)


class _Report:
    """The file of bad rows, made when the first one comes."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self.folder = folder
        self.name = name
        self.path: Path | None = None
        self.count = 0

    def tell(self, bad: list[BadLine]) -> None:
        """Append these rows."""
        self.count += len(bad)
        if self.folder is None:
            for each in bad:
                log.warning("%s, line %d: %s", self.name, each.line, each.reason)
        elif bad:
            with self._file(self.folder).open("a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([each.line, each.reason, _cell(each.text)] for each in bad)

    def _file(self, folder: Path) -> Path:
        if self.path is None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            moment = clock.now().strftime("%Y-%m-%dT%H%M%S.%fZ")
            self.path = folder / f"{self.name}.{moment}.bad.csv"
            with self.path.open("x", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(["line", "reason", "row"])
        return self.path


def _cell(text: str) -> str:
    """Text that a spreadsheet takes for text: what was not JSON is quoted, so that no cell starts a formula."""
    readable = text.encode("utf-8", "backslashreplace").decode()
    return readable if readable.startswith(("{", "[")) else json.dumps(readable)
