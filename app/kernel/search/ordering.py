"""The order in which documents stand on a page: the same in every build of the index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.compiling import MISSING
from app.kernel.search.snapshot import Numbers, Scores, Snapshot


def first_of(snapshot: Snapshot, found: Numbers, sort: str, scores: Scores | None, count: int) -> list[int]:
    """The first `count` of the documents found, in order; sorts as `find` has them, ties by newest, then by row id."""
    keys: list[NDArray[np.generic]] = [*_keys(snapshot, found, sort, scores), snapshot.rows[found]]
    if len(found) > count:
        kept = _least(keys[:2], count)
        found, keys = found[kept], [key[kept] for key in keys]
    return [int(number) for number in found[np.lexsort(keys[::-1])][:count]]


def _keys(snapshot: Snapshot, found: Numbers, sort: str, scores: Scores | None) -> list[NDArray[np.generic]]:
    """What the documents found are sorted by, smallest first; those without a value come last."""
    newest = _last_if_missing(-1 * snapshot.sort_numbers("newest")[found])
    if sort == "relevance" and scores is not None:
        return [-scores[found], newest]
    if sort in ("relevance", "newest"):
        return [newest]
    if sort == "title":
        return [snapshot.titles[found], newest]
    sign = -1 if sort.startswith("-") else 1
    return [_last_if_missing(sign * snapshot.sort_numbers(sort.removeprefix("-"))[found]), newest]


def _last_if_missing(numbers: Numbers) -> Numbers:
    """The least number there is, which is its own negative, means that there is none."""
    return np.where(numbers == MISSING, np.iinfo(np.int64).max, numbers)


def _least(keys: Sequence[NDArray[np.generic]], count: int) -> Numbers:
    """The places of the `count` least by all keys, and of all that tie with the last of them."""
    kept = np.arange(len(keys[0]))
    settled = np.zeros(0, np.int64)
    for key in keys:
        missing = count - len(settled)
        limit = np.partition(key[kept], missing - 1)[missing - 1]
        settled = np.concatenate([settled, kept[key[kept] < limit]])
        kept = kept[key[kept] == limit]
    return np.concatenate([settled, kept])
