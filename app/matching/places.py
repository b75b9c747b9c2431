"""Places kept for newcomers, so that the ranking does not entrench those who won before. Pure, but for the setting.

Who is given one is drawn by lot, and the stronger are likelier (weighted sampling without replacement, Efraimidis and
Spirakis 2006). The lot is a hash, so it can be drawn again, and nobody can wish for it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

OF_EVERY = 10
_kept = [2]


def keep(count: int) -> None:
    """How many of every ten places are for newcomers: the operator's setting."""
    _kept[0] = count


def kept() -> int:
    """How many of every ten places are for newcomers."""
    return _kept[0]


@dataclass(frozen=True)
class Placed(Generic[T]):
    """Somebody in the order, and if the place was kept: from how many it was drawn; `by_score` counts from 1."""

    each: T
    by_score: int
    drawn_from: int = 0


def with_kept_places(
    ordered: Sequence[T], chance: Callable[[T], float], seed: Callable[[T], str], count: int
) -> list[Placed[T]]:
    """The order with at least `count` newcomers in each ten places while there are any.

    `chance` is 0 for those who may have no kept place, and otherwise how likely they are to be drawn. Where ten places
    hold too few, those drawn from further down take the last of the ten; who gives way stands first in what follows.
    """
    waiting = [Placed(each, at) for at, each in enumerate(ordered, 1)]
    placed: list[Placed[T]] = []
    while waiting:
        ten, waiting = waiting[:OF_EVERY], waiting[OF_EVERY:]
        mine = [each for each in ten if chance(each.each) > 0]
        lacking = max(0, min(count, OF_EVERY) - len(mine)) if len(ten) == OF_EVERY else 0
        drawn = _drawn([each for each in waiting if chance(each.each) > 0], lacking, chance, seed)
        staying = _first([each for each in ten if chance(each.each) == 0], OF_EVERY - len(mine) - len(drawn))
        giving = [each for each in ten if chance(each.each) == 0 and each not in staying]
        placed += [each for each in ten if each not in giving] + drawn
        waiting = giving + [each for each in waiting if each.by_score not in {lucky.by_score for lucky in drawn}]
    return placed


def _first(given: Sequence[Placed[T]], count: int) -> Sequence[Placed[T]]:
    return given[: max(0, count)]


def _drawn(
    newcomers: Sequence[Placed[T]], count: int, chance: Callable[[T], float], seed: Callable[[T], str]
) -> list[Placed[T]]:
    """Those whom the lot falls on, the best by score first."""
    lucky = sorted(newcomers, key=lambda each: -(_luck(seed(each.each)) ** (1 / chance(each.each))))[:count]
    found = [Placed(each.each, each.by_score, len(newcomers)) for each in lucky]
    return sorted(found, key=lambda each: each.by_score)


def _luck(seed: str) -> float:
    """Above 0 and up to 1, the same for the same seed."""
    return (int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") + 1) / 2**64
