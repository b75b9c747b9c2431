"""Finding: a person's words, filters and a sort order, to a page of hits with facet counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from markupsafe import Markup

from app.kernel.search import place, spelling
from app.kernel.search.analysis import name_key
from app.kernel.search.marking import excerpt, marked
from app.kernel.search.ordering import first_of
from app.kernel.search.query import LONGEST_QUERY, Clause, Stems, clauses_of, compiled
from app.kernel.search.reading import Reading, reading
from app.kernel.search.scoring import added, best, in_all, tag_scores, word_scores
from app.kernel.search.shelf import Broken
from app.kernel.search.snapshot import Mask, Scores, Snapshot, all_of
from app.kernel.search.spelling import Spelling, words_in

Filters = Mapping[str, Sequence[str]]
# What stands for words more broadly, as filters, the nearest first
Otherwise = Callable[[str], Sequence[Filters]]

LARGEST_PAGE = 200
FEW_HITS = 3
SYNONYM_WEIGHT = 0.7
COMPLETION_WEIGHT = 0.5
UNQUOTED = str.maketrans('"“”', "   ")


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
    """A page of hits. `any_word`: no document had all the words, these have some. `ready`: there is an index.

    `shown_for`: the words that were searched in place of those typed, which nothing has. `instead`: nothing has the
    words at all, and the hits are what passes these filters.
    """

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facet_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    did_you_mean: str | None = None
    any_word: bool = False
    shown_for: str | None = None
    instead: Filters | None = None
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
    otherwise: Otherwise


@dataclass(frozen=True)
class Matched:
    """The documents that have the words, before filters, and the stems to mark in them. No scores: all documents."""

    scores: Scores | None
    stems: frozenset[str] = frozenset()
    clauses: Sequence[Clause] = ()
    any_word: bool = False

    def within(self, passed: Mask) -> Mask:
        """Those of the documents that have the words."""
        return passed if self.scores is None else passed & (self.scores > 0)


@dataclass(frozen=True)
class Answer:
    """The documents for what was typed, or for what it was read as (`shown_for`) or stands beneath (`instead`)."""

    matched: Matched
    shown_for: str | None = None
    instead: Filters | None = None


def find(
    kind: str,
    words: str = "",
    *,
    filters: Filters | None = None,
    facets: Sequence[str] = (),
    sort: str = "relevance",
    page: int = 1,
    size: int = 20,
    otherwise: Otherwise = lambda _words: (),
) -> Found:
    """The page of documents that have all the words (or, when none has, some) and pass the filters.

    When nothing has any of the words: what passes the first of `otherwise(words)` that anything passes; else the same
    for the words without quotes, and then put right.

    `words` is anything that a person may type: words and "quoted phrases"; empty means everything. `filters` are
    {facet: values}: any of a facet's values, every facet; an empty list filters nothing. The counts of a facet ignore
    that facet's own filter; `size` 0 asks for them alone. `sort`: relevance (newest first when there are no words),
    newest, closes (soonest first), title, or a name of Document.sort (smallest first; with "-" before it, largest
    first); ties by newest, then by row id; documents without the value come last. Raises nothing for what was typed.
    """
    within = min(max(0, size), LARGEST_PAGE)
    asked = Asked(words[:LONGEST_QUERY].strip(), filters or {}, facets, sort, max(1, page), within, otherwise)
    with suppress(Broken), reading(kind) as lent:
        if lent:
            return _found(lent, asked)
    return Found(ready=False, page=asked.page, size=asked.size)


def _found(lent: Reading, asked: Asked) -> Found:
    snapshot, choices = lent.snapshot, lent.snapshot.choices(asked.filters)
    answer = _answer(lent, asked, all_of(snapshot.live, choices.values()))
    matched = answer.matched
    having = matched.within(snapshot.live)
    passed = all_of(having, choices.values())
    total = int(passed.sum())
    return Found(
        total=total,
        hits=[_hit(lent, number, matched) for number in _page_of(snapshot, passed, matched, asked)],
        facet_counts=facet_counts(snapshot, having, choices, asked.facets),
        did_you_mean=None if answer.shown_for or answer.instead else _did_you_mean(lent, asked, matched, total),
        any_word=matched.any_word and total > 0,
        shown_for=answer.shown_for,
        instead=answer.instead,
        index_version=lent.version,
        page=asked.page,
        size=asked.size,
    )


def _answer(lent: Reading, asked: Asked, passed: Mask) -> Answer:
    """What has the words; else what stands for them more broadly; else either for another reading of them."""
    first = _match(lent, asked.typed)
    if first.within(lent.snapshot.live).any():
        return Answer(first)
    for words in _readings(lent, asked.typed):
        shown_for = words if words != asked.typed else None
        matched = _match(lent, words) if shown_for else first
        if matched.within(passed).any():
            return Answer(matched, shown_for)
        for filters in asked.otherwise(words):
            broader = lent.snapshot.passing(filters)
            if (broader & passed).any():
                return Answer(Matched(broader.astype(np.float64)), shown_for, filters)
    return Answer(first)


def _readings(lent: Reading, typed: str) -> Iterator[str]:
    """What was typed, then without the quotes of phrases, then with its words put right."""
    yield typed
    plain = " ".join(typed.translate(UNQUOTED).split())
    if plain != typed:
        yield plain
    better = _spelling(lent).corrected(plain)
    if better:
        yield better


def _spelling(lent: Reading) -> Spelling:
    given = place.here().synonyms()
    return Spelling(lent, words_in((*given, *chain.from_iterable(given.values()))))


def facet_counts(
    snapshot: Snapshot, having: Mask, choices: Mapping[str, Mask], facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    """{facet: {value: documents}}, most first, of those that pass all filters but the facet's own."""
    free = [name for name in facets if name not in choices]
    found = snapshot.counts(free, all_of(having, choices.values()))
    for name in choices.keys() & set(facets):
        others = [mask for facet, mask in choices.items() if facet != name]
        found |= snapshot.counts([name], all_of(having, others))
    return {name: found[name] for name in facets}


