"""The market for a need, as far as a need's own pages ask: matching counts it, and is passed in by the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Barrier:
    """One thing that a need asks for: how many providers would be left if it, and nothing else, were not asked."""

    section: str
    label: str
    wanted: str
    left_without: int


@dataclass(frozen=True)
class Market:
    """Of the providers that offer anything, how many look eligible for a need, and what removes most of the others.

    `barriers` has only what removes somebody, the one that removes most first.
    """

    offering: int
    eligible: int
    barriers: tuple[Barrier, ...] = ()


Count = Callable[[Any], Market | None]
_count: Count = lambda _need: None


def install(count: Count) -> None:
    """Have the market counted by `count`, which may answer None while the index is not ready."""
    global _count
    _count = count


def market_of(need: Any) -> Market | None:
    """How many providers look eligible for a need, or for one as it would be; None where nobody can tell."""
    return _count(need)
