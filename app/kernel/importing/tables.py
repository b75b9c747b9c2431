"""Reading a file of rows: CSV with a header, or one JSON object on each line."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from app.kernel.importing.files import TextFile, WrongFile
from app.kernel.importing.rows import BadLine, Row, unusable_text

Line = tuple[int, str] | BadLine
MOST_LINES_OF_ROW = 2_000
UNCLOSED = "A quotation mark is opened here and not closed, or a cell is too long."


class Table:
    """An opened file whose columns are known; its rows are read once."""

    def __init__(self, file: TextFile, columns: tuple[str, ...], rows: Iterator[Row | BadLine]) -> None:
        self.path = file.path
        self.name = file.path.name
        self.size = file.size
        self.columns = columns
        self._file = file
        self._rows = rows

    @property
    def position(self) -> int:
        """How many bytes of the file were read."""
        return self._file.position

    def rows(self) -> Iterator[Row | BadLine]:
        """Each row, or what is wrong with a line; lines without content are passed over."""
        yield from self._rows


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV or JSON-lines file, plain or compressed; one that cannot be read raises WrongFile."""
    with TextFile(path) as file:
        lines = file.lines()
        first = next((line for line in lines if isinstance(line, BadLine) or line[1].strip()), None)
        if first is None or isinstance(first, BadLine):
            raise WrongFile(path, f"The first line cannot be read. {first.reason if first else ''}".strip())
        yield (_objects if first[1].lstrip().startswith(("{", "[")) else _cells)(file, chain([first], lines))


def recognise(table: Table, shapes: Mapping[str, Sequence[str]]) -> str:
    """The name of the first shape all of whose columns the table has; none raises WrongFile with what would do."""
    for name, columns in shapes.items():
        if set(columns) <= set(table.columns):
            return name
    found = ", ".join(table.columns)[:200] or "nothing"
    known = "; ".join(f"{name} ({', '.join(columns)})" for name, columns in shapes.items())
    raise WrongFile(table.path, f"Its columns are not known. It has: {found}. What can be read: {known}.")


def _cells(file: TextFile, lines: Iterator[Line]) -> Table:
    feed = _Feed(lines)
    header = feed.record()
    if header is None or isinstance(header, BadLine):
        raise WrongFile(file.path, f"The first line cannot be read. {header.reason if header else ''}".strip())
    columns = tuple(cell.strip() for cell in header[1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    if unusable_text(list(columns)):
        raise WrongFile(file.path, "The first line is not text in UTF-8: save the file as UTF-8.")
    if doubled := sorted({column for column in columns if columns.count(column) > 1}):
        raise WrongFile(file.path, f"Its first line names a column twice: {', '.join(doubled)[:200] or '(no name)'}.")
    return Table(file, columns, _csv_rows(feed, columns))


def _csv_rows(feed: "_Feed", columns: tuple[str, ...]) -> Iterator[Row | BadLine]:
    while (record := feed.record()) is not None:
        if isinstance(record, BadLine):
            yield record
            continue
        line, cells = record
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            yield BadLine(line, f"It has {len(cells)} cells; the first line has {len(columns)}.", json.dumps(cells))
        else:
            yield Row(line, dict(zip(columns, cells, strict=True)))


class _Broken(Exception):
    """A record that goes on too long, or runs into a line that cannot be read."""


class _Feed:
    """Hands lines to the csv reader, and takes them back when a quotation mark swallowed more than its own row."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._taken: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MOST_LINES_OF_ROW:
            raise _Broken
        line = next(self._lines)
        self._taken.append(line)
        if isinstance(line, BadLine):
            raise _Broken
        return line[1]

    def record(self) -> tuple[int, list[str]] | BadLine | None:
        """The next record with its first line's number, a line that is none, or None at the end."""
        self._taken = []
        try:
            cells = next(csv.reader(self, strict=True))
        except StopIteration:
            return None
        except csv.Error as error:
            swallowed = len(self._taken) > 1 or "unexpected end" in str(error) or "field larger" in str(error)
            return self._give_back(UNCLOSED if swallowed else f"It cannot be read as CSV: {error}.")
        except _Broken:
            return self._give_back(UNCLOSED)
        first = self._taken[0]
        assert not isinstance(first, BadLine)  # noqa: S101
        return first[0], cells

    def _give_back(self, reason: str) -> BadLine:
        first, *rest = self._taken
        self._lines = chain(rest, self._lines)
        return first if isinstance(first, BadLine) else BadLine(first[0], reason, first[1].strip()[:2_000])


def _objects(file: TextFile, lines: Iterator[Line]) -> Table:
    rows = _json_rows(lines)
    looked_at: list[Row | BadLine] = []
    for row in rows:
        looked_at.append(row)
        if isinstance(row, Row) or len(looked_at) == 20:
            break
    first = looked_at[-1]
    if isinstance(first, BadLine):
        raise WrongFile(file.path, "It is not CSV with a first line of column names, nor one JSON object on each line.")
    return Table(file, tuple(first.values), chain(looked_at, rows))


def _json_rows(lines: Iterator[Line]) -> Iterator[Row | BadLine]:
    for line in lines:
        if isinstance(line, BadLine):
            yield line
        elif line[1].strip():
            yield _object(*line)


def _object(number: int, text: str) -> Row | BadLine:
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return BadLine(number, "It is not a JSON object.", text.strip()[:2_000])
    if not isinstance(values, dict):
        return BadLine(number, "It is not a JSON object.", text.strip()[:2_000])
    return Row(number, values)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
