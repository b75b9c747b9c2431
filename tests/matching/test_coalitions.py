"""Coalitions against all sets there are, one by one, and against another exact solver. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.matching import coalitions as module
from app.matching.coalitions import Coalition, Coalitions, coalitions
from app.matching.scoring import lot

LONG = 60.0
LEVELS = [0, 0, 0, 0, 1, 3, 200, 500, 999, 1000]


@dataclass(frozen=True)
class Market:
    """Who covers which must how far, by name."""

    coverage: NDArray[np.int64]
    is_small: NDArray[np.bool_]

    @property
    def requirements(self) -> list[str]:
        return [f"must {row}" for row in range(self.coverage.shape[0])]

    @property
    def providers(self) -> list[str]:
        return [f"provider {column}" for column in range(self.coverage.shape[1])]

    @property
    def lots(self) -> list[str]:
        return [lot("need", provider) for provider in self.providers]

    def coalitions(self, **choices: Any) -> Coalitions:
        asked = {"is_small": self.is_small, "seconds": LONG, **choices}
        return coalitions(self.coverage, self.requirements, self.providers, self.lots, **asked)

    def best(self, members: Sequence[int]) -> tuple[int, ...]:
        """How far the best of the members covers each must that anybody covers."""
        return tuple(self.coverage[self.coverage.any(axis=1)][:, list(members)].max(axis=1).tolist())

    def covering(self, size: int) -> list[tuple[int, ...]]:
        """All sets of the size that cover every must that anybody covers, if there is one."""
        sets = combinations(range(len(self.providers)), size)
        return [members for members in sets if self.best(members) and min(self.best(members)) > 0]

    def places(self, coalition: Coalition) -> list[int]:
        return [self.providers.index(member) for member in coalition.members]


@st.composite
def markets(draw: st.DrawFn, musts: int = 4, providers: int = 8) -> Market:
    """Small ones, with few levels of coverage, so that there are equals."""
    shape = draw(st.integers(1, musts)), draw(st.integers(1, providers))
    levels = st.lists(st.sampled_from(LEVELS), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    is_small = draw(st.lists(st.booleans(), min_size=shape[1], max_size=shape[1]))
    return Market(np.array(draw(levels)).reshape(shape), np.array(is_small))


def market(*rows: Sequence[int], small: Sequence[int] = ()) -> Market:
    coverage = np.array(rows)
    return Market(coverage, np.isin(np.arange(coverage.shape[1]), small))


def random_market(seed: int, musts: int, providers: int, share: float) -> Market:
    random = np.random.default_rng(seed)
    is_covered = random.random((musts, providers)) < share
    return Market(np.where(is_covered, random.integers(1, 1001, (musts, providers)), 0), random.random(providers) < 0.5)


def smallest(known: Market, largest: int = 5) -> list[tuple[int, ...]]:
    """The sets of the smallest size that has any, found one by one."""
    return next((sets for size in range(1, largest + 1) if (sets := known.covering(size))), [])


def dominates(one: tuple[int, ...], other: tuple[int, ...], known: Market) -> bool:
    if len(one) > len(other) or any(a < b for a, b in zip(known.best(one), known.best(other), strict=True)):
        return False
    return len(one) < len(other) or known.best(one) != known.best(other)


def check_told_truly(known: Market, answer: Coalitions) -> None:
    """Every must is covered, by the member who covers it best; the order, the numbers and the names are right."""
    musts = [must for must, row in zip(known.requirements, known.coverage, strict=True) if row.any()]
    assert answer.uncovered == tuple(must for must in known.requirements if must not in musts)
    assert len({frozenset(each.members) for each in answer.found}) == len(answer.found)
    for each in answer.found:
        places = known.places(each)
        assert [must for must, _, _ in each.covers] == musts
        assert tuple(milli for _, _, milli in each.covers) == known.best(places)
        for must, member, milli in each.covers:
            assert member in each.members
            assert known.coverage[known.requirements.index(must), known.providers.index(member)] == milli > 0
        assert each.strength_milli == round(sum(known.best(places)) / len(musts))
        assert len(set(places)) == len(places)
    order = [(len(each.members), -sum(known.best(known.places(each)))) for each in answer.found]
    assert order == sorted(order)


@settings(deadline=None, max_examples=60)
@given(markets())
def test_first_coalition_is_the_smallest_the_strongest_and_has_the_most_small_firms(known: Market) -> None:
    answer = known.coalitions()
    check_told_truly(known, answer)
    sets = smallest(known)
    assert (answer.is_exact, answer.gap) == (True, 0.0)
    assert bool(answer.found) == bool(sets)
    if sets:
        first = known.places(answer.found[0])
        ranked = max((sum(known.best(each)), int(known.is_small[list(each)].sum())) for each in sets)
        assert answer.fewest == len(first) == len(sets[0])
        assert (sum(known.best(first)), int(known.is_small[first].sum())) == ranked


@settings(deadline=None, max_examples=60)
@given(markets())
def test_none_is_dominated_by_any_set_there_is(known: Market) -> None:
    found = [tuple(known.places(each)) for each in known.coalitions().found]
    others = [each for size in range(1, 6) for each in known.covering(size)]
    assert [(each, other) for each in found for other in others if dominates(other, each, known)] == []


@settings(deadline=None, max_examples=60)
@given(markets(), st.integers(1, 6))
def test_the_best_few_of_the_smallest_size_are_there_and_larger_ones_only_if_stronger(
    known: Market, wanted: int
) -> None:
    answer = known.coalitions(wanted=wanted)
    sets = smallest(known)
    undominated = [each for each in sets if not any(dominates(other, each, known) for other in sets)]
    strengths = sorted((sum(known.best(each)) for each in undominated), reverse=True)
    larger = [sum(known.best(known.places(each))) for each in answer.found if len(each.members) > answer.fewest]
    places = max(wanted - len(larger), 0)
    small = [sum(known.best(known.places(each))) for each in answer.found if len(each.members) == answer.fewest]
    assert small == strengths[:places]
    assert all(strength > max(strengths) for strength in larger)
    stronger = [each for size in range(answer.fewest + 1, 6) for each in known.covering(size)]
    is_stronger = any(sum(known.best(each)) > max(strengths) for each in stronger)
    assert bool(larger) == (is_stronger and wanted > 1)


@settings(deadline=None, max_examples=60)
@given(markets(musts=5, providers=10), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_providers(known: Market, random: Any) -> None:
    order = list(range(len(known.providers)))
    random.shuffle(order)
    shuffled = coalitions(
        known.coverage[:, order],
        known.requirements,
        [known.providers[place] for place in order],
        [known.lots[place] for place in order],
        is_small=known.is_small[order],
        seconds=LONG,
    )
    assert shuffled == known.coalitions()


def test_the_answer_for_many_does_not_depend_on_the_order_of_providers() -> None:
    known = random_market(7, 8, 600, 0.2)
    coarse = Market(known.coverage // 250 * 250, known.is_small)
    order = np.random.default_rng(1).permutation(600)
    shuffled = coalitions(
        coarse.coverage[:, order],
        coarse.requirements,
        [coarse.providers[place] for place in order],
        [coarse.lots[place] for place in order],
        is_small=coarse.is_small[order],
        seconds=LONG,
    )
    assert shuffled == coarse.coalitions()
    assert len(shuffled.found) == 5


@settings(deadline=None, max_examples=60)
@given(markets(musts=5))
def test_the_greedy_answer_is_true_and_its_gap_is_no_less_than_the_real_one(known: Market) -> None:
    answer = known.coalitions(seconds=0, largest=5)
    check_told_truly(known, answer)
    if not known.coverage.any():
        assert answer.found == ()
        return
    first, sets = known.places(answer.found[0]), smallest(known)
    best = max(sum(known.best(each)) for each in known.covering(len(first)))
    assert answer.fewest <= len(sets[0]) <= len(first)
    assert (best - sum(known.best(first))) / best <= answer.gap < 1
    assert not answer.is_exact or (answer.gap, len(first)) == (0.0, len(sets[0]))
    assert [each for each in answer.found if has_idle_member(known, known.places(each))] == []


def has_idle_member(known: Market, members: list[int]) -> bool:
    rest = [[other for other in members if other != each] for each in members]
    return any(known.best(each) == known.best(members) for each in rest if each)


@pytest.mark.parametrize(
    "narrow", [{"BROADEST": 1}, {"WIDTH": 2, "WIDEST": 2}, {"WIDTH": 40, "WIDEST": 40}, {"MOST_SETS": 1}, {"ROUNDS": 1}]
)
@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_out_for_want_of_room_is_in_the_gap(
    seed: int, narrow: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = random_market(seed, 7, 14, 0.35)
    few = {"BEST_OF_EACH": 1, "BROADEST": 2, "WELL_PRICED": 2, "STARTS": 1, "SWAPS": 0}
    for name, number in {**few, **narrow}.items():
        monkeypatch.setattr(module, name, number)
    answer, sets = known.coalitions(), smallest(known)
    check_told_truly(known, answer)
    assert answer.fewest <= len(sets[0])
    if answer.found:
        first = known.places(answer.found[0])
        best = max(sum(known.best(each)) for each in known.covering(len(first)))
        assert (best - sum(known.best(first))) / best <= answer.gap
        assert answer.is_exact <= (sum(known.best(first)) == best and len(first) == len(sets[0]))
    else:
        assert (answer.is_exact, answer.gap) == (False, 1.0)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_is_found_though_it_is_not_among_the_first_looked_at(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = random_market(seed, 6, 16, 0.35)
    for name in ("BEST_OF_EACH", "BROADEST", "WELL_PRICED", "STARTS"):
        monkeypatch.setattr(module, name, 1)
    answer, sets = known.coalitions(), smallest(known)
    assert sum(known.best(known.places(answer.found[0]))) == max(sum(known.best(each)) for each in sets)
    assert (len(answer.found[0].members), answer.fewest, answer.is_exact) == (len(sets[0]), len(sets[0]), True)


@pytest.mark.parametrize("seed", range(4))
def test_the_first_is_as_strong_as_another_exact_solver_finds(seed: int) -> None:
    known = random_market(seed, 9, 120, 0.2)
    answer = known.coalitions()
    first = known.places(answer.found[0])
    size = round(solved(known, None).fun)
    assert (len(first), answer.fewest) == (size, size)
    assert sum(known.best(first)) == round(-solved(known, size).fun)


def solved(known: Market, size: int | None) -> Any:
    """SciPy's HiGHS: the fewest members; or, of so many, the greatest strength (a p-median)."""
    optimize = pytest.importorskip("scipy.optimize")
    rows, columns = np.nonzero(known.coverage)
    musts, count, pairs = *known.coverage.shape, len(rows)
    once, may, few = np.zeros((musts, count + pairs)), np.zeros((pairs, count + pairs)), np.zeros((1, count + pairs))
    once[rows, count + np.arange(pairs)] = 1
    may[np.arange(pairs), columns], may[np.arange(pairs), count + np.arange(pairs)] = 1, -1
    few[0, :count] = 1
    strength = np.concatenate([np.zeros(count), -known.coverage[rows, columns]])
    limits = [(once, 1, 1), (may, 0, 1), (few, 0, count if size is None else size)]
    return optimize.milp(
        few[0] if size is None else strength,
        integrality=np.concatenate([np.ones(count), np.zeros(pairs)]),
        bounds=optimize.Bounds(0, 1),
        constraints=[optimize.LinearConstraint(*limit) for limit in limits],
        options={"mip_rel_gap": 0},
    )


