"""Ranking: a long text, a need's, against every document of a kind."""

import heapq
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.kernel.search.analysis import clean, words_of
from app.kernel.search.facts import numbers_of
from app.kernel.search.finding import Filters
from app.kernel.search.reading import Reading, reading
from app.kernel.search.scoring import Scores, added, term_scores

MOST_TERMS = 32
LONGEST_TEXT = 50_000
TITLE_WEIGHT = 1.5
TEXT_WEIGHT = 1.0
CAPABILITY_WEIGHT = 2.0


@dataclass(frozen=True)
class Ranked:
    """One document for a text: its score (BM25 units), and which of the asker's words and capabilities it has."""

    row_id: str
    score: float
    words: tuple[str, ...]
    capabilities: tuple[str, ...]


def rank(
    kind: str, text: str, *, capabilities: Sequence[str] = (), filters: Filters | None = None, limit: int = 50
) -> list[Ranked]:
    """The documents that share the most telling words and capabilities with the text, best first.

    Each of the 32 best terms counts by BM25F times its frequency in the text (the query term frequency of Robertson et
    al., Okapi at TREC-3, without saturation); a term is the better, the higher frequency times idf. The score is the
    sum of what each word and capability adds. Ties by row id. Filters as in `find`.
    """
    with reading(kind) as lent:
        return _ranked(lent, text, capabilities, filters or {}, limit, frozenset()) if lent else []


def more_like(
    kind: str, text: str, *, exclude: Collection[str] = (), filters: Filters | None = None, limit: int = 10
) -> list[Ranked]:
    """Documents like this text, best first, but the rows of `exclude`: near duplicates come out on top."""
    with reading(kind) as lent:
        return _ranked(lent, text, (), filters or {}, limit, frozenset(exclude)) if lent else []


def _ranked(
    lent: Reading, text: str, tags: Sequence[str], filters: Filters, limit: int, exclude: frozenset[str]
) -> list[Ranked]:
    terms, spoken = _terms(lent, text)
    by_word = {spoken[stem]: _word(lent, stem, times) for stem, times in terms}
    by_tag = {
        tag: term_scores(lent.searcher, "capabilities", tag, CAPABILITY_WEIGHT)
        for tag in dict.fromkeys(map(clean, tags))
    }
    scores, rows = added([*by_word.values(), *by_tag.values()]), lent.facts.rows
    passed = lent.facts.live
    if filters:
        passed = lent.facts.matching(filters)
        scores = {number: scores[number] for number in numbers_of(passed) if number in scores}
    candidates = (number for number in scores if rows[number] not in exclude)
    top = heapq.nsmallest(limit, candidates, key=lambda number: (-scores[number], rows[number]))
    return [Ranked(rows[n], scores[n], _having(by_word, n), _having(by_tag, n)) for n in top]


def _word(lent: Reading, stem: str, times: int) -> Scores:
    fields = (("title", TITLE_WEIGHT), ("text", TEXT_WEIGHT))
    return added(term_scores(lent.searcher, field, stem, weight * times) for field, weight in fields)


def _terms(lent: Reading, text: str) -> tuple[list[tuple[str, int]], dict[str, str]]:
    """The best terms of the text with their frequencies in it, and how each was first written there."""
    text = clean(text[:LONGEST_TEXT])
    times: Counter[str] = Counter()
    spoken: dict[str, str] = {}
    for word in words_of(text):
        times[word.stem] += 1
        spoken.setdefault(word.stem, text[word.start : word.end])
    known = {stem: idf for stem in times if (idf := _idf(lent, stem)) > 0}
    best = heapq.nsmallest(MOST_TERMS, known, key=lambda stem: (-times[stem] * known[stem], stem))
    return [(stem, times[stem]) for stem in best], spoken


def _idf(lent: Reading, stem: str) -> float:
    """Whoosh's idf, ln(N / (n + 1)) + 1, of the field where the word is commoner; 0 for a word that no document has."""
    searcher = lent.searcher
    having = [field for field in ("text", "title") if searcher.doc_frequency(field, stem)]
    return min((float(searcher.idf(field, stem)) for field in having), default=0.0)


def _having(parts: dict[str, Scores], number: int) -> tuple[str, ...]:
    """The words that a document has, the one that adds most first."""
    return tuple(
        sorted((word for word, scores in parts.items() if number in scores), key=lambda word: -parts[word][number])
    )
