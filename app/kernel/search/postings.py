"""Postings of one Whoosh segment as flat arrays: its terms', and those of words that stand side by side.

Pairs are read from the positions that Whoosh keeps for phrases. They are scored as a field of their own, `pairs`, whose
length is that of title and text together.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.analysis import Remembered
from app.kernel.search.arrays import places_of
from app.kernel.search.schema import COMPILED, INDEXED, PAIRED, PAIRS

# odd numbers without a pattern (the golden ratio; Steele, Lea and Flood 2014): they mix hashes
FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
SALTS = {field: np.uint64((at + 1) * 0x94D049BB133111EB % 2**64) for at, field in enumerate(COMPILED)}

Keys = NDArray[np.uint64]


def _key(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


_keys = Remembered(_key, 400_000)


def key_of(term: str) -> int:
    """A term as a number of 64 bits: two of a million terms are one with a chance of 3 in 10^8."""
    return int(_keys[term])


def keys_of(terms: Iterable[str]) -> Keys:
    """The keys of some terms, without their field."""
    return np.array([_keys[term] for term in terms], np.uint64)


def in_fields(keys: Keys, fields: tuple[str, ...]) -> Keys:
    """The keys of terms in some fields, one field after the other."""
    return _mixed(keys ^ _salts(fields)).ravel()


@lru_cache(maxsize=20)
def _salts(fields: tuple[str, ...]) -> Keys:
    return np.array([[SALTS[field]] for field in fields], np.uint64)


def pair_keys(first: Keys, second: Keys) -> Keys:
    """The keys of pairs, from the keys of their words."""
    return _mixed(first * FIRST + second * SECOND)


def _mixed(keys: Keys) -> Keys:
    mixed = keys * FIRST
    mixed ^= mixed >> np.uint64(29)
    return mixed * SECOND


@dataclass(frozen=True)
class Postings:
    """t terms by key, in the order of their slices: keys, sizes, fields (t,); documents and frequencies (p,)."""

    keys: Keys
    sizes: NDArray[np.int64]
    fields: NDArray[np.int64]
    docs: NDArray[np.int32]
    weights: NDArray[np.float32]

    def sorted(self) -> "Postings":
        """The same with the keys ascending; ValueError when two terms have one key."""
        order = np.argsort(self.keys, kind="stable")
        keys, sizes = self.keys[order], self.sizes[order]
        if len(keys) and (keys[1:] == keys[:-1]).any():
            raise ValueError("two terms have one hash")
        take = places_of((np.cumsum(self.sizes) - self.sizes)[order], sizes)
        return Postings(keys, sizes, self.fields[order], self.docs[take], self.weights[take])


def read_postings(reader: Any) -> Postings:
    """All postings of a SegmentReader, those of deleted documents too."""
    words, places = _Growing(), {field: _Places() for field in PAIRED}
    for field, term in reader.all_terms():
        if field in INDEXED:
            text = term.decode("utf-8")
            words.begin(key_of(text), COMPILED.index(field))
            for docs, weights, values in _blocks(reader, field, term):
                words.add(docs, weights)
                if field in places:
                    places[field].add(key_of(text), docs, values, reader.schema[field].format.decode_positions)
    pairs = [each.pairs() for each in places.values()]
    return _joined(words.postings(), _paired(pairs)).sorted()


def _blocks(reader: Any, field: str, term: bytes) -> Iterator[tuple[Sequence[int], Sequence[float], Sequence[bytes]]]:
    """The postings of a term block by block: ten times faster than one by one."""
    matcher = reader._terms.matcher(field, term, reader.schema[field].format)
    if not hasattr(matcher, "_read_ids"):
        # Whoosh keeps a term of one document in its dictionary
        yield [matcher.id()], [matcher.weight()], [matcher.value()]
        return
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        matcher._read_values()
        yield matcher._ids, matcher._weights, matcher._values
        matcher._next_block()


class _Growing:
    """Postings in the making."""

    def __init__(self) -> None:
        self.keys, self.starts, self.fields = array("Q"), array("q"), array("q")
        self.docs, self.weights = array("i"), array("f")

    def begin(self, key: int, field: int) -> None:
        self.keys.append(key)
        self.starts.append(len(self.docs))
        self.fields.append(field)

    def add(self, docs: Sequence[int], weights: Sequence[float]) -> None:
        self.docs.extend(docs)
        self.weights.extend(weights)

    def postings(self) -> Postings:
        sizes = np.diff(_numbers(self.starts), append=len(self.docs))
        fields = _numbers(self.fields)
        keys = _mixed(_numbers(self.keys) ^ _salts(COMPILED).ravel()[fields])
        return Postings(keys, sizes, fields, _numbers(self.docs), _numbers(self.weights))


class _Places:
    """Where the stems of one field stand: document, position and key of each."""

    def __init__(self) -> None:
        self.docs, self.at, self.keys = array("i"), array("i"), array("Q")

    def add(self, key: int, docs: Sequence[int], values: Sequence[bytes], decode: Any) -> None:
        for number, value in zip(docs, values, strict=True):
            for position in decode(value):
                self.docs.append(number)
                self.at.append(position)
                self.keys.append(key)

    def pairs(self) -> tuple[Keys, NDArray[np.int32]]:
        """Key and document of every two stems that stand side by side, as often as they do."""
        docs, at, keys = _numbers(self.docs), _numbers(self.at), _numbers(self.keys)
        order = np.lexsort((at, docs))
        docs, at, keys = docs[order], at[order], keys[order]
        beside = np.flatnonzero((docs[1:] == docs[:-1]) & (at[1:] == at[:-1] + 1))
        return pair_keys(keys[beside], keys[beside + 1]), docs[beside]


def _paired(found: Sequence[tuple[Keys, NDArray[np.int32]]]) -> Postings:
    """The pairs of all fields as postings: how often a document has each."""
    keys, docs = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((docs, keys))
    keys, docs = keys[order], docs[order]
    starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]).astype(bool) | np.diff(docs, prepend=-1).astype(bool))
    weights = np.diff(starts, append=len(keys)).astype(np.float32)
    known, sizes = np.unique(keys[starts], return_counts=True)
    fields = np.full(len(known), COMPILED.index(PAIRS))
    return Postings(known, sizes, fields, docs[starts], weights)


def _joined(*parts: Postings) -> Postings:
    return Postings(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.fields for part in parts]),
        np.concatenate([part.docs for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def _numbers(given: "array[Any]") -> NDArray[Any]:
    """An array of Python's as one of NumPy's, without a copy."""
    return np.frombuffer(given, given.typecode) if len(given) else np.zeros(0, given.typecode)
