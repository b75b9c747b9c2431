"""A snapshot: one generation of a kind's index as arrays, ready for arithmetic. Immutable, shared by all threads.

A set of documents is a mask, boolean by document number; scores are float64 by document number, 0 for a document that
does not match. BM25 of a posting with frequency f in a field of length l is

    ln(N / (n + 1)) + 1  times  f (k1 + 1) / (f + k1 (1 - b + b l / average))

as Whoosh's BM25F has it (Robertson and Zaragoza 2009, sections 3.1 and 3.5). The second factor depends on few different
(field, f, l): it is a table for each segment, made anew with each generation because averages move with every
document. What is left is to gather the postings of the terms asked for, and to add them up by document.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.arrays import places_of
from app.kernel.search.compiling import MISSING
from app.kernel.search.facets import NOTHING, Facet
from app.kernel.search.postings import Keys, in_fields, keys_of
from app.kernel.search.schema import COMPILED, K1, B

Term = tuple[str, str]
Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


class Segment:
    """The compiled arrays of one segment of `count` documents, and which of them are deleted in this generation."""

    def __init__(self, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], deleted: Iterable[int]) -> None:
        self.facts, self.arrays, self.count = facts, arrays, int(facts["count"])
        self.deleted = np.array(sorted(deleted), np.int64)
        self._facets = {name: Facet.of(name, known, arrays) for name, known in facts["facets"].items()}
        self._postings = arrays["postings"]
        kind = self._postings.dtype.type
        self._bits, self._mask = kind(facts["bits"]), kind(2 ** facts["bits"] - 1)

    def documents(self, postings: NDArray[Any]) -> NDArray[Any]:
        """The documents of some packed postings, as signed numbers of the same width."""
        found: NDArray[Any] = (postings >> self._bits).view(f"i{postings.itemsize}")
        return found

    def codes(self, postings: NDArray[Any]) -> NDArray[Any]:
        """The rows of the table for some packed postings."""
        found: NDArray[Any] = postings & self._mask
        return found

    def postings(self, starts: Numbers, sizes: Numbers) -> NDArray[Any]:
        """The postings of some terms, packed, one term's after the other's, each by document."""
        return self._postings.take(places_of(starts, sizes))

    def slices(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """Where the postings of each key begin, and how many there are, each (len(keys),); 0 of a term it lacks."""
        known, starts = self.arrays["keys"], self.arrays["starts"]
        if not len(known):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        order = np.argsort(keys)
        at = np.empty(len(keys), np.int64)
        # in ascending order each search begins where the last one ended, in memory that is at hand
        at[order] = known[:-1].searchsorted(keys[order])
        first = starts.take(at).astype(np.int64)
        return first, (starts.take(at + 1) - first) * (known.take(at) == keys)

    def table(self, averages: Mapping[str, float]) -> Scores:
        """The second factor of BM25 for each code of this segment."""
        norms = np.array([[1 - B[field], B[field] / (averages[field] or 1)] for field in COMPILED])
        constant, slope = norms[self.arrays["code_field"]].T
        frequency = self.arrays["code_weight"]
        factors: Scores = frequency * (K1 + 1) / (frequency + K1 * (constant + slope * self.arrays["code_length"]))
        return factors

    def facet(self, name: str) -> Facet:
        """What filters and counts by."""
        return self._facets.get(name, NOTHING)


class Snapshot:
    """All segments of one generation, their documents numbered through as Whoosh numbers them."""

    def __init__(self, version: str, segments: Sequence[Segment]) -> None:
        self.version, self.segments = version, segments
        self.bases = np.cumsum([0, *(segment.count for segment in segments)]).tolist()
        self.size = int(self.bases[-1])
        averages = {
            field: sum(segment.facts["lengths"][field] for segment in segments) / (self.size or 1) for field in COMPILED
        }
        self.tables = [segment.table(averages) for segment in segments]

    @cached_property
    def live(self) -> Mask:
        """The documents that are not deleted."""
        mask = np.ones(self.size, np.bool_)
        for base, segment in zip(self.bases, self.segments, strict=False):
            mask[base + segment.deleted] = False
        return mask

    def locate(self, terms: Sequence[Term]) -> "Located":
        """Where these terms stand, for their document frequencies and scores."""
        return self.locate_keys(
            np.concatenate([np.zeros(0, np.uint64), *(in_fields(keys_of([t]), (f,)) for f, t in terms)])
        )

    def locate_keys(self, keys: Keys) -> "Located":
        """The same for terms that are known by their keys."""
        slices = np.empty((2, len(self.segments), len(keys)), np.int64)
        for at, segment in enumerate(self.segments):
            slices[0, at], slices[1, at] = segment.slices(keys)
        frequency = slices[1].sum(axis=0)
        return Located(self, slices, (np.log(max(1, self.size) / (frequency + 1)) + 1) * (frequency > 0))

    def passing(self, filters: Mapping[str, Sequence[str]]) -> Mask:
        """The live documents that pass all filters: any of a facet's values, every facet."""
        return all_of(self.live, self.choices(filters).values())

    def choices(self, filters: Mapping[str, Sequence[str]]) -> dict[str, Mask]:
        """For each facet that is filtered the documents with any of its values, deleted ones among them."""
        return {facet: self._having(facet, values) for facet, values in filters.items() if values}

    def having(self, field: str, term: str) -> Numbers:
        """The documents that have a term in a field, deleted ones among them."""
        return self.locate([(field, term)]).documents([0])[1]

    def _having(self, facet: str, values: Sequence[str]) -> Mask:
        parts = [segment.facet(facet).having(values, segment.count) for segment in self.segments]
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.bool_), *parts])

    def counts(self, facets: Iterable[str], passed: Mask) -> dict[str, dict[str, int]]:
        """{facet: {value: how many of the documents in the mask have it}}, most first, without those that none has."""
        found: dict[str, Counter[str]] = {name: Counter() for name in facets}
        for base, segment in zip(self.bases, self.segments, strict=False):
            documents = np.flatnonzero(passed[base : base + segment.count])
            for name, counted in found.items():
                counted.update(segment.facet(name).counts(documents))
        return {name: dict(sorted(each.items(), key=lambda pair: (-pair[1], pair[0]))) for name, each in found.items()}

    def sort_numbers(self, name: str) -> Numbers:
        """A sort number of each document; MISSING (the least there is) where it has none."""
        return self._column(f"sort:{name}", np.int64, MISSING)

    @cached_property
    def rows(self) -> NDArray[np.bytes_]:
        """The row id of each document, UTF-8."""
        return self._column("rows", np.bytes_, b"")

    def row(self, number: int) -> str:
        """The row id of one document."""
        return str(self.rows[number].decode())

    def group(self, number: int) -> str:
        """For whom one document speaks."""
        return str(self.groups[number].decode())

    @cached_property
    def groups(self) -> NDArray[np.bytes_]:
        """For whom each document speaks, UTF-8."""
        return self._column("groups", np.bytes_, b"")

    @cached_property
    def group_keys(self) -> NDArray[np.uint64]:
        """The same as hashes, which compare in one step."""
        return self._column("group_keys", np.uint64, 0)

    @cached_property
    def titles(self) -> NDArray[np.bytes_]:
        """The key by which the title of each document sorts."""
        return self._column("titles", np.bytes_, b"")

    def _column(self, name: str, dtype: Any, missing: Any) -> NDArray[Any]:
        parts = [
            segment.arrays[name] if name in segment.arrays else np.full(segment.count, missing, dtype)
            for segment in self.segments
        ]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, dtype)


