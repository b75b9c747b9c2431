"""The engine, through the doors that pages use."""

from collections.abc import Sequence

from app.bench.corpus import FACETS, Filters, Row
from app.bench.peers.peer import LIKE_ROWS, NEED_ROWS, PAGE_ROWS, Page, Peer
from app.kernel import search
from app.kernel.search import collection
from app.kernel.search.ranking import Asked
from app.kernel.search.reading import reading

KIND = "text"


class Engine(Peer):
    """Clarion's own index."""

    def build(self, documents: Sequence[Row]) -> None:
        search.connect(self.folder)
        collection.build(KIND, documents)

    def open(self) -> None:
        search.connect(self.folder)

    def close(self) -> None:
        """The kernel keeps its maps until the process ends."""

    def need(self, text: str) -> list[str]:
        return [each.row_id for each in search.rank(KIND, text, limit=NEED_ROWS)]

    def need_filtered(self, text: str, filters: Filters) -> Page:
        rows = [each.row_id for each in search.rank(KIND, text, filters=filters, limit=NEED_ROWS)]
        return Page(rows, search.find(KIND, filters=filters, facets=tuple(FACETS), size=0).facet_counts)

    def words(self, words: str) -> Page:
        found = search.find(KIND, words, facets=tuple(FACETS), size=PAGE_ROWS)
        return Page([hit.row_id for hit in found.hits], found.facet_counts)

    def more_like(self, row: Row) -> list[str]:
        row_id, document = row
        text = f"{document.title}\n{document.text}"
        return [each.row_id for each in search.more_like(KIND, text, exclude=[row_id], limit=LIKE_ROWS)]

    def change(self, row: Row, word: str) -> list[str]:
        row_id, document = row
        collection.replace(KIND, {row_id: document})
        return [hit.row_id for hit in search.find(KIND, word).hits]

    def postings_touched(self, text: str) -> int:
        """How many postings are read to answer a need."""
        with reading(KIND) as lent:
            asked = Asked(lent, text)
            return int(asked.located.frequency[asked.weights != 0].sum())

    def mapped_bytes(self) -> int:
        """The size of the compiled arrays, which processes share."""
        return sum(path.stat().st_size for path in self.folder.rglob("*.arrays"))
