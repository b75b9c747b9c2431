"""Ranking: a long text, a need's, against every document of a kind.

A word counts by BM25F times its frequency in the text times how well it tells groups apart (`recurrence`); two words
side by side count a little, by the square of their idf. The weights were chosen on public records of what governments
bought (docs/decisions/0010), and are the same for every kind and every need.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.analysis import clean, stems_of_line, words_of
from app.kernel.search.finding import Filters
from app.kernel.search.postings import Keys, pair_keys
from app.kernel.search.reading import Reading, reading
from app.kernel.search.schema import RANKED
from app.kernel.search.shelf import Broken
from app.kernel.search.snapshot import Numbers, Scores, Snapshot, strongest

MOST_TERMS = 64
LONGEST_TEXT = 50_000
FIELD_WEIGHTS = np.array(list(RANKED.values()))
# What two words side by side count for.
PAIR_WEIGHT = 0.2
# What the words that are left out add, of all that words could add.
UNTOLD = 0.01


class Ranked(NamedTuple):
    """One document for a text: its score, and for whom it speaks."""

    row_id: str
    score: float
    group: str = ""


def rank(kind: str, text: str, *, filters: Filters | None = None, limit: int = 50) -> list[Ranked]:
    """The documents that share the most telling words with the text, best first; ties by row id. Filters as in `find`.

    The score is the sum of what each of the 64 best words, and each pair of neighbours in a line, adds.
    """
    with suppress(Broken), reading(kind) as lent:
        if lent:
            return _ranked(lent, text, filters or {}, limit, ())
    return []


def more_like(
    kind: str, text: str, *, exclude: Collection[str] = (), filters: Filters | None = None, limit: int = 10
) -> list[Ranked]:
    """Documents like this text, best first, but the rows of `exclude`: near duplicates come out on top."""
    with suppress(Broken), reading(kind) as lent:
        if lent:
            return _ranked(lent, text, filters or {}, limit, exclude)
    return []


def rank_plainly(kind: str, text: str, *, limit: int = 50) -> list[Ranked]:
    """What others do, to compare with: BM25 of every word of title and text, by its frequency in the question."""
    with suppress(Broken), reading(kind) as lent:
        if lent:
            times = Counter(stems_of_line(clean(text[:LONGEST_TEXT])))
            located = lent.snapshot.locate([(field, stem) for field in RANKED for stem in times])
            scores = located.scores(np.tile(np.array(list(times.values()), np.float64), len(RANKED)))
            return best_of(lent.snapshot, scores, limit)
    return []


def best_of(snapshot: Snapshot, scores: Scores, limit: int, exclude: Collection[str] = ()) -> list[Ranked]:
    """The documents with the highest scores above 0, best first, ties by row id."""
    found = strongest(scores, limit + len(exclude))
    found = found[np.lexsort((snapshot.rows[found], -scores[found]))]
    rows, groups = (map(bytes.decode, column[found].tolist()) for column in (snapshot.rows, snapshot.groups))
    ranked = map(Ranked, rows, scores[found].tolist(), groups)
    return [each for each in ranked if each.row_id not in exclude][:limit]


def _ranked(lent: Reading, text: str, filters: Filters, limit: int, exclude: Collection[str]) -> list[Ranked]:
    scores = Asked(lent, text).scores()
    if filters:
        scores = np.where(lent.snapshot.passing(filters), scores, 0.0)
    return best_of(lent.snapshot, scores, limit, exclude)


class Asked:
    """A text as terms of one snapshot, each with its weight: the best words in each field, then the pairs."""

    def __init__(self, lent: Reading, text: str) -> None:
        lines = [stems_of_line(line) for line in clean(text[:LONGEST_TEXT]).split("\n")]
        self.stems = list(chain.from_iterable(lines))
        spoken = lent.lexicon.look_up(self.stems)
        pairs = lent.snapshot.locate_keys(_pairs(spoken.keys, [len(line) for line in lines if line]))
        self.located, words = spoken.located.beside(pairs), len(spoken.weights)
        by_field, idf = spoken.weights.reshape(len(RANKED), -1), self.located.idf
        counts = spoken.times * _best(spoken.times * np.sqrt(by_field * idf[:words].reshape(by_field.shape)))
        by_field = by_field * counts * FIELD_WEIGHTS[:, None]
        self.weights = _telling(np.concatenate([by_field.ravel(), PAIR_WEIGHT * idf[words:]]), idf)

    def scores(self) -> Scores:
        """The score of every document: (size,)."""
        return self.located.scores(self.weights)

    def parts(self, numbers: Numbers) -> tuple[list[str], Scores]:
        """The different stems, what each adds to each of these documents, and in the last row what all pairs do."""
        stems, parts = list(dict.fromkeys(self.stems)), self.located.parts(self.weights, numbers)
        words = len(RANKED) * len(stems)
        by_stem = parts[:words].reshape(len(RANKED), len(stems), len(numbers)).sum(axis=0)
        return stems, np.concatenate([by_stem, parts[words:].sum(axis=0, keepdims=True)])


def _pairs(keys: Keys, lengths: Sequence[int]) -> Keys:
    """The keys of all pairs of neighbours within a line of so many stems, as often as they are there."""
    pairs = pair_keys(keys[:-1], keys[1:])
    return pairs if len(lengths) < 2 else np.delete(pairs, np.cumsum(lengths)[:-1] - 1)


def _telling(weights: Scores, idf: Scores) -> Scores:
    """The weights without the least, which together are a hundredth of all: the commonest words, in most documents."""
    worth = weights * idf
    order = np.argsort(worth, kind="stable")
    added = np.cumsum(worth[order])
    weights[order[: np.searchsorted(added, UNTOLD * added[-1:]).sum()]] = 0.0
    return weights


def _best(worth: Scores) -> NDArray[np.bool_]:
    """Which stems are the 64 best, by what they are worth in the field where that is more; ties by their place."""
    kept = np.ones(worth.shape[1], np.bool_)
    if len(kept) > MOST_TERMS:
        kept[np.argsort(-worth.max(axis=0), kind="stable")[MOST_TERMS:]] = False
    return kept


@dataclass(frozen=True)
class Why:
    """What a document's score is the sum of: {word as the text has it: score}, and that of pairs of neighbours."""

    words: Mapping[str, float]
    pairs: float


