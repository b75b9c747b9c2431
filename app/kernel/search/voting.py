"""Voting: documents of several kinds speak for groups, and a group is as strong as its best documents.

Expert finding by voting (Macdonald and Ounis 2006): evidence is ranked rather than prose. The best document of a group
counts in full, the next by half, then by a quarter, and so on, so that many weak ones do not outweigh a good one.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import numpy as np

from app.kernel.search.ranking import Asked
from app.kernel.search.reading import Reading, reading
from app.kernel.search.shelf import Broken
from app.kernel.search.snapshot import Numbers, Scores, strongest

DISCOUNT = 0.5
MOST_COUNTED = 10
MOST_DOCUMENTS = 5_000


@dataclass(frozen=True)
class Voted:
    """One group: the sum, and what each of its documents adds to it, {(kind, row id): share}, the most first."""

    group: str
    score: float
    shares: Mapping[tuple[str, str], float]


def vote(kinds: Sequence[str], text: str, *, limit: int = 50) -> list[Voted]:
    """The groups whose documents speak best to a text, best first, ties by group; of the 5,000 best of each kind."""
    with suppress(Broken), ExitStack() as stack:
        lent = {kind: found for kind in kinds if (found := stack.enter_context(reading(kind)))}
        if lent:
            return Count(lent, text).winners(limit)
    return []


class Count:
    """The documents of every kind that speak to a text, those of a group together and its best first."""

    def __init__(self, lent: Mapping[str, Reading], text: str) -> None:
        self._lent = lent
        votes = [_votes(each, text) for each in lent.values()]
        kinds = np.repeat(np.arange(len(votes)), [len(numbers) for numbers, _, _ in votes])
        numbers, keys, scores = (np.concatenate(parts) for parts in zip(*votes, strict=True))
        groups = np.unique(keys, return_inverse=True)[1]
        order = np.lexsort((numbers, kinds, -scores, groups))
        self._kinds, self._numbers, groups = kinds[order], numbers[order], groups[order]
        self._starts = np.flatnonzero(np.diff(groups, prepend=-1))
        rank = np.arange(len(order)) - np.repeat(self._starts, np.diff(self._starts, append=len(order)))
        self._shares = np.where(rank < MOST_COUNTED, scores[order] * DISCOUNT ** np.minimum(rank, MOST_COUNTED), 0.0)

    def winners(self, limit: int) -> list[Voted]:
        """The groups with the highest sums."""
        if not len(self._starts):
            return []
        totals = np.add.reduceat(self._shares, self._starts)
        ends = np.append(self._starts[1:], len(self._shares))
        best = strongest(totals, limit)
        found = [self._voted(int(self._starts[each]), int(ends[each]), float(totals[each])) for each in best]
        return sorted(found, key=lambda each: (-each.score, each.group))[:limit]

    def _voted(self, start: int, end: int, total: float) -> Voted:
        names, readings = list(self._lent), list(self._lent.values())
        shares = {}
        for at in range(start, min(end, start + MOST_COUNTED)):
            kind, number = int(self._kinds[at]), int(self._numbers[at])
            shares[names[kind], readings[kind].snapshot.row(number)] = float(self._shares[at])
        return Voted(readings[int(self._kinds[start])].snapshot.group(int(self._numbers[start])), total, shares)


def _votes(lent: Reading, text: str) -> tuple[Numbers, Numbers, Scores]:
    """The best documents that speak for somebody: their numbers, their groups' keys and their scores."""
    scores = Asked(lent, text).scores()
    best = strongest(scores, MOST_DOCUMENTS)
    best = best[lent.snapshot.groups[best] != b""]
    return best, lent.snapshot.group_keys[best], scores[best]
