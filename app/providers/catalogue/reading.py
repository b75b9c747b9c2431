"""Reading a catalogue as spreadsheets write it: any of three encodings and four separators, within firm bounds."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from app.kernel.importing.files import BINARIES
from app.providers.catalogue.columns import COLUMNS

MOST_BYTES, MOST_ROWS, LONGEST_CELL = 4 * 1024 * 1024, 5_000, 10_000
SEPARATORS = ",;\t|"
NAMED = "Comma, semicolon, tab or | may stand between the cells."


class WrongCatalogue(Exception):
    """The whole file cannot be read; the message is a sentence that says why and what would do."""


def read_catalogue(content: bytes) -> list[dict[str, Any]]:
    """The rows of a file: each with its line and its cells by column, or with what is wrong with it."""
    text, separator = _without_hint(_decoded(content))
    records = _records(text, separator or _separator_of(text))
    header = next(records, None)
    if header is None:
        raise WrongCatalogue("The file has no rows. Its first line must name the columns.")
    columns = _columns(header[1])
    rows: list[dict[str, Any]] = []
    for number, cells in records:
        if len(rows) == MOST_ROWS:
            raise WrongCatalogue(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
        rows.append({"row": number, **_row(columns, cells)})
    if not rows:
        raise WrongCatalogue("The file names its columns, and has no rows under them.")
    return rows


def _decoded(content: bytes) -> str:
    if not content.strip():
        raise WrongCatalogue("The file is empty.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        if fault := next((why for mark, why in BINARIES.items() if content.startswith(mark)), None):
            raise WrongCatalogue(f"The file is no CSV. {fault}")
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise WrongCatalogue("The file has NUL characters, so it is no text. Save it as CSV in UTF-8.")
        return text
    raise WrongCatalogue("The file is not text that we can read. Save it as CSV in UTF-8.")


def _without_hint(text: str) -> tuple[str, str]:
    """The text, and the separator that Excel's own first line (`sep=;`) names, which no spreadsheet counts as a row."""
    found = re.match(r'"?sep=([,;\t|])"?[ ,;\t]*\r?\n', text, re.IGNORECASE)
    return (text[found.end() :], found[1]) if found else (text, "")


def _separator_of(text: str) -> str:
    """The separator that makes the most known columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = {each: sum(_name(cell) in COLUMNS for cell in first.split(each)) for each in SEPARATORS}
    return max(SEPARATORS, key=lambda each: known[each])


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that says something, with its number as a spreadsheet counts: a cell of several lines is in one row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        line, number = reader.line_num + 1, number + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise WrongCatalogue(
                f"Line {line} cannot be read as CSV: a quotation mark is opened there and not closed, or stands inside "
                "a text without being doubled, or a cell is far too long."
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _name(cell: str) -> str:
    return " ".join(re.sub(r"[_\-]", " ", cell.strip().strip('"')).split()).casefold()


def _columns(cells: Sequence[str]) -> list[str]:
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not set(names) & set(COLUMNS):
        raise WrongCatalogue(f"The first line must name the columns: {', '.join(COLUMNS)}. {NAMED}")
    for name in names:
        if name not in COLUMNS:
            close = get_close_matches(name[:40], COLUMNS, n=1)
            meant = f" Do you mean {close[0]}?" if close else f" The columns are {', '.join(COLUMNS)}."
            raise WrongCatalogue(f"We do not know the column “{name[:40]}”. Rename it or take it out.{meant}")
        if names.count(name) > 1:
            raise WrongCatalogue(f"The column {name} is there twice. Keep one of them.")
    if not {"title", "reference"} & set(names):
        raise WrongCatalogue("There must be a column title or a column reference, to tell which row is which.")
    return names


def _row(columns: list[str], cells: list[str]) -> dict[str, Any]:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        says = (
            f"It has {len(cells)} cells, and the first line names {len(columns)} columns. "
            "Put a text that has the separator in it between quotation marks."
        )
        return {"column": "", "says": says}
    for name, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            says = f"It has {len(cell):,} characters, and a cell may have {LONGEST_CELL:,}. Shorten it."
            return {"column": name, "says": says}
    return {"cells": dict(zip(columns, cells, strict=True))}