def explain(kind: str, text: str, rows: Collection[str]) -> Mapping[str, Why]:
    """For each of these rows that is indexed, which of the text's words it has, and what each adds, the most first."""
    with suppress(Broken), reading(kind) as lent:
        if lent and rows:
            return _why(lent, text, sorted(set(rows)))
    return {}


def _why(lent: Reading, text: str, rows: Sequence[str]) -> dict[str, Why]:
    asked, snapshot = Asked(lent, text), lent.snapshot
    found = np.flatnonzero(np.isin(snapshot.rows, [row.encode() for row in rows]) & snapshot.live)
    (stems, parts), spoken = asked.parts(found), _spoken(text)
    said = [spoken[stem] for stem in stems]
    return {
        snapshot.row(number): Why(_most(said, parts[:-1, at]), float(parts[-1, at]))
        for at, number in enumerate(found.tolist())
    }


def _most(names: Sequence[str], parts: Scores) -> dict[str, float]:
    """What adds something, the most first."""
    adding = [at for at in np.argsort(-parts, kind="stable").tolist() if parts[at] > 0]
    return {names[at]: float(parts[at]) for at in adding}


def _spoken(text: str) -> dict[str, str]:
    """How each stem was first written in the text, but for a capital that only begins a sentence."""
    text = clean(text[:LONGEST_TEXT])
    found: dict[str, str] = {}
    for word in words_of(text):
        written = text[word.start : word.end]
        if found.setdefault(word.stem, written).istitle() and written.islower():
            found[word.stem] = written
    return found
