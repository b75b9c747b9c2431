"""Coalitions: the best few sets of providers who together cover every must, smallest first, then strongest. Pure.

Prices of the musts prove nearly all providers to be in no good set; a search goes through all sets of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Totals = NDArray[np.int64]
# the last: what a step that cannot be cut short may take
BEST_OF_EACH, BROADEST, WELL_PRICED, ROUNDS, DECAY, STARTS, SWAPS, STEP_SECONDS = 20, 100, 400, 100, 0.95, 10, 3, 0.05
# how many pairs of a set and a joiner a search may hold, at first and at most, and how many sets it may find
WIDTH, WIDEST, MOST_SETS = 50_000, 800_000, 5_000
# the worth of who does not cover a must at all, which nothing makes up for; and more than anybody's sum of worths
NONE, STRIDE, WHOLE = -(1 << 22), 1 << 40, 1_000


@dataclass(frozen=True)
class Coalition:
    """Its members; who covers each must best, how far in thousandths (must, member, coverage), and the mean of that."""

    members: tuple[str, ...]
    covers: tuple[tuple[str, str, int], ...]
    strength_milli: int


@dataclass(frozen=True)
class Coalitions:
    """The best few, smallest first, then strongest; `uncovered` are the musts that nobody covers at all.

    `fewest` members are proven to be needed. `gap`: the first lacks no more than this share of the greatest strength of
    its size; 1 where none was found though there may be some. `is_exact`: none is smaller than the first nor, of its
    size, stronger; or, where none was found, there is none. This is proven for all providers, not for a choice.
    """

    found: tuple[Coalition, ...]
    uncovered: tuple[str, ...]
    fewest: int
    gap: float
    is_exact: bool


@dataclass(frozen=True)
class _Field:
    """Worth (providers, musts) and, for small firms, an extra; who goes first among equals stands first.

    Sets are (sets, members), worth what their best are in each must, and their extras, which together are less than one
    thousandth of coverage, the grain. Whole numbers, so that bounds are exact.
    """

    worth: Numbers
    extra: Numbers
    pool: Totals
    grain: int

    def worths(self, sets: Totals) -> Totals:
        return np.asarray(self.worth[sets].max(axis=1, initial=NONE).sum(axis=1) + self.extra[sets].sum(axis=1))


def coalitions(
    coverage: NDArray[np.integer],
    requirements: Sequence[str],
    providers: Sequence[str],
    lots: Sequence[str],
    *,
    is_small: NDArray[np.bool_] | None = None,
    wanted: int = 5,
    largest: int = 5,
    seconds: float = 0.3,
) -> Coalitions:
    """At most `wanted` coalitions of at most `largest` members; none dominates another, and larger ones are stronger.

    `coverage`: (musts, providers), thousandths, 0 for not at all. `lots` all differ: among equals small firms go first,
    then lower lots. After `seconds` the best so far is given, with 0 a greedy one. Raises ValueError if lengths differ.
    """
    if coverage.shape != (len(requirements), len(providers)) or len(lots) != len(providers) or min(wanted, largest) < 1:
        raise ValueError("coverage wants a row for each requirement, a column and a lot for each provider; and some")
    deadline, asked = perf_counter() + seconds, np.any(coverage > 0, axis=1)
    musts, uncovered = tuple(compress(requirements, asked)), tuple(compress(requirements, ~asked))
    if not musts:
        return Coalitions((), uncovered, 0, 0.0, True)
    small = np.zeros(len(providers), np.bool_) if is_small is None else is_small
    turn = np.array(sorted(range(len(small)), key=lots.__getitem__))
    turn = turn[np.argsort(~small[turn], kind="stable")]
    milli = np.ascontiguousarray(coverage[asked].T.astype(np.int32))[turn]
    few, fewest, gap, is_exact = _best_few(milli, small[turn], wanted, largest, deadline)
    found = tuple(_coalition(milli[each], musts, [providers[place] for place in turn[each]]) for each in few)
    return Coalitions(found, uncovered, fewest, gap, is_exact)


def _coalition(milli: Numbers, musts: Sequence[str], names: Sequence[str]) -> Coalition:
    covers = tuple((must, names[int(row.argmax())], int(row.max())) for must, row in zip(musts, milli.T, strict=True))
    return Coalition(tuple(names), covers, round(sum(milli for _, _, milli in covers) / len(covers)))


def _best_few(
    milli: Numbers, is_small: NDArray[np.bool_], wanted: int, largest: int, deadline: float
) -> tuple[list[Totals], int, float, bool]:
    kept = _distinct(np.column_stack([milli, is_small]), wanted)
    field = _field(milli[kept], is_small[kept], min(largest, len(kept)))
    fewest, sets, is_all = _smallest(field, deadline)
    if not len(sets):
        return [], fewest, float(fewest < field.grain), fewest == field.grain
    sets, ceiling = (sets, int(field.worths(sets).max())) if is_all else _strongest(field, sets, 0, wanted, deadline)
    few = _with_larger(field, _few(field, sets, wanted), wanted, deadline)
    most, best = ceiling // field.grain, int(field.worths(few[0][None])[0]) // field.grain
    return [kept[each] for each in few], fewest, (most - best) / most, most == best and fewest == sets.shape[1]


def _distinct(rows: Numbers, most: int) -> Totals:
    """Where the first few of all rows that are the same are: more of them would only be in the way."""
    # a number for each row, modulo 2**64: two that differ share one less than once in 10**9 markets of 100,000
    keys = rows @ 1_000_003 ** np.arange(rows.shape[1])
    order = np.argsort(keys, kind="stable")
    is_new = np.append(True, np.diff(keys[order]) != 0)
    nth = np.arange(len(order)) - np.flatnonzero(is_new)[np.cumsum(is_new) - 1]
    return np.sort(order[nth < most])


def _field(milli: Numbers, is_small: NDArray[np.bool_], largest: int) -> _Field:
    """Its pool are the 20 best of each must and the 100 who cover the most musts, those who cover most first."""
    count, musts = milli.shape
    broad = (np.count_nonzero(milli, axis=1) * (WHOLE * musts + 1) + milli.sum(axis=1)) * count - np.arange(count)
    able = [(some, row[some] * np.int64(count) - some) for row in milli.T for some in [np.flatnonzero(row)]]
    pool = np.unique(np.concatenate([_most(broad, BROADEST), *(some[_most(key, BEST_OF_EACH)] for some, key in able)]))
    worth = np.where(milli > 0, milli * np.int32(largest + 1), np.int32(NONE))
    return _Field(worth, is_small.astype(np.int32), pool[np.argsort(-broad[pool])], largest + 1)


def _most(keys: NDArray[np.number], count: int) -> Totals:
    return np.argpartition(-keys, count - 1)[:count] if count < len(keys) else np.arange(len(keys))


def _smallest(field: _Field, deadline: float) -> tuple[int, Totals, bool]:
    """How many members are proven to be needed, sets of the smallest size that was found, and whether these are all."""
    covering = replace(field, worth=np.where(field.worth > 0, np.int32(WHOLE), np.int32(NONE)), extra=0 * field.extra)
    goal, breadth, fewest = WHOLE * field.worth.shape[1], np.sort(np.count_nonzero(field.worth > 0, axis=1)), 1
    for size in range(1, field.grain):
        sets, missed = _greedy(field, field.pool, size, STARTS), goal
        if WHOLE * breadth[-size:].sum() < goal:
            missed = -1
        elif not len(sets) and perf_counter() + STEP_SECONDS < deadline:
            sets, missed = _search(covering, size, _bound(covering, size, goal - 1), goal, WIDTH)
        if len(sets):
            break
        fewest += missed < goal and fewest == size
    is_all = missed < goal and fewest == size
    while len(idle := np.argwhere(_idle(field, sets))):  # a smaller one was passed over
        sets = np.delete(sets[idle[0, :1]], idle[0, 1], axis=1)
    return fewest, sets, is_all


def _greedy(field: _Field, pool: Totals, size: int, starts: int) -> Totals:
    """Sets that cover every must: from one of the pool, who adds most, again and again; swaps for the oldest."""
    worth, extra, sets = field.worth[pool], field.extra[pool], []
    for first in range(min(starts, len(pool))):
        members = [first]
        for turn in range(1, size * (1 + SWAPS)):
            members = members[turn >= size :]
            gains = np.maximum(worth, worth[members].max(axis=0, initial=NONE)).sum(axis=1) + extra
            gains[members] = -STRIDE
            members.append(int(gains.argmax()))
        sets.append(members)
    found = np.sort(pool[np.array(sets, np.intp)], axis=1)
    return np.unique(found[field.worth[found].max(axis=1).min(axis=1) > 0], axis=0)


def _bound(field: _Field, size: int, known: int) -> tuple[int, Numbers, Totals]:
    """What no set is worth more than, prices that prove it, and what each brings above them; `known`: a set's worth."""
    pool = field.pool
    prices = np.sort(field.worth[pool], axis=0)[-min(size, len(pool))] // 2
    for _ in range(2):
        prices = _prices(field.worth[pool], field.extra[pool], prices, size, known)
        brought = np.maximum(field.worth - prices, 0).sum(axis=1) + field.extra
        pool = np.union1d(pool, _most(brought, WELL_PRICED))
    return int(prices.sum() + brought[_most(brought, size)].sum()), prices, brought


