"""Which words say what somebody does: those that come back in other documents of the same group.

A word that a provider used once comes back in its other documents if it names its trade, and does not if it names a
place, a year or a form of contract. So each term has the relevance weight of Robertson and Sparck Jones (1976),

    w = ln( p (1 - q) / (q (1 - p)) )

where q is the share of all documents that have the term, and p the share, among the other documents of the same group,
that have it too, averaged over the documents that have it. Nothing is learnt from buyers, dates or decisions.
"""

import threading
from functools import cached_property

import numpy as np

from app.kernel.search.snapshot import Located, Numbers, Scores, Snapshot

# What p is believed to be before anything is seen, and how many documents that belief counts for.
USUAL, BELIEF = 0.1, 5.0
LEAST, MOST = 1e-4, 0.95
# Few documents say little about how common a word is: as if there were this many more without it.
UNSEEN = 50
# A word that tells nothing still breaks ties.
LEAST_WEIGHT = 0.01
AT_ONCE = 2_000_000


class Recurrence:
    """The relevance weights of one snapshot's terms, counted when they are first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[int, float] = {}
        self._lock = threading.Lock()

    @cached_property
    def _groups(self) -> tuple[Numbers, Scores]:
        """The group of each document, as a number, and how many others each group has."""
        snapshot = self._snapshot
        _, group, counts = np.unique(snapshot.group_keys, return_inverse=True, return_counts=True)
        gone = ~snapshot.live
        counts -= np.bincount(group[gone], minlength=len(counts))
        counts[np.unique(group[snapshot.groups == b""])] = 1
        return np.where(gone, -1, group), np.maximum(counts - 1, 0).astype(np.float64)

    def weights(self, located: Located, count: int) -> Scores:
        """w of the first so many located terms, at least 0.01; 0 for a term that no document has: (count,)."""
        keys = located.keys[:count].tolist()
        with self._lock:
            found = [self._known.get(key) for key in keys]
            if None in found:
                self._learn(located, [at for at, weight in enumerate(found) if weight is None])
                found = [self._known[key] for key in keys]
        return np.array(found, np.float64)

    def _learn(self, located: Located, fresh: list[int]) -> None:
        shared, seen = self._counted(located, fresh)
        frequency = located.frequency[fresh]
        p = np.clip((shared + BELIEF * USUAL) / (seen + BELIEF), LEAST, MOST)
        q = np.minimum((frequency + 0.5) / (self._snapshot.size + UNSEEN), MOST)
        weights = np.where(frequency > 0, np.maximum(LEAST_WEIGHT, np.log(p * (1 - q) / (q * (1 - p)))), 0.0)
        self._known.update(zip(located.keys[fresh].tolist(), weights.tolist(), strict=True))

    def _counted(self, located: Located, which: list[int]) -> tuple[Scores, Scores]:
        """For each term: the sum of the shares of the others, and documents in a group of two or more that have it."""
        group, others = self._groups
        shared, seen = np.zeros(len(which)), np.zeros(len(which))
        step = max(1, AT_ONCE // max(1, len(others)))
        for start in range(0, len(which) if others.any() else 0, step):
            part = slice(start, start + step)
            terms, docs = located.documents(which[part])
            groups = group[docs]
            several = (groups >= 0) & (others[groups] > 0)
            terms, groups = terms[several], groups[several]
            place, count = terms * len(others) + groups, len(which[part])
            together = np.bincount(place, minlength=count * len(others))[place] - 1
            shared[part] = np.bincount(terms, together / others[groups], minlength=count)
            seen[part] = np.bincount(terms, minlength=count)
        return shared, seen
