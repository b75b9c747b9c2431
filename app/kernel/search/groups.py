"""Groups: all for whom documents of some kinds speak, numbered through, for arithmetic over every one of them."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.reading import Reading, reading
from app.kernel.search.snapshot import Mask, Numbers, Scores, Snapshot

KEPT = 4


class Groups:
    """The groups of one generation of some kinds. Arrays by group are (size,), arrays by document (documents,)."""

    def __init__(self, snapshots: Mapping[str, Snapshot]) -> None:
        self.snapshots = snapshots
        names = [np.where(snapshot.live, snapshot.groups, b"") for snapshot in snapshots.values()]
        self._names, number = np.unique(np.concatenate([*names, np.zeros(0, "S1")]), return_inverse=True)
        bounds = np.cumsum([0, *(len(each) for each in names)])
        self._of = {kind: number[bounds[at] : bounds[at + 1]] for at, kind in enumerate(snapshots)}

    @cached_property
    def _order(self) -> Mapping[str, tuple[Numbers, Numbers]]:
        """For each kind its documents by group, and where each group begins."""
        every = np.arange(self.size + 1)
        order = {kind: np.argsort(of, kind="stable") for kind, of in self._of.items()}
        return {kind: (found, np.searchsorted(self._of[kind][found], every)) for kind, found in order.items()}

    @property
    def size(self) -> int:
        """How many groups there are; nobody, for whom some documents speak, may be among them."""
        return len(self._names)

    @cached_property
    def ids(self) -> list[str]:
        """The groups in the order of their numbers; "" is nobody."""
        return [str(name.decode()) for name in self._names.tolist()]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each group."""
        return {group: at for at, group in enumerate(self.ids)}

    def best(self, kind: str, values: NDArray[np.float64]) -> Scores:
        """The highest value (at least 0) of each group's documents of a kind."""
        found = np.zeros(self.size)
        which = np.flatnonzero(values > 0)
        np.maximum.at(found, self._of[kind][which], values[which])
        return found

    def any(self, kind: str, mask: Mask) -> Mask:
        """The groups with a document of the kind in the mask."""
        found = np.zeros(self.size, np.bool_)
        found[self._of[kind][mask]] = True
        return found

    def documents(self, kind: str, group: int) -> list[int]:
        """The documents of a kind that speak for a group, ascending."""
        order, starts = self._order[kind]
        return [int(number) for number in order[starts[group] : starts[group + 1]]]


_known: dict[tuple[str, ...], Groups] = {}
_lock = threading.Lock()


@contextmanager
def groups(kinds: Sequence[str]) -> Iterator[Groups]:
    """The groups of these kinds in the newest generation; of those that have no index there are none."""
    with ExitStack() as stack:
        lent: dict[str, Reading] = {}
        for kind in kinds:
            found = stack.enter_context(reading(kind))
            lent |= {kind: found} if found else {}
        yield _numbered(lent)


def _numbered(lent: Mapping[str, Reading]) -> Groups:
    snapshots = {kind: each.snapshot for kind, each in lent.items()}
    key = tuple(snapshot.version for snapshot in snapshots.values())
    with _lock:
        known = _known.get(key)
        if known is None:
            known = _known[key] = Groups(snapshots)
            for old in list(_known)[:-KEPT]:
                del _known[old]
        return known