def test_a_must_that_nobody_covers_is_told_and_the_others_are_covered() -> None:
    answer = market([500, 0, 0], [0, 0, 0], [0, 0, 800]).coalitions()
    pair = (("must 0", "provider 0", 500), ("must 2", "provider 2", 800))
    assert answer.uncovered == ("must 1",)
    assert [(set(each.members), each.covers, each.strength_milli) for each in answer.found] == [
        ({"provider 0", "provider 2"}, pair, 650)
    ]
    assert (answer.fewest, answer.gap, answer.is_exact) == (2, 0.0, True)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3)])
def test_where_there_is_nothing_to_cover_or_nobody_to_cover_it_there_are_no_coalitions(shape: tuple[int, int]) -> None:
    known = Market(np.zeros(shape, np.int64), np.zeros(shape[1], np.bool_))
    assert known.coalitions() == Coalitions((), tuple(known.requirements), 0, 0.0, True)


def test_one_who_covers_all_is_a_coalition_of_one_and_a_pair_is_there_only_if_stronger() -> None:
    found = market([900, 950, 0], [900, 0, 0]).coalitions().found
    assert [(set(each.members), each.strength_milli) for each in found] == [
        ({"provider 0"}, 900),
        ({"provider 0", "provider 1"}, 925),
    ]
    assert [each.members for each in market([900, 900, 0], [900, 0, 900]).coalitions().found] == [("provider 0",)]


