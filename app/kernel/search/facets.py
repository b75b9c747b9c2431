"""Facets of one segment of n documents: who has a value, and how many of some documents have each.

facet:<name>:values   (m,) uint16 or uint32: the values of document 0, then of 1, …, as places among those known
facet:<name>:first    (n + 1,) uint32: where each document's values begin; not there when each has exactly one
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.arrays import places_of

Numbers = NDArray[np.int64]


def compile_facet(name: str, given: Sequence[Sequence[str]]) -> tuple[list[str], dict[str, NDArray[Any]]]:
    """The values known, and the arrays, of one facet, from the values of each document."""
    known = {value: at for at, value in enumerate(dict.fromkeys(chain.from_iterable(given)))}
    kind = np.uint16 if len(known) < 2**16 else np.uint32
    values = np.array([known[value] for each in given for value in each], kind)
    sizes = [len(each) for each in given]
    first = {} if set(sizes) == {1} else {f"facet:{name}:first": np.cumsum([0, *sizes]).astype(np.uint32)}
    return [*known], {f"facet:{name}:values": values, **first}


@dataclass(frozen=True)
class Facet:
    """One facet of a segment."""

    known: Sequence[str]
    values: NDArray[Any]
    first: NDArray[Any] | None

    @classmethod
    def of(cls, name: str, known: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> "Facet":
        """The facet of this name among a segment's arrays."""
        return cls(known, arrays[f"facet:{name}:values"], arrays.get(f"facet:{name}:first"))

    def having(self, wanted: Collection[str], count: int) -> NDArray[np.bool_]:
        """Which of the segment's documents have any of these values: (count,)."""
        if not self.known:
            return np.zeros(count, np.bool_)
        chosen = np.array([value in wanted for value in self.known]).take(self.values)
        if self.first is None:
            return chosen
        so_far = np.zeros(len(chosen) + 1, np.int32)
        np.cumsum(chosen, out=so_far[1:])
        bounds = so_far.take(self.first)
        mask: NDArray[np.bool_] = bounds[1:] > bounds[:-1]
        return mask

    def counts(self, documents: Numbers) -> dict[str, int]:
        """{value: how many of these documents have it}, without those that none has."""
        if not self.known:
            return {}
        if self.first is not None:
            starts = self.first.take(documents).astype(np.int64)
            documents = places_of(starts, self.first.take(documents + 1) - starts)
        counted = np.bincount(self.values.take(documents), minlength=len(self.known))
        return {self.known[at]: int(counted[at]) for at in np.flatnonzero(counted).tolist()}


# a facet that no document has
NOTHING = Facet((), np.zeros(0, np.uint16), None)
