"""Tantivy, through its Python binding: one segment, one thread, terms with the weight of their frequency.

Terms are analysed and boosted one by one, which was a tenth faster than its query parser; filtered facets are counted
in one pass over the need's matches by its filter aggregation, which was half as long as one pass for each facet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tantivy import (
    Document,
    Filter,
    Index,
    IndexWriter,
    Occur,
    Query,
    SchemaBuilder,
    SnippetGenerator,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)

from app.bench.corpus import FACETS, Filters, Row
from app.bench.peers.peer import LIKE_ROWS, NEED_ROWS, PAGE_ROWS, STOP_WORDS, TITLE_WEIGHT, Page, Peer

FIELDS = {"title": TITLE_WEIGHT, "text": 1.0}
BUILD_BYTES, WRITE_BYTES = 512_000_000, 64_000_000
COUNTED = {name: {"terms": {"field": name, "size": 100}} for name in FACETS}


class Tantivy(Peer):
    """An index of title, text and the facets as raw terms."""

    def build(self, documents: Sequence[Row]) -> None:
        index = Index(_schema(), str(self.folder))
        index.register_tokenizer("english", _analyser())
        writer = index.writer(BUILD_BYTES, num_threads=1)
        for row in documents:
            writer.add_document(_document(row))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._analyser, self._index = _analyser(), Index.open(str(self.folder))
        self._index.register_tokenizer("english", self._analyser)
        self._schema, self._searcher = self._index.schema, self._index.searcher()
        self._writer: IndexWriter | None = None

    def close(self) -> None:
        # it merges in threads of its own
        if self._writer:
            self._writer.wait_merging_threads()

    def need(self, text: str) -> list[str]:
        return self._rows(self._any_of(text), NEED_ROWS)

    def need_filtered(self, text: str, filters: Filters) -> Page:
        asked = self._any_of(text)
        passing = [(Occur.Must, self._passing(name, values)) for name, values in filters.items()]
        rows = self._rows(Query.boolean_query([(Occur.Must, asked), *passing]), NEED_ROWS)
        counted = {
            name: {"filter": _written(filters, but=name), "aggs": {"within": counts}}
            for name, counts in COUNTED.items()
        }
        found = self._searcher.aggregate(asked, counted)
        return Page(rows, _counts({name: each["within"] for name, each in found.items()}))

    def words(self, words: str) -> Page:
        asked = self._index.parse_query(words, list(FIELDS), field_boosts=FIELDS, conjunction_by_default=True)
        marker = SnippetGenerator.create(self._searcher, asked, self._schema, "text")
        found = self._searcher.search(asked, PAGE_ROWS)
        hits = [self._searcher.doc(place) for _, place in found.hits]
        page = [(hit["title"][0], marker.snippet_from_doc(hit).to_html(), hit["row"][0]) for hit in hits]
        return Page([row for _, _, row in page], _counts(self._searcher.aggregate(asked, COUNTED)))

    def more_like(self, row: Row) -> list[str]:
        row_id, document = row
        fields = {"title": [document.title], "text": [document.text]}
        asked = Query.more_like_this_document_fields_query(
            self._schema, fields, min_doc_frequency=2, min_term_frequency=1, stop_words=STOP_WORDS
        )
        return [found for found in self._rows(asked, LIKE_ROWS + 1) if found != row_id][:LIKE_ROWS]

    def change(self, row: Row, word: str) -> list[str]:
        self._writer = writer = self._writer or self._index.writer(WRITE_BYTES, num_threads=1)
        writer.delete_documents_by_term("row", row[0])
        writer.add_document(_document(row))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        return self._rows(self._any_of(word), NEED_ROWS)

    def _any_of(self, text: str) -> Query:
        times = Counter(self._analyser.analyze(text))
        return Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(Query.term_query(self._schema, field, term, "freq"), weight * count))
                for term, count in times.items()
                for field, weight in FIELDS.items()
            ]
        )

    def _passing(self, name: str, values: Sequence[str]) -> Query:
        """Any of the values; a union of terms, which is faster than a set of terms."""
        terms = [(Occur.Should, Query.term_query(self._schema, name, value, "basic")) for value in values]
        return Query.const_score_query(Query.boolean_query(terms), 0.0)

    def _rows(self, asked: Query, count: int) -> list[str]:
        found = self._searcher.search(asked, count, count=False)
        return [self._searcher.doc(place)["row"][0] for _, place in found.hits]


def _analyser() -> TextAnalyzer:
    """Its English analyser, and the stop words of all who answer."""
    english = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    return english.filter(Filter.custom_stopword(STOP_WORDS)).filter(Filter.stemmer("english")).build()


def _schema() -> Any:
    builder = SchemaBuilder().add_text_field("row", stored=True, tokenizer_name="raw", index_option="basic")
    for name in FIELDS:
        builder = builder.add_text_field(name, stored=True, tokenizer_name="english", index_option="freq")
    for name in FACETS:
        builder = builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(row: Row) -> Document:
    row_id, document = row
    facets = {name: list(values or ()) for name, values in document.facets.items()}
    return Document.from_dict({"row": row_id, "title": document.title, "text": document.text, **facets})


def _written(filters: Filters, but: str) -> str:
    """All filters but one, as its query parser reads them."""
    parts = [
        "(" + " OR ".join(f'{name}:"{value}"' for value in values) + ")"
        for name, values in filters.items()
        if name != but
    ]
    return " AND ".join(parts)


def _counts(found: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    return {name: {each["key"]: each["doc_count"] for each in told["buckets"]} for name, told in found.items()}
