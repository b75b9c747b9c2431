"""The lexicon: what ranking asks of a stem, looked up when the stem is first asked for and then remembered.

A generation never changes, so neither does what is remembered of it. A need has about a hundred words, most of which
other needs had: to look each up anew would cost as much as all the arithmetic that follows.
"""

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from app.kernel.search.postings import Keys, in_fields, keys_of
from app.kernel.search.recurrence import Recurrence
from app.kernel.search.schema import RANKED
from app.kernel.search.snapshot import Located, Numbers, Scores, Snapshot

# Absent words are remembered too, and anybody may ask for any: at so many, all are forgotten.
MOST_KNOWN = 100_000


@dataclass(frozen=True)
class Spoken:
    """A text of n stems, u of them different, in the f fields that are ranked.

    `located` and `weights` (w of `recurrence`) are of f u terms: the different stems, in the order in which they first
    come, in the first field, then in the next. `times` (u,) says how often each comes; `keys` (n,) are those of all.
    """

    located: Located
    weights: Scores
    times: Scores
    keys: Keys


class Lexicon:
    """The stems of one snapshot in the fields that are ranked. Any number of threads may ask."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._recurrence = Recurrence(snapshot)
        self._lock = threading.Lock()
        self._known = _Known(len(snapshot.segments))

    def look_up(self, stems: Sequence[str]) -> "Spoken":
        """All that is known of these stems, which may come again."""
        known, rows = self._rows(stems)
        times = Counter(rows)
        different = np.fromiter(times, np.int64, len(times))
        idf, weights = known.weights(different)
        located = Located(self._snapshot, known.slices(different), idf)
        return Spoken(located, weights, np.array([*times.values()], np.float64), known.keys.take(rows))

    def _rows(self, stems: Sequence[str]) -> tuple["_Known", list[int]]:
        known = self._known
        try:
            return known, [known.rows[stem] for stem in stems]
        except KeyError:
            with self._lock:
                if len(self._known.rows) > MOST_KNOWN:
                    self._known = _Known(len(self._snapshot.segments))
                known = self._known
                self._learn(known, [stem for stem in dict.fromkeys(stems) if stem not in known.rows])
            return known, [known.rows[stem] for stem in stems]

    def _learn(self, known: "_Known", fresh: Collection[str]) -> None:
        keys = keys_of(fresh)
        located = self._snapshot.locate_keys(in_fields(keys, tuple(RANKED)))
        known.add(fresh, keys, located, self._recurrence.weights(located))


class _Known:
    """What is known of n stems in f fields and s segments, all that is of one stem side by side in memory.

    A row that is in `rows` is whole: others may read it while one thread, that holds the lock, adds more.
    """

    def __init__(self, segments: int) -> None:
        self.rows: dict[str, int] = {}
        self._slices = np.zeros((256, 2, segments, len(RANKED)), np.int64)
        self._weights = np.zeros((256, 2, len(RANKED)))
        self.keys = np.zeros(256, np.uint64)

    def slices(self, rows: Numbers) -> Numbers:
        """Starts and sizes, (2, s, f k)."""
        found = self._slices.take(rows, axis=0)
        return found.transpose(1, 2, 3, 0).reshape(*found.shape[1:3], len(RANKED) * len(rows))

    def weights(self, rows: Numbers) -> Scores:
        """idf and w, (2, f k)."""
        return self._weights.take(rows, axis=0).transpose(1, 2, 0).reshape(2, -1)

    def add(self, stems: Collection[str], keys: Keys, located: Located, weights: Scores) -> None:
        """Append these stems, all new."""
        first, last = len(self.rows), len(self.rows) + len(stems)
        while last > len(self._slices):
            self._slices = np.concatenate([self._slices, np.zeros_like(self._slices)])
            self._weights = np.concatenate([self._weights, np.zeros_like(self._weights)])
            self.keys = np.concatenate([self.keys, np.zeros_like(self.keys)])
        self.keys[first:last] = keys
        slices = located.slices.reshape(*self._slices.shape[1:], len(stems))
        self._slices[first:last] = slices.transpose(3, 0, 1, 2)
        told = np.array([located.idf, weights]).reshape(*self._weights.shape[1:], len(stems))
        self._weights[first:last] = told.transpose(2, 0, 1)
        self.rows.update(zip(stems, range(first, last), strict=True))
