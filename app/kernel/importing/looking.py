"""What a file would change: the same work as bringing it in, in a transaction that is thrown away."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.kernel import db
from app.kernel.importing.rows import BadLine, Row
from app.kernel.importing.taking import BATCH, Counts, Take, Taken, take_batch

MOST_SHOWN, WORDS_SHOWN, LONGEST_SHOWN = 5, 3, 120


@dataclass(frozen=True)
class Shown:
    """One row of a preview: its line, what it says first, and why it would be refused."""

    line: int
    text: str
    reason: str = ""


class Look:
    """What a file would do: how many rows of each fate, and the first few of each."""

    def __init__(self) -> None:
        self.counts: Counts = Counter()
        self.bad = 0
        self.first: dict[str, list[Shown]] = {fate: [] for fate in (*(taken.value for taken in Taken), "refused")}

    def note(self, fates: list[tuple[Taken, Row]], bad: list[BadLine]) -> None:
        """Count one batch."""
        self.counts.update(taken for taken, _row in fates)
        self.bad += len(bad)
        for taken, row in fates:
            self._show(taken.value, Shown(row.line, _beginning(row)))
        for each in bad:
            self._show("refused", Shown(each.line, each.text[:LONGEST_SHOWN], each.reason))

    def lines(self) -> Iterator[str]:
        """The first few rows of each fate, for a terminal."""
        for fate, rows in self.first.items():
            if rows:
                yield f"First {fate}:"
            yield from (f"    line {row.line}: {f'{row.reason} ' if row.reason else ''}{row.text}" for row in rows)
        yield "This was a preview: nothing was written."

    def _show(self, fate: str, shown: Shown) -> None:
        if len(self.first[fate]) < MOST_SHOWN:
            self.first[fate].append(shown)


def look_at(items: list[Row | BadLine], prepare: Callable[[list[Row]], Take]) -> Look:
    """Take all rows in one transaction, so that each sees what those before it did; nothing of it is kept."""
    return db.in_transaction(lambda: _looked(items, prepare))


def _looked(items: list[Row | BadLine], prepare: Callable[[list[Row]], Take]) -> Look:
    look = Look()
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        fates: list[tuple[Taken, Row]] = []
        _counts, bad = take_batch(batch, _noting(prepare, fates), None)
        look.note(fates, bad)
    db.discard()
    return look


def _noting(prepare: Callable[[list[Row]], Take], fates: list[tuple[Taken, Row]]) -> Callable[[list[Row]], Take]:
    """The same preparation, whose `take` notes what became of each row; a batch that is taken again is noted anew."""

    def prepared(rows: list[Row]) -> Take:
        take = prepare(rows)
        fates.clear()

        def noted(row: Row) -> Taken:
            taken = take(row)
            fates.append((taken, row))
            return taken

        return noted

    return prepared


def _beginning(row: Row) -> str:
    """The first words that the row says of itself, for who knows the file."""
    texts = [" ".join(each.split()) for each in row.values.values() if isinstance(each, str) and each.strip()]
    return ", ".join(texts[:WORDS_SHOWN])[:LONGEST_SHOWN]
