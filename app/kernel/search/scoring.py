"""Scores of documents for words, from Whoosh's postings and its BM25F.

Everything that ranks goes through `term_scores` and `phrase_scores`, so that compiled postings can take their place.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from whoosh.matching import Matcher
from whoosh.query import Phrase

from app.kernel.search.schema import WEIGHTS

Scores = dict[int, float]


def term_scores(searcher: Any, field: str, term: str, boost: float = 1.0) -> Scores:
    """{document number: boost * BM25 of the term in the field}; deleted documents are not in it.

    Document frequency and average length are the whole index's, as Whoosh's BM25FScorer has them.
    """
    if (field, term) not in searcher.reader():
        return {}
    return _drain(searcher.postings(field, term), boost)


def phrase_scores(searcher: Any, field: str, stems: tuple[str, ...], boost: float = 1.0) -> Scores:
    """As `term_scores`, for stems that stand side by side in the field."""
    found: Scores = {}
    context = searcher.context()
    for leaf, offset in searcher.leaf_searchers():
        matcher = Phrase(field, list(stems)).matcher(leaf, context)
        found.update((number + offset, score) for number, score in _drain(matcher, boost).items())
    return found


def _drain(matcher: Matcher, boost: float) -> Scores:
    found: Scores = {}
    while matcher.is_active():
        found[matcher.id()] = matcher.score() * boost
        matcher.next()
    return found


def word_scores(searcher: Any, stems: tuple[str, ...]) -> Scores:
    """The sum over the fields that people search, each with its weight."""
    if len(stems) == 1:
        return added(term_scores(searcher, field, stems[0], weight) for field, weight in WEIGHTS.items())
    return added(phrase_scores(searcher, field, stems, weight) for field, weight in WEIGHTS.items())


def added(parts: Iterable[Mapping[int, float]]) -> Scores:
    """Documents in any of the parts, with the sum of their scores."""
    total: Scores = {}
    for part in parts:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
    return total


def best(parts: Iterable[Mapping[int, float]]) -> Scores:
    """Documents in any of the parts, with the highest of their scores."""
    total: Scores = {}
    for part in parts:
        for number, score in part.items():
            total[number] = max(total.get(number, score), score)
    return total


def in_all(parts: list[Scores]) -> Scores:
    """Documents in every part, with the sum of their scores."""
    if not parts:
        return {}
    common = set.intersection(*(set(part) for part in parts))
    return {number: sum(part[number] for part in parts) for number in common}
