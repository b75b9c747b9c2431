"""Ranking: a long text, a need's, against every document of a kind."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.kernel.search.analysis import clean, words_of
from app.kernel.search.finding import Filters
from app.kernel.search.reading import reading
from app.kernel.search.snapshot import Located, Numbers, Scores, Snapshot, strongest

MOST_TERMS = 32
LONGEST_TEXT = 50_000
# What a word counts for in each field that is ranked, and what a capability counts for.
RANKED = {"title": 1.5, "text": 1.0}
CAPABILITY_WEIGHT = 2.0


@dataclass(frozen=True)
class Ranked:
    """One document for a text: its score (BM25 units), and for whom it speaks."""

    row_id: str
    score: float
    group: str = ""


def rank(
    kind: str, text: str, *, capabilities: Sequence[str] = (), filters: Filters | None = None, limit: int = 50
) -> list[Ranked]:
    """The documents that share the most telling words and capabilities with the text, best first.

    Each of the 32 best terms counts by BM25F times its frequency in the text (the query term frequency of Robertson et
    al., Okapi at TREC-3, without saturation); a term is the better, the higher frequency times idf. The score is the
    sum of what each word and capability adds. Ties by row id. Filters as in `find`.
    """
    with reading(kind) as lent:
        return _ranked(lent.snapshot, text, capabilities, filters or {}, limit, ()) if lent else []


def more_like(
    kind: str, text: str, *, exclude: Collection[str] = (), filters: Filters | None = None, limit: int = 10
) -> list[Ranked]:
    """Documents like this text, best first, but the rows of `exclude`: near duplicates come out on top."""
    with reading(kind) as lent:
        return _ranked(lent.snapshot, text, (), filters or {}, limit, exclude) if lent else []


def _ranked(
    snapshot: Snapshot, text: str, tags: Sequence[str], filters: Filters, limit: int, exclude: Collection[str]
) -> list[Ranked]:
    asked = Asked(snapshot, text, tags)
    scores = asked.located.scores(asked.weights)
    if filters:
        scores = np.where(snapshot.passing(filters), scores, 0.0)
    found = strongest(scores, limit + len(exclude))
    order = np.lexsort((snapshot.rows[found], -scores[found]))
    rows = ((snapshot.row(number), number) for number in found[order].tolist())
    kept = [(row, number) for row, number in rows if row not in exclude][:limit]
    return [Ranked(row, float(scores[number]), snapshot.group(number)) for row, number in kept]


class Asked:
    """A text as terms of the index, each with its weight: the best words in each field, then the capabilities."""

    def __init__(self, snapshot: Snapshot, text: str, tags: Sequence[str]) -> None:
        times = Counter(word.stem for word in words_of(clean(text[:LONGEST_TEXT])))
        self.stems, self.tags = list(times), list(dict.fromkeys(map(clean, tags)))
        terms = [(field, stem) for field in RANKED for stem in self.stems]
        self.located = snapshot.locate([*terms, *(("capabilities", tag) for tag in self.tags)])
        counts = _best(self.located, np.array(list(times.values()), np.float64))
        weights = [weight * counts for weight in RANKED.values()]
        self.weights = np.concatenate([*weights, np.full(len(self.tags), CAPABILITY_WEIGHT)])

    def parts(self, numbers: Numbers) -> tuple[Scores, Scores]:
        """What each stem and each tag adds to each of these documents: (stems, documents), (tags, documents)."""
        parts = self.located.parts(self.weights, numbers)
        words = len(RANKED) * len(self.stems)
        return parts[:words].reshape(len(RANKED), len(self.stems), len(numbers)).sum(axis=0), parts[words:]


def _best(located: Located, counts: Scores) -> Scores:
    """The counts of the 32 best terms, ties by their order in the text; 0 for all others.

    A word's idf is that of the field where it is commoner.
    """
    by_field = located.idf[: len(RANKED) * len(counts)].reshape(len(RANKED), -1)
    worth = counts * np.where(by_field > 0, by_field, np.inf).min(axis=0, initial=np.inf)
    worth[np.isinf(worth)] = 0.0
    best = np.argsort(-worth, kind="stable")[:MOST_TERMS]
    kept = np.zeros(len(counts))
    kept[best] = counts[best]
    return kept


def explain(kind: str, text: str, rows: Collection[str], capabilities: Sequence[str] = ()) -> Mapping[str, "Why"]:
    """For each of these rows that is indexed, which of the text's words and capabilities it has, and what each adds."""
    with reading(kind) as lent:
        return _why(lent.snapshot, text, capabilities, sorted(set(rows))) if lent and rows else {}


@dataclass(frozen=True)
class Why:
    """What a document's score is the sum of: {word as the text has it: BM25 units}, {capability: BM25 units}."""

    words: Mapping[str, float]
    capabilities: Mapping[str, float]


def _why(snapshot: Snapshot, text: str, tags: Sequence[str], rows: Sequence[str]) -> dict[str, Why]:
    asked = Asked(snapshot, text, tags)
    found = np.flatnonzero(np.isin(snapshot.rows, [row.encode() for row in rows]) & snapshot.live)
    words, capabilities = asked.parts(found)
    spoken = _spoken(text)
    said = [spoken[stem] for stem in asked.stems]
    return {
        snapshot.row(number): Why(_most(said, words[:, at]), _most(asked.tags, capabilities[:, at]))
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
