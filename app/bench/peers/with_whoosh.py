"""Whoosh as its manual has it: its stemming analyser, query parser, BM25F and groups. Up to 5,000 documents."""

from collections.abc import Iterable, Sequence
from typing import Any

from whoosh import fields, index, query
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup
from whoosh.sorting import FieldFacet

from app.bench.corpus import FACETS, Filters, Row
from app.bench.peers.peer import LIKE_ROWS, NEED_ROWS, PAGE_ROWS, TITLE_WEIGHT, Page, Peer

WRITER_MB = 256


class NaiveWhoosh(Peer):
    """What the engine is made of, without what it compiles."""

    largest_corpus = 5_000

    def build(self, documents: Sequence[Row]) -> None:
        with index.create_in(str(self.folder), _schema()).writer(limitmb=WRITER_MB) as writer:
            for row in documents:
                writer.add_document(**_fields(row))

    def open(self) -> None:
        self._index = index.open_dir(str(self.folder))
        self._searcher = self._index.searcher()

    def close(self) -> None:
        self._searcher.close()

    def need(self, text: str) -> list[str]:
        return _rows(self._searcher.search(self._parsed(text, OrGroup), limit=NEED_ROWS))

    def need_filtered(self, text: str, filters: Filters) -> Page:
        asked = self._parsed(text, OrGroup)
        free = [name for name in FACETS if name not in filters]
        found = self._search(asked, NEED_ROWS, _passing(filters), free)
        counts = _counts(found, free)
        for name in filters:
            others = {other: values for other, values in filters.items() if other != name}
            counts |= _counts(self._search(asked, 1, _passing(others), [name]), [name])
        return Page(_rows(found), counts)

    def words(self, words: str) -> Page:
        found = self._search(self._parsed(words, AndGroup), PAGE_ROWS, None, FACETS)
        page = [(hit["title"], hit.highlights("text"), hit["row"]) for hit in found]
        return Page([row for _, _, row in page], _counts(found, FACETS))

    def more_like(self, row: Row) -> list[str]:
        row_id, document = row
        number = self._searcher.document_number(row=row_id)
        # its default of 5 terms finds nothing like many a document
        found = self._searcher.more_like(number, "text", text=document.text, top=LIKE_ROWS, numterms=25)
        return _rows(found)

    def change(self, row: Row, word: str) -> list[str]:
        with self._index.writer() as writer:
            writer.update_document(**_fields(row))
        self._searcher = self._searcher.refresh()
        return self.need(word)

    def _parsed(self, text: str, group: Any) -> Any:
        boosts = {"title": TITLE_WEIGHT, "text": 1.0}
        return MultifieldParser(list(boosts), self._index.schema, fieldboosts=boosts, group=group).parse(text)

    def _search(self, asked: Any, limit: int, passing: Any, names: Iterable[str]) -> Any:
        facets = {name: FieldFacet(name, allow_overlap=True) for name in names}
        return self._searcher.search(asked, limit=limit, filter=passing, groupedby=facets)


def _schema() -> Any:
    words = fields.TEXT(analyzer=StemmingAnalyzer(), stored=True)
    facets = {name: fields.KEYWORD(commas=True) for name in FACETS}
    return fields.Schema(row=fields.ID(stored=True, unique=True), title=words, text=words, **facets)


def _fields(row: Row) -> dict[str, Any]:
    row_id, document = row
    facets = {name: ",".join(values or ()) for name, values in document.facets.items()}
    return {"row": row_id, "title": document.title, "text": document.text, **facets}


def _passing(filters: Filters) -> Any:
    return query.And([query.Or([query.Term(name, value) for value in values]) for name, values in filters.items()])


def _rows(found: Any) -> list[str]:
    return [hit["row"] for hit in found]


def _counts(found: Any, names: Iterable[str]) -> dict[str, dict[str, int]]:
    return {name: {value: len(documents) for value, documents in found.groups(name).items()} for name in names}
