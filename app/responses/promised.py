"""What a response promises: who would work, who learns what from them, what is released; and how JSON holds it."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

from app.kernel.display import day

T = TypeVar("T")
ASSET_KINDS = {"code": "Code", "service": "Service", "data": "Data", "pattern": "Pattern", "contract": "Contract"}


@dataclass(frozen=True)
class TeamPlace:
    """One of the provider's people, as they stood when they were chosen, and the part they would play."""

    member: str
    name: str
    job: str
    capabilities: tuple[str, ...]
    part: str

    @property
    def line(self) -> str:
        """The whole in one line."""
        return f"{self.name}{f', {self.job}' if self.job else ''}{f': {self.part}' if self.part else ''}"


@dataclass(frozen=True)
class Promise:
    """Knowledge that is passed on: who learns what, by when."""

    who: str
    what: str
    by_on: date | None

    @property
    def line(self) -> str:
        """The whole in one line."""
        return f"{self.who or 'Nobody named'} learns {self.what or 'nothing named'}{_until(' by', self.by_on)}"


@dataclass(frozen=True)
class PromisedAsset:
    """Something that will be released for reuse: its kind, its name, under which licence, when."""

    kind: str
    name: str
    licence: str
    released_on: date | None

    @property
    def line(self) -> str:
        """The whole in one line."""
        under = f" under {self.licence}" if self.licence else ""
        return f"{self.name or 'Without a name'} ({self.kind_name}){under}{_until(', on', self.released_on)}"

    @property
    def kind_name(self) -> str:
        """The kind as people say it."""
        return ASSET_KINDS.get(self.kind, "no kind")


def _until(word: str, when: date | None) -> str:
    return f"{word} {day(when)}" if when else ""


def day_from(told: str | None) -> date | None:
    """A date as JSON holds it."""
    return date.fromisoformat(told) if told else None


def day_to(when: date | None) -> str | None:
    """A date as JSON can hold it."""
    return when.isoformat() if when else None


def list_from(kind: type[T]) -> Callable[[Iterable[dict[str, Any]]], list[T]]:
    """Reads a list of such things from JSON; what a later version of the program added there is passed over."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]

    def read(told: Iterable[dict[str, Any]]) -> list[T]:
        return [kind(**{name: _read(name, value) for name, value in each.items() if name in known}) for each in told]

    return read


def _read(name: str, value: Any) -> Any:
    if name.endswith("_on"):
        return day_from(value)
    return tuple(value) if isinstance(value, list) else value


def list_to(things: Iterable[Any]) -> list[dict[str, Any]]:
    """The same for JSON, with sorted and whole fields."""
    return [{name: _write(value) for name, value in asdict(each).items()} for each in things]


def _write(value: Any) -> Any:
    return day_to(value) if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
