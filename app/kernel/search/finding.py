"""Finding: a person's words, filters and a sort order, to a page of hits with facet counts."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from app.kernel.search import place, spelling
from app.kernel.search.analysis import clean, name_key
from app.kernel.search.facts import Bits, Facts, bits_of, numbers_of
from app.kernel.search.marking import excerpt, marked
from app.kernel.search.query import LONGEST_QUERY, Clause, Stems, clauses_of, compiled
from app.kernel.search.reading import Reading, reading
from app.kernel.search.scoring import Scores, added, best, in_all, term_scores, word_scores

Filters = Mapping[str, Sequence[str]]

LARGEST_PAGE = 200
FEW_HITS = 3
SYNONYM_WEIGHT = 0.7
COMPLETION_WEIGHT = 0.5


@dataclass(frozen=True)
class Hit:
    """One document found: its score (BM25 units, 0 without words), and title and excerpt with the words in <mark>."""

    row_id: str
    score: float
    title: Markup
    excerpt: Markup
    stored: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A page of hits. `any_word`: no document had all the words, these have some. `ready`: there is an index."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facet_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    did_you_mean: str | None = None
    any_word: bool = False
    index_version: str = ""
    ready: bool = True
    page: int = 1
    size: int = 20


@dataclass(frozen=True)
class Asked:
    """What `find` was asked for, within bounds."""

    typed: str
    filters: Filters
    facets: Sequence[str]
    sort: str
    page: int
    size: int


@dataclass(frozen=True)
class Matched:
    """The documents that have the words, before filters, and the stems to mark in them."""

    scores: Scores
    stems: frozenset[str]
    clauses: Sequence[Clause] = ()
    any_word: bool = False
    everything: bool = False


def find(
    kind: str,
    words: str = "",
    *,
    filters: Filters | None = None,
    facets: Sequence[str] = (),
    sort: str = "relevance",
    page: int = 1,
    size: int = 20,
) -> Found:
    """The page of documents that have all the words (or, when none has, some) and pass the filters.

    `words` is anything that a person may type: words and "quoted phrases"; empty means everything. `filters` are
    {facet: values}: any of a facet's values, every facet; an empty list filters nothing. The counts of a facet ignore
    that facet's own filter. `sort`: relevance (newest first when there are no words), newest, closes (soonest first),
    title, or a name of Document.sort (smallest first; with "-" before it, largest first); ties by newest, then by
    row id; documents without the value come last. Raises nothing for what was typed.
    """
    within = min(max(1, size), LARGEST_PAGE)
    asked = Asked(words[:LONGEST_QUERY].strip(), filters or {}, facets, sort, max(1, page), within)
    with reading(kind) as lent:
        return _found(lent, asked) if lent else Found(ready=False, page=asked.page, size=asked.size)


def _found(lent: Reading, asked: Asked) -> Found:
    matched, facts = _match(lent, asked.typed), lent.facts
    bits = facts.live if matched.everything else bits_of(matched.scores, facts.size)
    passed = bits & facts.matching(asked.filters)
    total = passed.bit_count()
    return Found(
        total=total,
        hits=[_hit(lent, number, matched) for number in _page_of(facts, passed, matched, asked)],
        facet_counts={name: _counts(facts, bits, asked.filters, name) for name in asked.facets},
        did_you_mean=_did_you_mean(lent, asked, matched, total),
        any_word=matched.any_word and total > 0,
        index_version=lent.version,
        page=asked.page,
        size=asked.size,
    )


def _match(lent: Reading, typed: str) -> Matched:
    """Documents with all clauses, or else with any; the one whose whole name was typed comes first."""
    if not typed:
        return Matched({}, frozenset(), everything=True)
    clauses = _completed(lent, typed, clauses_of(typed, _synonyms()))
    parts = [_clause_scores(lent, clause) for clause in clauses]
    scores = in_all(parts)
    some = added(parts) if not scores and len(parts) > 1 else {}
    any_word = bool(some)
    scores = scores or some
    named = term_scores(lent.searcher, "exact", name_key(typed)) if name_key(typed) else {}
    top = max(scores.values(), default=0.0) + 1.0
    scores.update({number: scores.get(number, 0.0) + top for number in named})
    stems = {stem for clause in clauses for run in (clause.stems, *clause.alternatives) for stem in run}
    return Matched(scores, frozenset(stems), clauses, any_word=any_word and not named)


def _synonyms() -> Mapping[Stems, Sequence[Stems]]:
    given = place.here().synonyms()
    return _compiled(tuple((phrase, tuple(others)) for phrase, others in given.items()))


@lru_cache(maxsize=4)
def _compiled(synonyms: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[Stems, Sequence[Stems]]:
    return compiled(dict(synonyms))


def _completed(lent: Reading, typed: str, clauses: list[Clause]) -> list[Clause]:
    """A last word that no document has may be the beginning of one."""
    last = clauses[-1] if clauses else None
    if last is None or last.quoted or last.alternatives or last.end != len(typed):
        return clauses
    if not spelling.is_known(lent.searcher, last):
        begun = spelling.completions(lent.searcher, typed[last.start : last.end])
        return [*clauses[:-1], replace(last, alternatives=begun)]
    return clauses


def _clause_scores(lent: Reading, clause: Clause) -> Scores:
    """The best of the words themselves and of what is said for them; unquoted words may stand apart."""
    searcher = lent.searcher
    if clause.quoted:
        return word_scores(searcher, clause.stems)
    own = in_all([word_scores(searcher, (stem,)) for stem in clause.stems])
    weight = SYNONYM_WEIGHT if own or spelling.is_known(searcher, clause) else COMPLETION_WEIGHT
    others = [word_scores(searcher, stems) for stems in clause.alternatives]
    return best([own, *({number: weight * score for number, score in other.items()} for other in others)])


def _counts(facts: Facts, bits: Bits, filters: Filters, name: str) -> dict[str, int]:
    """{value: documents}, most first, of those that pass all filters but this facet's own."""
    base = bits & facts.matching(filters, but=name)
    counts = {value: (base & which).bit_count() for value, which in facts.facets.get(name, {}).items()}
    return dict(sorted(((value, n) for value, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))


def _page_of(facts: Facts, passed: Bits, matched: Matched, asked: Asked) -> list[int]:
    """The document numbers of one page, in order."""
    first = (asked.page - 1) * asked.size
    if first >= passed.bit_count():
        return []
    return heapq.nsmallest(first + asked.size, numbers_of(passed), key=_order(facts, matched, asked.sort))[first:]


def _order(facts: Facts, matched: Matched, sort: str) -> Callable[[int], tuple[Any, ...]]:
    """A key by which documents stand in order, the same in every build of the index."""
    rows, titles, numbers, scores = facts.rows, facts.titles, facts.sort, matched.scores

    def newest(number: int) -> float:
        return -numbers[number].get("newest", float("-inf"))

    if sort == "title":
        return lambda number: (titles[number], newest(number), rows[number])
    if sort == "newest" or (sort == "relevance" and matched.everything):
        return lambda number: (newest(number), rows[number])
    if sort == "relevance":
        return lambda number: (-scores[number], newest(number), rows[number])
    name, sign = sort.removeprefix("-"), -1 if sort.startswith("-") else 1
    last = float("inf")
    return lambda number: (sign * numbers[number].get(name, sign * last), newest(number), rows[number])


def _hit(lent: Reading, number: int, matched: Matched) -> Hit:
    content = lent.searcher.stored_fields(number)["content"]
    return Hit(
        row_id=lent.facts.rows[number],
        score=matched.scores.get(number, 0.0),
        title=marked(content["title"], matched.stems),
        excerpt=excerpt(content["items"], matched.stems),
        stored=content["stored"],
    )


def _did_you_mean(lent: Reading, asked: Asked, matched: Matched, total: int) -> str | None:
    """A correction of what was typed, when it found few and the correction finds more with all its words."""
    if matched.everything or (total >= FEW_HITS and not matched.any_word):
        return None
    better = spelling.suggestion(lent.searcher, clean(asked.typed), matched.clauses)
    if better is None:
        return None
    retried = _match(lent, better)
    hits = (bits_of(retried.scores, lent.facts.size) & lent.facts.matching(asked.filters)).bit_count()
    return better if hits and not retried.any_word else None
