"""Fields that are chosen from a list: one, several, or yes and no."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from wtforms.validators import ValidationError

from app.kernel.forms.base import Field


@dataclass(frozen=True)
class Option:
    """One thing to choose: the value that the form gives back, and the words for it."""

    value: Any
    text: str
    hint: str = ""

    @property
    def key(self) -> str:
        """What travels in the page for the value."""
        return key_of(self.value)


@dataclass(frozen=True)
class Group:
    """Options under one heading; without a title they stand alone."""

    title: str
    options: Sequence[Option]

    def count(self, chosen: Iterable[str]) -> int:
        """How many of this group are chosen."""
        return len({option.key for option in self.options} & set(chosen))


Listed = Iterable[Option | tuple[Any, ...]]
Offered = Listed | Mapping[str, Listed]


def key_of(value: Any) -> str:
    """The text that stands for a value in the page: of a row its id, of an Enum member its value."""
    value = value.value if isinstance(value, Enum) else getattr(value, "id", value)
    return "" if value is None else str(value)


def grouped(offered: Offered) -> list[Group]:
    """Options as groups, however they were given."""
    groups = offered.items() if isinstance(offered, Mapping) else [("", offered)]
    return [
        Group(title, [option if isinstance(option, Option) else Option(*option) for option in options])
        for title, options in groups
    ]


class _Chosen(Field):
    """What choosing one and choosing several share."""

    verb = "Select"

    def __init__(
        self, label: str = "", options: Offered | Callable[[], Offered] = (), *, style: str = "", **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.style = style
        self.unknown = False
        self.keys: list[str] = []
        self.offer(options() if callable(options) else options)

    def offer(self, options: Offered) -> None:
        """Set what can be chosen; what was chosen before is looked up again."""
        self.groups = grouped(options)
        self.by_key = {option.key: option for group in self.groups for option in group.options}
        if hasattr(self, "data"):
            self.process_data(self.given) if self.raw_data is None else self.process_formdata(self.raw_data)

    @property
    def given(self) -> Any:
        """The value that there was before it could be looked up."""
        return self.data

    @property
    def options(self) -> list[Option]:
        """All options, groups aside."""
        return list(self.by_key.values())

    @property
    def has_groups(self) -> bool:
        """Whether the options stand in groups."""
        return any(group.title for group in self.groups)

    def find(self, keys: Iterable[str]) -> list[Any]:
        """The values of known keys, without doubles; notes when one is not known."""
        wanted = list(dict.fromkeys(key for key in keys if key))
        self.unknown = any(key not in self.by_key for key in wanted)
        self.keys = [key for key in wanted if key in self.by_key]
        return [self.by_key[key].value for key in self.keys]

    def pre_validate(self, form: Any) -> None:
        if self.unknown:
            raise ValidationError("Select from the list")
        super().pre_validate(form)


class Choice(_Chosen):
    """One of several: radios while they are few, else a select box. `blank` when none is chosen."""

    RADIOS = 8

    def __init__(self, label: str = "", options: Any = (), *, blank: Any = "", **more: Any) -> None:
        self.blank_value = blank
        super().__init__(label, options, **more)

    @property
    def look(self) -> str:  # type: ignore[override]
        few = len(self.by_key) <= self.RADIOS and not self.has_groups
        return self.style or ("radios" if few else "select")

    def process_data(self, value: Any) -> None:
        found = self.find([key_of(value)])
        self.data = found[0] if found else value if value is not None else self.blank_value
        self.unknown = False

    def process_formdata(self, valuelist: list[str]) -> None:
        found = self.find(valuelist[:1])
        self.data = found[0] if found else self.blank_value


class Choices(_Chosen):
    """Several of many: checkboxes, in <details> when they are grouped, or `most` select boxes where room is scarce."""

    def __init__(self, label: str = "", options: Any = (), *, most: int = 0, **more: Any) -> None:
        self.most = most
        self.before: list[Any] = []
        super().__init__(label, options, **more)

    @property
    def look(self) -> str:  # type: ignore[override]
        return self.style or ("grouped" if self.has_groups else "checkboxes")

    @property
    def given(self) -> list[Any]:
        """What was chosen before, so that it is found again among options that are offered later."""
        return self.before

    def process_data(self, value: Any) -> None:
        self.before = list(value or ())
        self.data = self.find(key_of(one) for one in self.before)
        self.unknown = False

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = self.find(valuelist[:2_000])

    def check(self) -> None:
        if self.most and len(self.data) > self.most:
            raise ValidationError(f"Select {self.most} or fewer")

    def boxes(self) -> Iterator[str]:
        """What each select box shows: the chosen first, then room for more."""
        yield from self.keys
        yield from [""] * max(0, (self.most or 3) - len(self.keys))


class YesNo(Choice):
    """True, False, or None when neither is chosen."""

    def __init__(self, label: str = "", *, yes: str = "Yes", no: str = "No", **more: Any) -> None:
        super().__init__(label, [Option(True, yes), Option(False, no)], blank=None, **more)
        self.is_inline = yes == "Yes"
