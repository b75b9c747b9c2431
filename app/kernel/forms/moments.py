"""Fields for a day and for a moment: three parts that are typed, and a time of day."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.kernel.display import clock_time, day
from app.kernel.forms.base import Field
from app.kernel.forms.reading import one_line, read_day, read_moment, read_time

Bound = date | Callable[[], date]


class Day(Field):
    """A date, or None, typed as day, month and year in fields named x-day, x-month and x-year."""

    look = "day"
    PARTS: tuple[str, ...] = ("day", "month", "year")

    def __init__(
        self, label: str = "", *, earliest: Bound = date(1900, 1, 1), latest: Bound = date(2199, 12, 31), **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.earliest, self.latest = earliest, latest
        self.parts: Mapping[str, str] = dict.fromkeys(self.PARTS, "")
        self.wrong_parts: tuple[str, ...] = ()
        self.was_typed = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is None:
            self.parts = self.parts_of(self.data)
            return
        self.parts = {part: one_line(formdata.get(f"{self.name}-{part}", ""))[:40] for part in self.PARTS}
        self.was_typed = True
        self.reread()

    def reread(self) -> None:
        """Read the typed parts again, all errors included."""
        self.process_errors: list[str] = []
        self.data, self.wrong_parts = None, ()
        if not any(self.parts.values()):
            return
        try:
            self.data = self._read()
        except ValueError as error:
            self.wrong_parts = self.wrong_parts or self.PARTS
            self.process_errors.append(self.sentence(str(error)))

    def _read(self) -> Any:
        if missing := tuple(part for part in self.PARTS if not self.parts[part]):
            self.wrong_parts = missing
            raise ValueError(f"must include a {' and a '.join(missing)}")
        return self.read()

    def read(self) -> Any:
        """The value, from parts that are all there."""
        return read_day(self.parts["day"], self.parts["month"], self.parts["year"])

    def parts_of(self, value: Any) -> dict[str, str]:
        """The parts that a person would type for this value."""
        if value is None:
            return dict.fromkeys(self.PARTS, "")
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}

    def check(self) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if not earliest <= self.calendar_day() <= latest:
            self.wrong_parts = self.PARTS
            bound = f"on or after {day(earliest)}" if self.calendar_day() < earliest else f"on or before {day(latest)}"
            raise ValidationError(self.sentence(f"must be {bound}"))

    def calendar_day(self) -> date:
        """The date of the value, as people there would say it."""
        return self.data  # type: ignore[no-any-return]

    @property
    def input_id(self) -> str:
        return f"{self.id}-{(self.wrong_parts or self.PARTS)[0]}"

    def bad(self, part: str) -> bool:
        """Whether this part is to be marked."""
        return bool(self.errors) and part in (self.wrong_parts or self.PARTS)


class Moment(Day):
    """An aware moment in UTC, or None, typed as a day and a time of day in the clocks of `zone`."""

    PARTS = ("day", "month", "year", "time")

    def __init__(self, label: str = "", *, zone: str = "Europe/London", **options: Any) -> None:
        super().__init__(label, **options)
        self.zone = zone

    def in_zone(self, zone: str) -> None:
        """Take the typed parts, or show the value, in the clocks of another place."""
        self.zone = zone
        if self.was_typed:
            self.reread()
        else:
            self.parts = self.parts_of(self.data)

    def read(self) -> datetime:
        try:
            at = read_time(self.parts["time"])
        except ValueError:
            self.wrong_parts = ("time",)
            raise
        return read_moment(read_day(self.parts["day"], self.parts["month"], self.parts["year"]), at, self.zone)

    def parts_of(self, value: Any) -> dict[str, str]:
        if value is None:
            return dict.fromkeys(self.PARTS, "")
        there = value.astimezone(ZoneInfo(self.zone))
        return super().parts_of(there) | {"time": clock_time(there)}

    def calendar_day(self) -> date:
        return self.data.astimezone(ZoneInfo(self.zone)).date()  # type: ignore[no-any-return]