def _prices(worth: Numbers, extra: Numbers, start: Numbers, size: int, known: int) -> Numbers:
    """Lagrangian multipliers of "each must is covered once", by subgradient steps of Polyak's length, rounded.

    Cornuejols, Fisher and Nemhauser, Management Science 23(8), 1977: any prices, and the most that `size` members bring
    above them, are together no less than what a set is worth.
    """
    gains, prices = np.ascontiguousarray(worth.T, np.float32), start.astype(np.float32)
    best, lowest, step = prices, np.inf, 1.0
    for _ in range(ROUNDS):
        above = np.maximum(gains - prices[:, None], 0)
        brought = above.sum(axis=0) + extra
        chosen = _most(brought, size)
        ceiling = float(prices.sum() + brought[chosen].sum())
        best, lowest = (prices, ceiling) if ceiling < lowest else (best, lowest)
        slope = 1 - np.count_nonzero(above[:, chosen], axis=1)
        if ceiling <= known or not slope.any():
            break
        move = step * (ceiling - known) / float(slope @ slope) * slope
        prices, step = np.maximum(prices - move, NONE / 4).astype(np.float32), DECAY * step
    return np.rint(best).astype(np.int32)


def _strongest(field: _Field, sets: Totals, least: int, wanted: int, deadline: float) -> tuple[Totals, int]:
    """Sets of the size of those given, all worth `least`, and what none is worth more than.

    A pass finds all above a cut: the best known, then lower. What had no room in it is looked at in a wider one.
    """
    size, width, margin, spent = sets.shape[1], WIDTH, 0, STEP_SECONDS / 3
    most = int(field.worth.max(axis=0).sum()) + size
    if perf_counter() + STEP_SECONDS > deadline:
        return sets[field.worths(sets) >= least], most
    bound = _bound(field, size, int(field.worths(sets).max()))
    pool = np.argsort(-bound[2], kind="stable")[:WELL_PRICED]
    sets = np.unique(np.concatenate([sets, _greedy(field, pool, size, 3 * STARTS)]), axis=0)
    sets, ceiling, cut = sets[field.worths(sets) >= least], min(bound[0], most), most
    while cut > least and width <= WIDEST and perf_counter() + 3 * spent < deadline:
        began, cut = perf_counter(), max(int(field.worths(sets).max(initial=least)) - margin, least)
        found, missed = _search(field, size, bound, cut, width)
        sets = np.unique(np.concatenate([sets, found]), axis=0)
        best = int(field.worths(sets).max(initial=least))
        ceiling = min(ceiling, max(best, missed))
        is_best = ceiling // field.grain == best // field.grain
        if is_best and (missed >= cut or len(_few(field, sets[field.worths(sets) >= cut], wanted)) == wanted):
            break
        margin, width = (2 * margin + most // 200 + 1, width) if missed < cut else (margin, 2 * width)
        spent = perf_counter() - began
    return sets, ceiling


def _with_larger(field: _Field, few: list[Totals], wanted: int, deadline: float) -> list[Totals]:
    """With larger sets in the places that are left, or else in the last of several; each size stronger than before."""
    larger: list[Totals] = []
    for size in range(len(few[0]) + 1, field.grain):
        room = max(wanted > 1, wanted - len(few)) - len(larger)
        sets = _greedy(field, field.pool, size, STARTS)
        if room < 1 or not len(sets):
            break
        best = max(int(field.worths(each[None])[0]) for each in [*few, *larger]) // field.grain
        larger += _few(field, _strongest(field, sets, (best + 1) * field.grain, room, deadline)[0], room)
    return few[: wanted - len(larger)] + larger


def _search(field: _Field, size: int, bound: tuple[int, Numbers, Totals], cut: int, width: int) -> tuple[Totals, int]:
    """Sets worth `cut` or more, and what a set that was left out for want of room may be worth, or -1."""
    ceiling, prices, brought = bound
    able, missed = np.flatnonzero(brought >= cut - ceiling + brought[_most(brought, size)].min()), -1
    worth, extra, joins = field.worth[able], field.extra[able], np.arange(len(able))
    sets, which = np.empty((1, 0), np.intp), np.zeros_like(joins)
    for missing in range(size, 0, -1):
        best = worth[sets].max(axis=1, initial=NONE)
        floor = np.maximum(best, prices) if missing > 1 else best
        adds = np.maximum(worth[joins] - floor[which], 0).sum(axis=1) + extra[joins]
        order = np.argsort(which * STRIDE - adds, kind="stable")
        which, joins, adds = which[order], joins[order], adds[order]
        base = (floor.sum(axis=1) + extra[sets].sum(axis=1))[which]
        kept, behind, lost = _kept(base, which, adds, missing, cut, width if missing > 1 else MOST_SETS)
        sets, missed = np.column_stack([sets[which[kept]], joins[kept]]), max(missed, lost)
        start = np.repeat(kept + 1 - np.cumsum(behind) + behind, behind)  # next joins who adds less: no set comes twice
        which, joins = np.repeat(np.arange(len(kept)), behind), joins[start + np.arange(len(start))]
    return np.sort(able[sets], axis=1), missed


def _kept(base: Totals, which: Totals, adds: Totals, missing: int, cut: int, room: int) -> tuple[Totals, Totals, int]:
    """The pairs of a set and a joiner that may come to the cut, how many behind may join next, and what was lost."""
    place, end = np.arange(len(which)), np.cumsum(np.bincount(which))[which]
    total = np.concatenate([[0], np.cumsum(adds)])
    # nobody adds more to a larger set: the next behind it limit it, and who comes instead of their last must make up
    limit = base + total[np.minimum(place + missing, end)] - total[place]
    others = total[np.minimum(place + missing - 1, end)] - total[np.minimum(place + 1, end)]
    last = np.searchsorted(which * STRIDE - adds, which * STRIDE + base + adds + others - cut, side="right")
    behind = np.maximum(np.minimum(last, end) - place - 1, 0) * (missing > 1)
    able = np.flatnonzero(limit >= cut)
    order = able[np.argsort(-limit[able], kind="stable")]
    fits = int(np.searchsorted(np.cumsum(behind[order] + 1), room, side="right"))
    kept = np.sort(order[:fits])
    return kept, behind[kept], int(limit[order[fits]]) if fits < len(order) else -1


def _idle(field: _Field, sets: Totals) -> NDArray[np.bool_]:
    """(sets, members): whether the others of its set are as strong in each must without it."""
    plain = replace(field, extra=0 * field.extra)
    without = [plain.worths(np.delete(sets, each, axis=1)) for each in range(sets.shape[1])]
    return np.asarray(np.stack(without, axis=1) == plain.worths(sets)[:, None])


def _few(field: _Field, sets: Totals, wanted: int) -> list[Totals]:
    """The best that none dominates and in which nobody is idle; of equals, who shares the fewest with those before."""
    worths, best, is_open = field.worths(sets), field.worth[sets].max(axis=1), ~_idle(field, sets).any(axis=1)
    few: list[Totals] = []
    while is_open.any() and len(few) < wanted:
        shared = np.isin(sets, few).sum(axis=1)
        first = int(np.where(is_open, worths * (sets.size + 1) - shared, -1).argmax())
        few.append(sets[first])
        is_open &= (best > best[first]).any(axis=1) | (best == best[first]).all(axis=1)
        is_open[first] = False
    return few