@dataclass(frozen=True)
class Located:
    """k terms of a snapshot of s segments.

    `slices` (2, s, k): where the postings of each begin in each segment, and how many they are; `idf` (k,).
    """

    snapshot: Snapshot
    slices: Numbers
    idf: Scores

    @property
    def frequency(self) -> Numbers:
        """How many documents have each term, deleted ones too, as Whoosh counts: (k,)."""
        counted: Numbers = self.slices[1].sum(axis=0)
        return counted

    def beside(self, other: "Located") -> "Located":
        """These terms, then those of another, of the same snapshot."""
        slices = np.concatenate([self.slices, other.slices], axis=2)
        return Located(self.snapshot, slices, np.concatenate([self.idf, other.idf]))

    def scores(self, weights: NDArray[np.float64]) -> Scores:
        """For each document, deleted ones but for nothing, the sum of weight times BM25 of each term: (size,)."""
        weighed = weights * self.idf
        which = np.flatnonzero(weighed)
        slices, weighed = self.slices.take(which, axis=2), weighed.take(which)
        found = [np.zeros(0)]
        for at, segment in enumerate(self.snapshot.segments):
            found.append(_added(segment, self.snapshot.tables[at], slices[:, at], weighed))
            found[-1][segment.deleted] = 0.0
        return found[-1] if len(found) == 2 else np.concatenate(found)

    def documents(self, which: Sequence[int] | Numbers) -> tuple[Numbers, Numbers]:
        """The postings of some of the terms: for each its term, as a place in `which`, and its document."""
        terms: list[Numbers] = [np.zeros(0, np.int64)]
        docs: list[Numbers] = [np.zeros(0, np.int64)]
        for at, segment in enumerate(self.snapshot.segments):
            starts, sizes = self.slices[:, at, which]
            docs.append(segment.documents(segment.postings(starts, sizes)) + np.int64(self.snapshot.bases[at]))
            terms.append(np.repeat(np.arange(len(which)), sizes))
        return np.concatenate(terms), np.concatenate(docs)

    def parts(self, weights: NDArray[np.float64], numbers: Numbers) -> Scores:
        """What each term adds to the score of each of these documents: (k, len(numbers))."""
        found = np.zeros((len(weights), len(numbers)))
        weighed = weights * self.idf
        for at, segment in enumerate(self.snapshot.segments):
            here = np.flatnonzero(np.searchsorted(self.snapshot.bases, numbers, "right") - 1 == at)
            local = numbers[here] - self.snapshot.bases[at]
            for term in np.flatnonzero(self.slices[1, at] * weights).tolist() if len(here) else ():
                postings = segment.postings(*self.slices[:, at, term : term + 1])
                docs = segment.documents(postings)
                where = np.minimum(np.searchsorted(docs, local), len(docs) - 1)
                impacts = self.snapshot.tables[at][segment.codes(postings[where])]
                found[term, here] = np.where(docs[where] == local, impacts * weighed[term], 0.0)
        return found


