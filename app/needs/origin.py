"""Where a need comes from, as far as its own pages tell: rooms above know, and are passed in by the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """What a need began with: whose idea it was, its page, and which parts of the need still hold its words."""

    provider_id: str
    provider: str
    thing_id: str
    title: str
    parts: tuple[str, ...] = ()


Find = Callable[[Any], Origin | None]
_find: Find = lambda _need: None


def install(find: Find) -> None:
    """Have the origin of a need found by `find`."""
    global _find
    _find = find


def origin_of(need: Any) -> Origin | None:
    """What a need began with, where that was somebody's idea."""
    return _find(need)