def test_among_equals_small_firms_go_first_and_then_the_lower_lots() -> None:
    row = [700] * 6
    lots = market(row).lots
    by_lot = [f"provider {place}" for place in sorted(range(6), key=lots.__getitem__)]
    assert [each.members for each in market(row).coalitions(wanted=6).found] == [(name,) for name in by_lot]
    small = ["provider 1", "provider 4"]
    first = [name for name in by_lot if name in small] + [name for name in by_lot if name not in small]
    found = market(row, small=[1, 4]).coalitions(wanted=6).found
    assert [each.members for each in found] == [(name,) for name in first]


def test_a_small_firm_does_not_go_before_one_that_is_a_thousandth_stronger() -> None:
    known = market([500, 501, 0, 0], [0, 0, 500, 501], small=[0, 2])
    assert set(known.coalitions(wanted=1).found[0].members) == {"provider 1", "provider 3"}


def test_equals_are_shown_with_as_few_members_in_common_as_there_can_be() -> None:
    known = market([600, 600, 600, 0, 0, 0], [0, 0, 0, 600, 600, 600])
    found = known.coalitions(wanted=3).found
    assert sorted(member for each in found for member in each.members) == known.providers


def test_what_greed_found_does_not_take_the_place_of_something_stronger() -> None:
    rows = [[0, 201, 260, 88, 899], [586, 577, 0, 756, 0], [821, 0, 0, 941, 738], [989, 0, 777, 274, 467]]
    known = market(*rows, [261, 897, 738, 0, 0], small=range(4))
    found = known.coalitions(wanted=3, largest=2).found
    strengths = sorted((sum(known.best(each)) for each in known.covering(2)), reverse=True)
    assert [sum(known.best(known.places(each))) for each in found] == strengths[:3]


