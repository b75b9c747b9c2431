"""bm25s, which ranks alone: no filters, no facets, no words that a document must have, no changes.

Its arrays are NumPy's, and texts are analysed by the engine's own words, since it has no stemmer.
"""

import logging
from collections.abc import Sequence
from typing import Any

import bm25s

from app.bench.corpus import Row
from app.bench.peers.peer import LIKE_ROWS, NEED_ROWS, Peer
from app.kernel.search import words_of

logging.getLogger("bm25s").setLevel(logging.WARNING)


class Bm25s(Peer):
    """Title and text as one; its scores are those of Lucene."""

    def build(self, documents: Sequence[Row]) -> None:
        index = bm25s.BM25()
        index.index([_stems(_text(row)) for row in documents], show_progress=False)
        index.save(self.folder)
        (self.folder / "rows").write_text("\n".join(row_id for row_id, _ in documents))

    def open(self) -> None:
        self._index: Any = bm25s.BM25.load(self.folder)
        self._rows = (self.folder / "rows").read_text().split("\n")

    def close(self) -> None:
        """All is in memory."""

    def need(self, text: str) -> list[str]:
        return self._best(text, NEED_ROWS)

    def more_like(self, row: Row) -> list[str]:
        return [found for found in self._best(_text(row), LIKE_ROWS + 1) if found != row[0]][:LIKE_ROWS]

    def _best(self, text: str, count: int) -> list[str]:
        found, _ = self._index.retrieve([_stems(text)], k=count, show_progress=False)
        return [self._rows[number] for number in found[0].tolist()]


def _text(row: Row) -> str:
    return f"{row[1].title} {row[1].text}"


def _stems(text: str) -> list[str]:
    return [word.stem for word in words_of(text)]
