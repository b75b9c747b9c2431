"""Taking rows in: a batch in one transaction, each row for itself, and what is wrong with those that cannot come in."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, StatementError

from app.kernel import db
from app.kernel.errors import Refusal
from app.kernel.importing.rows import BadLine, BadRow, Row, unusable_text

BATCH = 500


class Taken(Enum):
    """What became of a good row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


Take = Callable[[Row], Taken]
Counts = Counter[Taken]


def take_batch(
    batch: list[Row | BadLine], prepare: Callable[[list[Row]], Take], closing: Callable[[Counts], None] | None
) -> tuple[Counts, list[BadLine]]:
    """Take these rows in the transaction that is open: what became of them, and what is wrong with the others."""
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
