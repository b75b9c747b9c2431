"""Ranking: a long text, a need's, against every document of a kind.

A word counts by BM25F times its frequency in the text times how well it tells groups apart (`recurrence`); two words
side by side count a little, by the square of their idf. The weights were chosen on public records of what governments
bought (docs/decisions/0010), and are the same for every kind and every need.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.analysis import clean, words_of
from app.kernel.search.finding import Filters
from app.kernel.search.postings import Keys, pair_keys, stem_keys
from app.kernel.search.reading import Reading, reading
from app.kernel.search.snapshot import Numbers, Scores, Snapshot, strongest

MOST_TERMS = 64
LONGEST_TEXT = 50_000
# What a word counts for in each field that is ranked, and what two side by side count for.
RANKED = {"title": 1.5, "text": 1.0}
PAIR_WEIGHT = 0.2


@dataclass(frozen=True)
class Ranked:
    """One document for a text: its score, and for whom it speaks."""

    row_id: str
    score: float
    group: str = ""


def rank(kind: str, text: str, *, filters: Filters | None = None, limit: int = 50) -> list[Ranked]:
    """The documents that share the most telling words with the text, best first; ties by row id. Filters as in `find`.

    The score is the sum of what each of the 64 best words, and each pair of neighbours in a line, adds.
    """
    with reading(kind) as lent:
        return _ranked(lent, text, filters or {}, limit, ()) if lent else []


def more_like(
    kind: str, text: str, *, exclude: Collection[str] = (), filters: Filters | None = None, limit: int = 10
) -> list[Ranked]:
    """Documents like this text, best first, but the rows of `exclude`: near duplicates come out on top."""
    with reading(kind) as lent:
        return _ranked(lent, text, filters or {}, limit, exclude) if lent else []


def rank_plainly(kind: str, text: str, *, limit: int = 50) -> list[Ranked]:
    """What others do, to compare with: BM25 of every word of title and text, by its frequency in the question."""
    with reading(kind) as lent:
        if not lent:
            return []
        times = Counter(word.stem for word in words_of(clean(text[:LONGEST_TEXT])))
        located = lent.snapshot.locate([(field, stem) for field in RANKED for stem in times])
        scores = located.scores(np.tile(np.array(list(times.values()), np.float64), len(RANKED)))
        return best_of(lent.snapshot, scores, limit)


def best_of(snapshot: Snapshot, scores: Scores, limit: int, exclude: Collection[str] = ()) -> list[Ranked]:
    """The documents with the highest scores above 0, best first, ties by row id."""
    found = strongest(scores, limit + len(exclude))
    order = np.lexsort((snapshot.rows[found], -scores[found]))
    rows = ((snapshot.row(number), number) for number in found[order].tolist())
    kept = [(row, number) for row, number in rows if row not in exclude][:limit]
    return [Ranked(row, float(scores[number]), snapshot.group(number)) for row, number in kept]


def _ranked(lent: Reading, text: str, filters: Filters, limit: int, exclude: Collection[str]) -> list[Ranked]:
    scores = Asked(lent, text).scores()
    if filters:
        scores = np.where(lent.snapshot.passing(filters), scores, 0.0)
    return best_of(lent.snapshot, scores, limit, exclude)


class Asked:
    """A text as terms of one snapshot, each with its weight: the best words in each field, then the pairs."""

    def __init__(self, lent: Reading, text: str) -> None:
        lines = [[word.stem for word in words_of(line)] for line in clean(text[:LONGEST_TEXT]).split("\n")]
        times = Counter(stem for line in lines for stem in line)
        self.stems = list(times)
        pairs, pair_times = _pairs(lines)
        self.located = lent.snapshot.locate([(field, stem) for field in RANKED for stem in self.stems], pairs)
        words = len(RANKED) * len(self.stems)
        counts, idf = np.array(list(times.values()), np.float64), self.located.idf
        telling = lent.recurrence.weights(self.located)[:words].reshape(len(RANKED), -1)
        kept = counts * _best(counts * np.sqrt(telling * idf[:words].reshape(telling.shape)))
        by_field = telling * kept * np.array(list(RANKED.values()))[:, None]
        self.weights = np.concatenate([by_field.ravel(), PAIR_WEIGHT * pair_times * idf[words:]])

    def scores(self) -> Scores:
        """The score of every document: (size,)."""
        return self.located.scores(self.weights)

    def parts(self, numbers: Numbers) -> Scores:
        """What each stem adds to each of these documents, and in the last row what all pairs do."""
        parts, words = self.located.parts(self.weights, numbers), len(RANKED) * len(self.stems)
        by_stem = parts[:words].reshape(len(RANKED), len(self.stems), len(numbers)).sum(axis=0)
        return np.concatenate([by_stem, parts[words:].sum(axis=0, keepdims=True)])


def _pairs(lines: Sequence[Sequence[str]]) -> tuple[Keys, Scores]:
    """The keys of the different pairs of neighbours in the lines, and how often each is there."""
    keys = [stem_keys(line) for line in lines if len(line) > 1]
    if not keys:
        return np.zeros(0, np.uint64), np.zeros(0)
    known, times = np.unique(np.concatenate([pair_keys(key[:-1], key[1:]) for key in keys]), return_counts=True)
    return known, times.astype(np.float64)


def _best(worth: Scores) -> NDArray[np.bool_]:
    """Which stems are the 64 best, by what they are worth in the field where that is more; ties by their place."""
    best = np.argsort(-worth.max(axis=0, initial=0.0), kind="stable")[:MOST_TERMS]
    kept = np.zeros(worth.shape[1], np.bool_)
    kept[best] = True
    return kept


@dataclass(frozen=True)
class Why:
    """What a document's score is the sum of: {word as the text has it: score}, and that of pairs of neighbours."""

    words: Mapping[str, float]
    pairs: float


def explain(kind: str, text: str, rows: Collection[str]) -> Mapping[str, Why]:
    """For each of these rows that is indexed, which of the text's words it has, and what each adds, the most first."""
    with reading(kind) as lent:
        return _why(lent, text, sorted(set(rows))) if lent and rows else {}


def _why(lent: Reading, text: str, rows: Sequence[str]) -> dict[str, Why]:
    asked, snapshot = Asked(lent, text), lent.snapshot
    found = np.flatnonzero(np.isin(snapshot.rows, [row.encode() for row in rows]) & snapshot.live)
    parts, spoken = asked.parts(found), _spoken(text)
    said = [spoken[stem] for stem in asked.stems]
    return {
        snapshot.row(number): Why(_most(said, parts[:-1, at]), float(parts[-1, at]))
        for at, number in enumerate(found.tolist())
    }


def _most(names: Sequence[str], parts: Scores) -> dict[str, float]:
    """What adds something, the most first."""
    adding = [at for at in np.argsort(-parts, kind="stable").tolist() if parts[at] > 0]
    return {names[at]: float(parts[at]) for at in adding}


def _spoken(text: str) -> dict[str, str]:
    """How each stem was first written in the text."""
    text = clean(text[:LONGEST_TEXT])
    found: dict[str, str] = {}
    for word in words_of(text):
        found.setdefault(word.stem, text[word.start : word.end])
    return found
