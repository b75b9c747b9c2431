"""What all who answer can be asked.

All have the same documents and questions and the same stop words, and analyse the text within the time that is
measured. A need is answered by the 50 best rows, title counting 1.5 times; words, of which a document has all, by a
page of 20 with title and excerpt, its words marked. A facet is counted over what passes the filters of the others.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bench.corpus import FUNCTION_WORDS, Filters, Row
from app.kernel.search import words_of

NEED_ROWS, PAGE_ROWS, LIKE_ROWS = 50, 20, 10
TITLE_WEIGHT = 1.5
STOP_WORDS = [word for word in FUNCTION_WORDS if not any(words_of(word))]


class Unable(Exception):
    """There is no such kind of query here."""


@dataclass(frozen=True)
class Page:
    """Rows, best first, and the counts of facets: {facet: {value: documents}}."""

    rows: list[str]
    counts: dict[str, dict[str, int]]


class Peer(ABC):
    """One who answers, with its index in a folder. What it has no kind of query for raises Unable."""

    # above this it would take too long to build and to ask
    largest_corpus: int | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def build(self, documents: Sequence[Row]) -> None:
        """Index the documents into the folder."""

    @abstractmethod
    def open(self) -> None:
        """Make ready to answer from the folder, in this process or another."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the index, before its folder is removed."""

    @abstractmethod
    def need(self, text: str) -> list[str]:
        """The rows that answer a long text best."""

    def need_filtered(self, text: str, filters: Filters) -> Page:
        """The same of those that pass the filters, and the counts of every facet."""
        raise Unable

    def words(self, words: str) -> Page:
        """A page of documents that have all the words, and the counts of every facet."""
        raise Unable

    def more_like(self, row: Row) -> list[str]:
        """The rows most like a document."""
        raise Unable

    def change(self, row: Row, word: str) -> list[str]:
        """Put a document in the place of the one with its row id; the rows found for a word that it alone has."""
        raise Unable