def test_where_so_few_cannot_cover_all_that_is_proven_and_told() -> None:
    known = Market(500 * np.eye(4, dtype=np.int64), np.zeros(4, np.bool_))
    assert known.coalitions(largest=3) == Coalitions((), (), 4, 0.0, True)
    assert known.coalitions(largest=4).found[0].strength_milli == 500


def test_a_cover_that_greed_misses_is_found() -> None:
    # whoever is broadest is in no pair that covers all
    rows = [[300, 300, 0], [300, 300, 0], [300, 0, 300], [300, 0, 300], [0, 300, 0], [0, 0, 300]]
    assert set(market(*rows).coalitions(wanted=1).found[0].members) == {"provider 1", "provider 2"}


def test_crowds_of_equals_are_no_trouble() -> None:
    random = np.random.default_rng(3)
    known = Market(np.where(random.random((8, 400)) < 0.2, 1000, 0), random.random(400) < 0.3)
    answer = known.coalitions()
    check_told_truly(known, answer)
    assert (answer.is_exact, {each.strength_milli for each in answer.found}) == (True, {1000})
    assert len(answer.found) == 5


@pytest.mark.parametrize(("requirements", "providers", "lots"), [(1, 2, 2), (2, 1, 2), (2, 2, 1), (3, 2, 2)], ids=str)
def test_lengths_that_differ_are_refused(requirements: int, providers: int, lots: int) -> None:
    names = ["a", "b", "c"]
    with pytest.raises(ValueError, match="coverage wants"):
        coalitions(np.ones((2, 2), np.int64), names[:requirements], names[:providers], names[:lots])


@pytest.mark.parametrize("choice", [{"wanted": 0}, {"largest": 0}])
def test_none_wanted_and_no_members_are_refused(choice: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="and some"):
        market([1]).coalitions(**choice)
