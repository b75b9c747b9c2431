"""SQLite's FTS5: one file, its porter tokenizer, its bm25 with the title weighed, facets in a table beside it.

It has no stop words of its own, so a query leaves out the engine's. Rows are numbers in hexadecimal.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.bench.corpus import FACETS, Filters, Row
from app.bench.peers.peer import LIKE_ROWS, NEED_ROWS, PAGE_ROWS, Page, Peer
from app.kernel.search import words_of

# the title counts as TITLE_WEIGHT has it
TABLES = """
CREATE VIRTUAL TABLE texts USING fts5(title, text, tokenize = 'porter unicode61');
CREATE TABLE facets (name TEXT, value TEXT, document INTEGER, PRIMARY KEY (name, value, document)) WITHOUT ROWID;
CREATE INDEX facets_of_document ON facets (document, name, value);
INSERT INTO texts (texts, rank) VALUES ('rank', 'bm25(1.5, 1.0)');
"""
BEST = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
PAGE = """
SELECT rowid, highlight(texts, 0, '<mark>', '</mark>'), snippet(texts, 1, '<mark>', '</mark>', '…', 32)
FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?
"""
MATCHED = "WITH matched AS MATERIALIZED (SELECT rowid AS document FROM texts WHERE texts MATCH ?) "
COUNTED = "SELECT name, value, count(*) FROM facets JOIN matched USING (document) WHERE name = ?"
# the plus sign keeps FTS5 from matching anew for each row that passes
PASSING = """
 AND +{document} IN (SELECT document FROM facets WHERE name = ? AND value IN (SELECT value FROM json_each(?)))
"""


class Fts5(Peer):
    """One table of texts, one of facets."""

    def build(self, documents: Sequence[Row]) -> None:
        self.open()
        self._file.executescript(TABLES)
        with self._file:
            self._insert(documents)
        with self._file:
            self._file.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._file.execute("ANALYZE")

    def open(self) -> None:
        self._file = sqlite3.connect(self.folder / "texts.sqlite")
        # an index can be made anew: it need not survive a power cut
        self._file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY")

    def close(self) -> None:
        self._file.close()

    def need(self, text: str) -> list[str]:
        return self._best(" OR ".join(_quoted(text)), NEED_ROWS)

    def need_filtered(self, text: str, filters: Filters) -> Page:
        asked = " OR ".join(_quoted(text))
        conditions, values = _conditions("texts.rowid", filters)
        best = BEST.replace(" ORDER BY", f"{conditions} ORDER BY")
        rows = self._file.execute(best, [asked, *values, NEED_ROWS]).fetchall()
        return Page([f"{number:08x}" for (number,) in rows], self._counts(asked, filters))

    def words(self, words: str) -> Page:
        asked = " AND ".join(_quoted(words))
        page = self._file.execute(PAGE, [asked, PAGE_ROWS]).fetchall()
        return Page([f"{number:08x}" for number, _, _ in page], self._counts(asked, {}))

    def more_like(self, row: Row) -> list[str]:
        row_id, document = row
        found = self._best(" OR ".join(_quoted(f"{document.title} {document.text}")), LIKE_ROWS + 1)
        return [each for each in found if each != row_id][:LIKE_ROWS]

    def change(self, row: Row, word: str) -> list[str]:
        with self._file:
            self._file.execute("DELETE FROM texts WHERE rowid = ?", [int(row[0], 16)])
            self._file.execute("DELETE FROM facets WHERE document = ?", [int(row[0], 16)])
            self._insert([row])
        return self._best(f'"{word}"', NEED_ROWS)

    def _insert(self, documents: Iterable[Row]) -> None:
        for row_id, document in documents:
            number = int(row_id, 16)
            self._file.execute(
                "INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)", [number, document.title, document.text]
            )
            facets = [(name, value, number) for name, values in document.facets.items() for value in values or ()]
            self._file.executemany("INSERT INTO facets VALUES (?, ?, ?)", facets)

    def _best(self, asked: str, count: int) -> list[str]:
        return [f"{number:08x}" for (number,) in self._file.execute(BEST, [asked, count])]

    def _counts(self, asked: str, filters: Filters) -> dict[str, dict[str, int]]:
        """The counts of all facets in one statement, so that the words are matched once."""
        parts, values = [], [asked]
        for name in FACETS:
            others = {other: wanted for other, wanted in filters.items() if other != name}
            conditions, more = _conditions("document", others)
            parts.append(f"{COUNTED}{conditions} GROUP BY value")
            values += [name, *more]
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for name, value, count in self._file.execute(MATCHED + " UNION ALL ".join(parts), values):
            counts[name][value] = count
        return counts


def _quoted(text: str) -> Iterator[str]:
    """The different words of a text but for stop words, each quoted."""
    return iter(dict.fromkeys(f'"{text[word.start : word.end].lower()}"' for word in words_of(text)))


def _conditions(document: str, filters: Filters) -> tuple[str, list[Any]]:
    values = [each for name, wanted in filters.items() for each in (name, json.dumps(list(wanted)))]
    return PASSING.format(document=document) * len(filters), values
