"""Which words say what somebody does: those that come back in other documents of the same group.

A word that a provider used once comes back in its other documents if it names its trade, and does not if it names a
place, a year or a form of contract. So each term has the relevance weight of Robertson and Sparck Jones (1976),

    w = ln( p (1 - q) / (q (1 - p)) )

where q is the share of all documents that have the term, and p the share, among the other documents of the same group,
that have it too, averaged over the documents that have it. Nothing is learnt from buyers, dates or decisions.
"""

from functools import cached_property

import numpy as np

from app.kernel.search.snapshot import Located, Numbers, Scores, Snapshot, summed

# What p is believed to be before anything is seen, and how many documents that belief counts for.
USUAL, BELIEF = 0.1, 5.0
LEAST, MOST = 1e-4, 0.95
# Few documents say little about how common a word is: as if there were this many more without it.
UNSEEN = 50
# A word that tells nothing still breaks ties.
LEAST_WEIGHT = 0.01
AT_ONCE = 2_000_000


class Recurrence:
    """The relevance weights of one snapshot's terms."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

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
        q = np.minimum((located.frequency + 0.5) / (self._snapshot.size + UNSEEN), MOST)
        return np.where(located.frequency > 0, np.maximum(LEAST_WEIGHT, np.log(p * (1 - q) / (q * (1 - p)))), 0.0)

    def _counted(self, located: Located) -> tuple[Scores, Scores]:
        """For each term: the sum of the shares of the others, and documents in a group of two or more that have it."""
        count = len(located.frequency)
        shared, seen = np.zeros(count), np.zeros(count)
        parts = np.cumsum(located.frequency) // AT_ONCE
        for part in np.unique(parts) if self._groups[1].any() else ():
            which = np.flatnonzero(parts == part)
            shared[which], seen[which] = self._counted_at_once(located, which)
        return shared, seen

    def _counted_at_once(self, located: Located, which: Numbers) -> tuple[Scores, Scores]:
        group, others = self._groups
        terms, docs = located.documents(which)
        groups = group[docs]
        several = (groups >= 0) & (others[groups] > 0)
        places = np.sort(terms[several] * len(others) + groups[several])
        first = np.flatnonzero(np.diff(places, prepend=-1))
        times = np.diff(first, append=len(places))
        terms, groups = np.divmod(places[first], len(others))
        shared = summed(terms, times * (times - 1) / others[groups], len(which))
        return shared, summed(terms, times, len(which))