def _match(lent: Reading, typed: str) -> Matched:
    """Documents with all clauses, or else with any; the one whose whole name was typed comes first."""
    if not typed:
        return Matched(None)
    clauses = _completed(lent, typed, clauses_of(typed, _synonyms()))
    parts = [_clause_scores(lent, clause) for clause in clauses] or [np.zeros(lent.snapshot.size)]
    scores, any_word = in_all(parts), False
    if len(parts) > 1 and not scores.any():
        scores = added(parts)
        any_word = bool(scores.any())
    named = tag_scores(lent, "exact", name_key(typed)) > 0 if name_key(typed) else np.zeros(len(scores), np.bool_)
    if named.any():
        scores = np.where(named, scores + scores.max() + 1.0, scores)
    stems = {stem for clause in clauses for run in (clause.stems, *clause.alternatives) for stem in run}
    return Matched(scores, frozenset(stems), clauses, any_word=any_word and not named.any())


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
    if not spelling.is_known(lent, last):
        begun = spelling.completions(lent, typed[last.start : last.end])
        return [*clauses[:-1], replace(last, alternatives=begun)]
    return clauses


def _clause_scores(lent: Reading, clause: Clause) -> Scores:
    """The best of the words themselves and of what is said for them; unquoted words may stand apart."""
    if clause.quoted:
        return word_scores(lent, clause.stems)
    own = in_all([word_scores(lent, (stem,)) for stem in clause.stems])
    weight = SYNONYM_WEIGHT if own.any() or spelling.is_known(lent, clause) else COMPLETION_WEIGHT
    return best([own, *(weight * word_scores(lent, stems) for stems in clause.alternatives)])


def _page_of(snapshot: Snapshot, passed: Mask, matched: Matched, asked: Asked) -> list[int]:
    """The document numbers of one page, in order."""
    first = (asked.page - 1) * asked.size
    found = np.flatnonzero(passed)
    if first >= len(found) or not asked.size:
        return []
    sort = "newest" if asked.sort == "relevance" and matched.scores is None else asked.sort
    return first_of(snapshot, found, sort, matched.scores, first + asked.size)[first:]


def _hit(lent: Reading, number: int, matched: Matched) -> Hit:
    content = lent.searcher.stored_fields(number)["content"]
    return Hit(
        row_id=lent.snapshot.row(number),
        score=0.0 if matched.scores is None else float(matched.scores[number]),
        title=marked(content["title"], matched.stems),
        excerpt=excerpt(content["items"], matched.stems),
        stored=content["stored"],
    )


def _did_you_mean(lent: Reading, asked: Asked, matched: Matched, total: int) -> str | None:
    """A correction of what was typed, when it found few and the correction finds more with all its words."""
    if matched.scores is None or (total >= FEW_HITS and not matched.any_word):
        return None
    better = _spelling(lent).corrected(asked.typed)
    if better is None:
        return None
    retried = _match(lent, better)
    hits = int(retried.within(lent.snapshot.passing(asked.filters)).sum())
    return better if hits and not retried.any_word and (hits > total or matched.any_word) else None
