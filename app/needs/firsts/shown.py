"""A candidate as its page showed it: plain texts, so that a row can keep it and any page can show it again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NEED, PARTNERSHIP, PROVIDER = KINDS = ("need", "partnership", "provider")


@dataclass(frozen=True)
class Shown:
    """One thing that might answer a question: what it is, whose, what was told of it, the words that it shares."""

    kind: str
    id: str
    title: str
    whose: str = ""
    facts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Kind and id, as an answer names what was chosen: `need:4hx0…`."""
        return f"{self.kind}:{self.id}"

    def as_facts(self) -> dict[str, Any]:
        """Nothing but texts and lists."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def read_shown(facts: Mapping[str, Any]) -> Shown:
    """The candidate that `as_facts` told."""
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    return Shown(**told)
