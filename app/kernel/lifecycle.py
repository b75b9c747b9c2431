"""States: one table of moves for each model, and the only place that assigns a state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import IllegalMove


@dataclass(frozen=True)
class Move:
    """A verb's states of departure and its state of arrival."""

    sources: frozenset[str]
    target: str


def move(*sources: str, to: str) -> Move:
    """Declare a move: `{"publish": move(DRAFT, to=LIVE)}`."""
    return Move(frozenset(sources), to)


class Lifecycle:
    """A row with a state that changes by its MOVES alone."""

    INITIAL: ClassVar[str]
    MOVES: ClassVar[Mapping[str, Move]]
    NOUN: ClassVar[str]

    state: Mapped[str] = mapped_column(String(20), index=True, sort_order=-5)

    def __init__(self, **values: Any) -> None:
        super().__init__(state=type(self).INITIAL, **values)  # type: ignore[call-arg]

    @classmethod
    def states(cls) -> list[str]:
        """Every state of the table, the initial one first."""
        found = [cls.INITIAL]
        for each in cls.MOVES.values():
            found += [state for state in (*sorted(each.sources), each.target) if state not in found]
        return found

    def can(self, verb: str) -> bool:
        """Whether the row's state admits this verb."""
        return self.state in type(self).MOVES[verb].sources

    def move(self, verb: str) -> None:
        """Move the row, or raise IllegalMove."""
        if not self.can(verb):
            raise IllegalMove(
                f"You cannot {verb.replace('_', ' ')} this {self.NOUN}: it is {self.state.replace('_', ' ')}."
            )
        self.state = type(self).MOVES[verb].target
