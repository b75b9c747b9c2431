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
        self._known: dict[int, tuple[float, float]] = {}
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

    def weights(self, located: Located) -> Scores:
        """w of each located term, at least 0.01; 0 for a term that no document has: (k,)."""
        shared, seen = self._counted(located)
        p = np.clip((shared + BELIEF * USUAL) / (seen + BELIEF), LEAST, MOST)
        q = np.minimum((located.frequency + 0.5) / (located.snapshot.size + UNSEEN), MOST)
        return np.where(located.frequency > 0, np.maximum(LEAST_WEIGHT, np.log(p * (1 - q) / (q * (1 - p)))), 0.0)

    def _counted(self, located: Located) -> tuple[Scores, Scores]:
        """For each term: documents in a group of two or more that have it, and the sum of the shares of the others."""
        group, others = self._groups
        if not others.any():
            return np.zeros(len(located.keys)), np.zeros(len(located.keys))
        keys = located.keys.tolist()
        with self._lock:
            fresh = [at for at, key in enumerate(keys) if key not in self._known]
            step = max(1, AT_ONCE // len(others))
            for start in range(0, len(fresh), step):
                self._count(located, fresh[start : start + step], group, others)
            known = [self._known[key] for key in keys]
        shared, seen = np.array(known).reshape(-1, 2).T
        return shared, seen

    def _count(self, located: Located, which: list[int], group: Numbers, others: Scores) -> None:
        terms, docs = located.documents(which)
        groups = group[docs]
        several = (groups >= 0) & (others[groups] > 0)
        terms, groups = terms[several], groups[several]
        place = terms * len(others) + groups
        together = np.bincount(place, minlength=len(which) * len(others))[place] - 1
        shared = np.bincount(terms, together / others[groups], minlength=len(which))
        seen = np.bincount(terms, minlength=len(which)).astype(np.float64)
        for at, pair in zip(which, zip(shared.tolist(), seen.tolist(), strict=True), strict=True):
            self._known[int(located.keys[at])] = pair
