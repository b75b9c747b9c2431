"""One row of a file that is brought in: what it says, on which line, and what is wrong with a bad one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

# moments are cut to their day
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]|$)", re.ASCII)


class BadRow(Exception):
    """This row cannot come in; the reason is a sentence for whoever mends the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BadLine:
    """A line that could not even be read as a row."""

    line: int
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Row:
    """The values of one row by column, and the line on which it starts."""

    line: int
    values: dict[str, Any]

    def text(self, column: str, *, most: int = 10_000) -> str:
        """The column's text without surrounding space; empty when the column or the value is missing."""
        value = self.values.get(column)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            raise BadRow(f"{column} must be text.")
        text = str(value).strip()
        if len(text) > most:
            raise BadRow(f"{column} has {len(text):,} characters; the most is {most:,}.")
        return text

    def needed(self, column: str, *, most: int = 10_000) -> str:
        """The column's text; a row without it is bad."""
        text = self.text(column, most=most)
        if not text:
            raise BadRow(f"{column} is missing.")
        return text

    def texts(self, column: str, *, separator: str = "|", most: int = 1_000) -> list[str]:
        """Several texts: a JSON or YAML list, or one cell with `separator` between them."""
        value = self.values.get(column)
        if not isinstance(value, list):
            return [part.strip() for part in self.text(column, most=100_000).split(separator) if part.strip()]
        return [Row(self.line, {column: each}).needed(column, most=most) for each in value]

    def day(self, column: str) -> date | None:
        """A date from 1990 to 2100, as 2026-11-23 or 2026-1-5, or None when the value is missing."""
        value = self.text(column, most=40)
        found = DAY.match(value)
        try:
            read = date(*map(int, found.groups())) if found else None
        except ValueError:
            read = None
        if value and (read is None or not 1990 <= read.year <= 2100):
            raise BadRow(f"{column} must be a date from 1990 to 2100 such as 2026-11-23, not {value!r}.")
        return read

    def needed_day(self, column: str) -> date:
        """A date; a row without it is bad."""
        found = self.day(column)
        if found is None:
            raise BadRow(f"{column} is missing.")
        return found

    def pence(self, column: str) -> int | None:
        """An amount written in pounds, as pence, or None when the value is missing."""
        text = self.text(column, most=40).replace(",", "").removeprefix("£")
        try:
            amount = Decimal(text) * 100 if text else None
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount is not None and not (amount.is_finite() and 0 <= amount <= 10**15):
            raise BadRow(f"{column} must be an amount in pounds, not {text!r}.")
        return None if amount is None else round(amount)


def unusable_text(value: Any) -> str | None:
    """Why a text in this value cannot be kept (bytes that are no UTF-8, NUL), or None; looks into lists and objects."""
    if isinstance(value, str):
        if "\0" in value:
            return "It has a NUL character."
        return None if value.isascii() or _is_unicode(value) else "It has characters that are not UTF-8."
    inner: list[Any] = (
        [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    )
    return next((why for why in map(unusable_text, inner) if why), None)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Listed:
    """Rows that are in memory already, as a source."""

    def __init__(self, name: str, rows: Sequence[Row | BadLine]) -> None:
        self.name = name
        self.size = len(rows)
        self.position = 0
        self._rows = rows

    def rows(self) -> Iterator[Row | BadLine]:
        """Each row, in order."""
        for row in self._rows:
            self.position += 1
            yield row