def _added(segment: Segment, table: Scores, slices: Numbers, weights: Scores) -> Scores:
    """The sum of the terms' postings, each by its weight, for each document of the segment: (count,)."""
    postings = segment.postings(*slices)
    impacts = table.take(segment.codes(postings))
    impacts *= np.repeat(weights, slices[1])
    return summed(segment.documents(postings), impacts, segment.count)


def summed(places: NDArray[Any], amounts: NDArray[Any], size: int) -> Scores:
    """The sum of the amounts at each place: (size,)."""
    found: Any = np.bincount(places, amounts, size)
    return found  # type: ignore[no-any-return]


def all_of(mask: Mask, others: Iterable[Mask]) -> Mask:
    """The documents that are in every mask."""
    return reduce(np.logical_and, others, mask)


GROUPS = 64


def strongest(scores: Scores, count: int) -> Numbers:
    """The documents with the `count` highest scores above 0, and all that tie with the last of them; in no order.

    The highest of every 64th score is a lower bound that few pass: ten times faster than partitioning all.
    """
    least = 0.0
    whole = len(scores) // GROUPS
    if whole > count:
        heights = scores[: whole * GROUPS].reshape(GROUPS, whole).max(axis=0)
        least = float(np.partition(heights, whole - count)[whole - count])
    found = np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores)
    if len(found) > count:
        least = np.partition(scores[found], len(found) - count)[len(found) - count]
        found = found[scores[found] >= least]
    return found
