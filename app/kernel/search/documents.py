"""What of a row is searchable: the document, and the register of kinds that the packages' index.py files fill."""

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

FacetValue = str | Sequence[str] | None
SortValue = datetime | date | int | None


@dataclass(frozen=True, kw_only=True)
class Document:
    """One row as the index knows it. Nothing sealed and no draft belongs in it. `group`: for whom it speaks."""

    title: str
    text: str | Sequence[str] = ""
    names: Sequence[str] = ()
    capabilities: Sequence[str] = ()
    group: str = ""
    facets: Mapping[str, FacetValue] = field(default_factory=dict)
    sort: Mapping[str, SortValue] = field(default_factory=dict)
    stored: Mapping[str, Any] = field(default_factory=dict)

    def items(self) -> list[str]:
        """The text as a list of items; an excerpt or a phrase never crosses from one to the next."""
        return [self.text] if isinstance(self.text, str) else list(self.text)


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """A kind of document: the model it is made of, and the other models whose rows change it.

    `recipe` is a fingerprint of the code that makes documents: when index.py changes, the index is built anew.
    """

    kind: str
    model: type[Any]
    document: Callable[[Any], Document | None]
    options: Sequence[Any] = ()
    touched_by: Mapping[type[Any], Callable[[Any], Iterable[str | None]]] = field(default_factory=dict)
    recipe: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipe", _fingerprint(self.kind, self.document))


def _fingerprint(kind: str, document: Callable[..., Any]) -> str:
    """Of the code as it was loaded: a file that is replaced under a running process is not the code that it runs."""
    module = inspect.getmodule(document)
    try:
        source = inspect.getsource(module) if module else ""
    except (OSError, TypeError):
        source = ""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:12]


_kinds: dict[str, Searchable] = {}


def register(searchable: Searchable) -> None:
    """Make a kind searchable; ValueError when another model has taken the name."""
    if not searchable.kind.isidentifier():
        raise ValueError(f"a kind is an identifier: {searchable.kind!r}")
    taken = _kinds.get(searchable.kind)
    if taken and taken.model.__name__ != searchable.model.__name__:
        raise ValueError(f"{searchable.kind!r} is the kind of {taken.model.__name__} already")
    _kinds[searchable.kind] = searchable


def unregister(kind: str) -> None:
    """Forget a kind (tests)."""
    _kinds.pop(kind, None)


def kinds() -> list[str]:
    """The names of all kinds, in their own order: whoever is imported first changes nothing."""
    return sorted(_kinds)


def searchable(kind: str) -> Searchable:
    """The kind of that name; KeyError when nothing registered it."""
    return _kinds[kind]


def followers_of(model: type[Any]) -> list[tuple[str, Callable[[Any], Iterable[str | None]]]]:
    """For a model: the kinds whose documents its rows change, each with the function that names those documents."""
    found: list[tuple[str, Callable[[Any], Iterable[str | None]]]] = []
    for each in _kinds.values():
        if issubclass(model, each.model):
            found.append((each.kind, lambda row: [row.id]))
        found += [(each.kind, touched) for other, touched in each.touched_by.items() if issubclass(model, other)]
    return found
