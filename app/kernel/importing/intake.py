"""Bringing a source in: a transaction for each batch, and a report of the rows that could not come in."""

import csv
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from app.kernel import clock, db
from app.kernel.importing.looking import Look, look_at
from app.kernel.importing.rows import BadLine, Row
from app.kernel.importing.taking import BATCH, Counts, Take, Taken, take_batch

Progress = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


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
    # of a preview: nothing was written
    look: Look | None = None

    def __str__(self) -> str:
        if self.look:
            return (
                f"{self.added:,} would be added, {self.changed:,} changed, {self.unchanged:,} stay as they are, "
                f"{self.bad:,} refused"
            )
        told = f"{self.added:,} added, {self.changed:,} changed, {self.unchanged:,} unchanged, {self.bad:,} bad"
        return f"{told}: see {self.report_path}" if self.report_path else told


def bring_in(
    source: Source,
    prepare: Callable[[list[Row]], Take],
    *,
    reports: Path | None,
    closing: Callable[[Counts], None] | None = None,
    progress: Progress | None = None,
    preview: bool = False,
) -> Imported:
    """Take every row of `source`; outside any transaction.

    Each batch of 500 is one transaction. A row that raises BadRow or a Refusal, or that the database refuses, leaves
    nothing: its batch is rolled back and taken once more, each row in a savepoint. `closing(counts)` runs last in each
    batch's transaction that took rows (for an audit entry); bad rows go to a new CSV file in `reports` (line, reason,
    row), made only if there are any, or to the log where there is no such folder. `progress(done, total)` is told
    after each batch. A `preview` does the same work in one transaction that is thrown away, and tells what it saw.
    """
    if preview:
        return _imported(look_at(list(source.rows()), prepare))
    counts: Counts = Counter()
    report = _Report(reports, source.name)
    items = source.rows()
    while batch := list(islice(items, BATCH)):
        taken, bad = db.in_transaction(lambda batch=batch: take_batch(batch, prepare, closing))  # type: ignore[misc]
        counts.update(taken)
        report.tell(bad)
        if progress:
            progress(source.position, source.size)
    return Imported(counts[Taken.ADDED], counts[Taken.CHANGED], counts[Taken.UNCHANGED], report.count, report.path)


def _imported(look: Look) -> Imported:
    added, changed, unchanged = (look.counts[taken] for taken in (Taken.ADDED, Taken.CHANGED, Taken.UNCHANGED))
    return Imported(added, changed, unchanged, look.bad, look=look)


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
