"""The whole vocabulary in memory: which capability is beneath which, and what texts call them. Pure: no database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.capabilities.models import AREA
from app.capabilities.phrases import Matcher


@dataclass(frozen=True)
class Node:
    """One capability, as the tree shows it."""

    id: str
    level: str
    parent_id: str | None
    name: str
    description: str
    retired: bool


@dataclass(frozen=True)
class Branch:
    """A node with what is beneath it."""

    node: Node
    below: tuple["Branch", ...]

    @property
    def nodes_below(self) -> tuple[Node, ...]:
        """The nodes directly beneath."""
        return tuple(branch.node for branch in self.below)

    @property
    def count(self) -> int:
        """How many capabilities and skills are beneath."""
        return sum(1 + branch.count for branch in self.below)


class Tree:
    """The vocabulary as it stands: its nodes (retired ones too) and their synonyms."""

    def __init__(self, nodes: Iterable[Node], synonyms: Sequence[tuple[str, str]]) -> None:
        self.nodes = {node.id: node for node in sorted(nodes, key=lambda node: node.name.casefold())}
        self.synonyms = synonyms

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The areas with their capabilities and skills, by name, without what is retired."""
        return tuple(self._branches(None))

    def _branches(self, parent_id: str | None) -> Iterator[Branch]:
        for node in self._below.get(parent_id, ()):
            yield Branch(node, tuple(self._branches(node.id)))

    @cached_property
    def _below(self) -> dict[str | None, list[Node]]:
        found: dict[str | None, list[Node]] = {}
        for node in self.nodes.values():
            if not node.retired:
                found.setdefault(node.parent_id, []).append(node)
        return found

    @cached_property
    def matcher(self) -> Matcher:
        """Finds capabilities and skills in texts; areas are too broad to be recognised."""
        live = {node.id: node for node in self.nodes.values() if node.level != AREA and not node.retired}
        names = [(node.name, node.id) for node in live.values()]
        return Matcher(names + [(phrase, owner) for phrase, owner in self.synonyms if owner in live])

    def above(self, capability_id: str) -> list[Node]:
        """The broader nodes of a capability, the nearest first."""
        found: list[Node] = []
        node = self.nodes.get(capability_id)
        while node and node.parent_id and len(found) < len(self.nodes):
            node = self.nodes.get(node.parent_id)
            found += [node] if node else []
        return found

    def below(self, capability_id: str) -> list[Node]:
        """The narrower nodes directly beneath a capability, by name."""
        return list(self._below.get(capability_id, ()))
