"""Places kept for newcomers, so that the ranking does not entrench those who won before. Pure."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

OF_EVERY, KEPT = 10, 2


def with_kept_places(ordered: Sequence[T], may_have_one: Callable[[T], bool]) -> tuple[list[T], set[int]]:
    """The order with at least two newcomers in each ten places while there are any, and the positions that were given.

    Where ten places hold fewer than two who may have a kept place, the best of those further down take the last
    of the ten; whoever gives way stands first in what follows. Positions count from 0.
    """
    waiting = list(ordered)
    placed: list[T] = []
    given: set[int] = set()
    while waiting:
        ten, waiting = waiting[:OF_EVERY], waiting[OF_EVERY:]
        lacking = max(0, KEPT - sum(map(may_have_one, ten)))
        lifted = [each for each in waiting if may_have_one(each)][:lacking] if len(ten) == OF_EVERY else []
        givers = [each for each in ten if not may_have_one(each)][
            len(ten) - sum(map(may_have_one, ten)) - len(lifted) :
        ]
        if lifted:
            ten = [each for each in ten if not _among(each, givers)]
            waiting = givers + [each for each in waiting if not _among(each, lifted)]
            start = len(placed) + len(ten)
            given.update(range(start, start + len(lifted)))
        placed += [*ten, *lifted]
    return placed, given


def _among(each: T, others: Sequence[T]) -> bool:
    return any(each is other for other in others)
