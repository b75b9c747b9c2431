"""Catalogues as spreadsheets write them, and files that are none: each with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.catalogue.columns import guarded, unguarded
from app.providers.catalogue.reading import MOST_ROWS, WrongCatalogue, read_catalogue

CAFE = [{"row": 2, "cells": {"title": "Café", "problem": "A, b"}}]


@pytest.mark.parametrize(
    "content",
    [
        'title,problem\r\nCafé,"A, b"\r\n'.encode(),
        '\ufefftitle,problem\nCafé,"A, b"\n'.encode(),
        'title,problem\nCafé,"A, b"'.encode("cp1252"),
        "title;problem\nCafé;A, b\n".encode(),
        "Title\tProblem\t\nCafé\tA, b\t\n\t\t\n".encode("utf-16"),
        ' TITLE |"Problem"\nCafé|A, b\n\n|\n'.encode(),
    ],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert read_catalogue(content) == CAFE


def test_excels_own_first_line_names_the_separator() -> None:
    assert read_catalogue(b"sep=|\r\ntitle|lowest_price\r\nA|1,50\r\n") == [
        {"row": 2, "cells": {"title": "A", "lowest price": "1,50"}}
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    rows = read_catalogue(b'title,problem\n"A","one\ntwo"\n\nB,three\n')
    assert [row["row"] for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"PK\x03\x04abc", "It is a spreadsheet or a zip archive: save it as CSV."),
        (b"%PDF-1.7", "save its table as CSV."),
        (b"title\nA\0B\n", "NUL characters"),
        (b"\xff\xfe\x00", "not text that we can read"),
        (b"title\n\x81\x8d\xff", "not text that we can read"),
        (b"title,problem\n", "no rows under them"),
        (b"name,price\nA,1\n", "The first line must name the columns: reference, title, problem"),
        (
            b"title,probelm\nA,b\n",
            "We do not know the column \u201cprobelm\u201d. Rename it or take it out. Do you mean problem?",
        ),
        (b"title,zzzz\nA,b\n", "The columns are reference, title"),
        (b"title,problem,Title\nA,b,c\n", "The column title is there twice."),
        (b"problem,users\nA,b\n", "There must be a column title or a column reference"),
        (b'title,problem\nA,b\n"C,d\n', "Line 3 cannot be read as CSV"),
        (b"title\n" + b"x" * 200_000, "Line 2 cannot be read as CSV"),
        (b"title\n" + b"x\n" * (MOST_ROWS + 1), "The file has more than 5,000 rows. Send it in parts."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(WrongCatalogue) as refused:
        read_catalogue(content)
    assert says in str(refused.value)


def test_a_bad_row_leaves_the_others() -> None:
    rows = read_catalogue(b"title,problem\nA,b,c\nB\nC,d\nD," + b"x" * 10_001 + b"\n")
    assert [("cells" in row, row.get("column")) for row in rows] == [
        (False, ""),
        (False, ""),
        (True, None),
        (False, "problem"),
    ]


def test_as_many_rows_as_are_allowed_come_in() -> None:
    assert len(read_catalogue(b"title\n" + b"x\n" * MOST_ROWS)) == MOST_ROWS


@given(st.text(alphabet="'=+-@\t\rab ", max_size=6))
def test_a_cell_is_no_formula_and_comes_back_as_it_was(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
