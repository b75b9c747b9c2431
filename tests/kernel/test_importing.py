"""Bringing in files: what may be opened, what is told of bad rows, and that the good ones come in."""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.capabilities.models import OutsideCode
from app.kernel import db
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.importing import (
    MOST_BYTES_OF_LINE,
    BadLine,
    BadRow,
    Imported,
    Listed,
    Row,
    Take,
    Taken,
    WrongFile,
    bring_in,
    open_table,
    recognise,
)


@pytest.fixture
def write(tmp_path: Path) -> Iterator[object]:
    def written(content: bytes | str, name: str = "rows.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def read(path: Path) -> list[tuple[int, object]]:
    """Every row as (line, its values), every bad line as (line, its reason)."""
    with open_table(path) as table:
        return [(row.line, row.values if isinstance(row, Row) else row.reason) for row in table.rows()]


UNCLOSED = "A quotation mark is opened here and not closed, or a cell is too long."


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n3,4\n", [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]),
        ("\ufeffa,b\r\n1,2\r\n", [(2, {"a": "1", "b": "2"})]),
        ("a,b\n1,2", [(2, {"a": "1", "b": "2"})]),
        (" a , b ,,\n1,2,,\n", [(2, {"a": "1", "b": "2"})]),
        ("\n\na,b\n\n1,2\n,\n", [(5, {"a": "1", "b": "2"})]),
        ('a,b\n"x\ny","say ""hi"""\n3,4\n', [(2, {"a": "x\ny", "b": 'say "hi"'}), (4, {"a": "3", "b": "4"})]),
        ('a,b\n5" disk,2\n', [(2, {"a": '5" disk', "b": "2"})]),
        ("a,b\n1\n1,2,3\n4,5\n", [
            (2, "It has 1 cells; the first line has 2."),
            (3, "It has 3 cells; the first line has 2."),
            (4, {"a": "4", "b": "5"}),
        ]),
        ('a,b\n1,"open\n2,x\n3,y\n', [(2, UNCLOSED), (3, {"a": "2", "b": "x"}), (4, {"a": "3", "b": "y"})]),
        ('a,b\n"1"x,2\n3,4\n', [(2, "It cannot be read as CSV: ',' expected after '\"'."), (3, {"a": "3", "b": "4"})]),
        ("a,b\n" + "x" * 200_000 + ",2\n3,4\n", [(2, UNCLOSED), (3, {"a": "3", "b": "4"})]),
        ("a,b\n", []),
    ],
)  # fmt: skip
def test_csv_gives_its_rows_and_says_what_is_wrong_with_the_others(write, content, rows):
    assert read(write(content)) == rows


def test_an_unclosed_quotation_mark_costs_its_own_row_alone_in_a_long_file(write):
    lines = ["a,b", *(f"{n},x" for n in range(10_000)), '1,"open', *(f"{n},y" for n in range(10_000))]
    rows = read(write("\n".join(lines)))
    assert (len(rows), [row for row in rows if isinstance(row[1], str)]) == (20_001, [(10_002, UNCLOSED)])


def test_a_line_without_end_is_passed_over(write):
    content = b"a,b\n" + b"x" * (MOST_BYTES_OF_LINE * 2 + 5) + b"\n1,2\n"
    assert read(write(content)) == [(2, "The line is longer than 4,000,000 bytes."), (3, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('{"a": 1}\n\n{"a": [2]}\n', [(1, {"a": 1}), (3, {"a": [2]})]),
        ('{"a": 1}\nnonsense\n[1]\n{"a": NaN}\n{"a": 2}\n', [
            (1, {"a": 1}),
            (2, "It is not a JSON object."),
            (3, "It is not a JSON object."),
            (4, "It is not a JSON object."),
            (5, {"a": 2}),
        ]),
        ('{"a": 1}\n' + "[" * 100_000 + "\n", [(1, {"a": 1}), (2, "It is not a JSON object.")]),
        ('{"a": 1}\n{"a": ' + "9" * 5000 + "}\n", [(1, {"a": 1}), (2, "It is not a JSON object.")]),
    ],
)  # fmt: skip
def test_json_lines_give_their_rows_and_say_what_is_wrong_with_the_others(write, content, rows):
    assert read(write(content, "rows.jsonl")) == rows


def test_compressed_files_are_told_by_their_content(write):
    assert read(write(gzip.compress(b"a,b\n1,2\n", mtime=0), "rows.csv")) == [(2, {"a": "1", "b": "2"})]
    assert read(write(b"a,b\n1,2\n", "rows.csv.gz")) == [(2, {"a": "1", "b": "2"})]


def test_a_truncated_archive_gives_what_came_before_the_damage(write):
    whole = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * 7919) for n in range(20_000)))
    rows = read(write(whole[: len(whole) // 2]))
    assert rows[0] == (2, {"a": "0", "b": "0"})
    assert rows[-1][1] == "The compressed file is damaged from here on."
    assert len(rows) > 1_000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"PK\x03\x04rest", "It is a spreadsheet or a zip archive: save it as CSV."),
        (b"%PDF-1.7", "It is a PDF document: save its table as CSV."),
        ("a,b\n1,2\n".encode("utf-16"), "It is text in UTF-16: save it as UTF-8."),
        (b"\x00\x01\x02\x03", "This is not a text file."),
        (b"\x1f\x8b\x08 nonsense", "The compressed file is damaged."),
        (gzip.compress(b"PK\x03\x04rest", mtime=0), "It is a spreadsheet or a zip archive: save it as CSV."),
        (b"a,\xe9\n1,2\n", "The first line is not text in UTF-8: save the file as UTF-8."),
        (b"a,b,a\n1,2,3\n", "Its first line names a column twice: a."),
        (b'"a,b\n1,2\n', f"The first line cannot be read. {UNCLOSED}"),
        (b'[{"a": 1}]\n', "It is not CSV with a first line of column names, nor one JSON object on each line."),
        (b"x" * (MOST_BYTES_OF_LINE + 9), "The first line cannot be read. The line is longer than 4,000,000 bytes."),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_would_do(write, content, why):
    with pytest.raises(WrongFile) as caught:
        read(write(content))
    assert str(caught.value) == f"rows.csv: {why}"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path, why in ((tmp_path / "none.csv", "none.csv: There is no such file."), (tmp_path, "This is not a file.")):
        with pytest.raises(WrongFile, match=why):
            read(path)


def test_a_table_is_recognised_by_its_columns_and_an_unknown_one_names_what_can_be_read(write):
    shapes = {"codes": ("code", "label"), "skills": ("name",)}
    with open_table(write("label,code,more\n1,2,3\n")) as table:
        assert recognise(table, shapes) == "codes"
    with open_table(write("x,y\n1,2\n")) as table, pytest.raises(WrongFile) as caught:
        recognise(table, shapes)
    assert str(caught.value) == (
        "rows.csv: Its columns are not known. It has: x, y. What can be read: codes (code, label); skills (name)."
    )


def test_a_row_gives_texts_and_says_what_is_missing():
    row = Row(
        3, {"a": " x ", "n": 5, "none": None, "list": ["p", "q"], "cell": "p | q|", "deep": {}, "on": "2026-13-01"}
    )
    assert (row.text("a"), row.text("n"), row.text("none"), row.text("other")) == ("x", "5", "", "")
    assert (row.texts("list"), row.texts("cell"), row.texts("other")) == (["p", "q"], ["p", "q"], [])
    for ask, reason in (
        (lambda: row.needed("none"), "none is missing."),
        (lambda: row.text("deep"), "deep must be text."),
        (lambda: row.text("cell", most=3), "cell has 6 characters; the most is 3."),
        (lambda: row.day("on"), "on must be a date from 1990 to 2100 such as 2026-11-23, not '2026-13-01'."),
    ):
        with pytest.raises(BadRow) as caught:
            ask()
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-01-05", date(2017, 1, 5)),
        ("2017-1-5", date(2017, 1, 5)),
        ("2017-01-05T10:00", date(2017, 1, 5)),
        ("", None),
    ],
)
def test_days_are_read(text: str, day: date | None) -> None:
    assert Row(1, {"on": text}).day("on") == day


@pytest.mark.parametrize(
    "text", ["2017-13-05", "2108-01-05", "1889-01-01", "2017-01-055", "5/1/2017", "\u0662017-01-05", "x"]
)
def test_what_is_no_day_is_a_bad_row(text: str) -> None:
    with pytest.raises(BadRow, match="on must be a date"):
        Row(1, {"on": text}).needed_day("on")


@pytest.mark.parametrize(("text", "pence"), [("£1,234.50", 123_450), ("0", 0), ("", None)])
def test_amounts_are_read(text: str, pence: int | None) -> None:
    assert Row(1, {"paid": text}).pence("paid") == pence


@pytest.mark.parametrize("text", ["NaN", "-1", "1e400", "lots", "Infinity"])
def test_what_is_no_amount_is_a_bad_row(text: str) -> None:
    with pytest.raises(BadRow, match="paid must be an amount in pounds"):
        Row(1, {"paid": text}).pence("paid")


def codes(_rows: list[Row]) -> Take:
    """Keeps each row as an outside code, and refuses some as importers do."""

    def take(row: Row) -> Taken:
        code = row.needed("code")
        session().add(OutsideCode(scheme="T", code=code, label=row.text("label")))
        session().flush()
        if row.text("label") == "bad":
            raise BadRow("It is bad.")
        if row.text("label") == "conflict":
            raise Conflict("Somebody was first.")
        return Taken.ADDED

    return take


def kept() -> list[str]:
    with db.reading():
        return list(session().scalars(select(OutsideCode.code).order_by(OutsideCode.code)))


def reported(result: Imported) -> list[list[str]]:
    with result.report_path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_good_rows_come_in_and_bad_ones_leave_nothing_but_their_line_in_the_report(store, write, tmp_path):
    path = write('code,label\nA,good\nB,bad\nC,conflict\nA,again\n,none\nD\n"E\nF,\0\n\nG,=1+1\n')
    with open_table(path) as table:
        result = bring_in(table, codes, reports=tmp_path / "reports")
    assert (result.added, result.bad, kept()) == (2, 7, ["A", "G"])
    lines = reported(result)
    assert [line[:2] for line in lines if "database" not in line[1]] == [
        ["line", "reason"],
        ["3", "It is bad."],
        ["4", "Somebody was first."],
        ["6", "code is missing."],
        ["7", "It has 1 cells; the first line has 2."],
        ["8", UNCLOSED],
        ["9", "It has a NUL character."],
    ]
    assert [line[0] for line in lines if line[1].startswith("The database refuses it: ")] == ["5"]
    assert json.loads(lines[1][2]) == {"code": "B", "label": "bad"}


def test_the_report_holds_bytes_that_are_no_text_and_no_cell_that_a_spreadsheet_would_run(store, write, tmp_path):
    with open_table(write(b'code,label\nA,\xff\n=cmd(),"x\n')) as table:
        result = bring_in(table, codes, reports=tmp_path)
    assert [line[:2] for line in reported(result)[1:]] == [
        ["2", "It has characters that are not UTF-8."],
        ["3", UNCLOSED],
    ]
    assert not [line for line in reported(result) if line[2].startswith(("=", "+", "-", "@"))]


def test_without_bad_rows_there_is_no_report(store, tmp_path):
    result = bring_in(Listed("list", [Row(1, {"code": "A"})]), codes, reports=tmp_path / "reports")
    assert (result.report_path, (tmp_path / "reports").exists()) == (None, False)
    assert str(result) == "1 added, 0 changed, 0 unchanged, 0 bad"


def test_each_batch_is_a_transaction_told_to_progress_and_closed_once(store, tmp_path):
    rows = [Row(n, {"code": f"{n:04}"}) for n in range(1_200)]
    told: list[tuple[int, int | None]] = []
    closed: list[int] = []
    bring_in(
        Listed("list", rows),
        codes,
        reports=tmp_path,
        closing=lambda counts: closed.append(counts[Taken.ADDED]),
        progress=lambda done, total: told.append((done, total)),
    )
    assert (told, closed, len(kept())) == ([(500, 1_200), (1_000, 1_200), (1_200, 1_200)], [500, 500, 200], 1_200)


def test_batches_before_a_breakdown_stay(store, tmp_path):
    def prepare(rows: list[Row]) -> Take:
        if rows[0].line >= 500:
            raise RuntimeError("the machine stops")
        return codes(rows)

    with pytest.raises(RuntimeError):
        bring_in(Listed("list", [Row(n, {"code": f"{n:04}"}) for n in range(600)]), prepare, reports=tmp_path)
    assert len(kept()) == 500


def test_without_a_folder_bad_rows_go_to_the_log(store, caplog):
    result = bring_in(Listed("list", [BadLine(7, "It is odd.")]), codes, reports=None)
    assert (result.bad, [record.getMessage() for record in caplog.records]) == (1, ["list, line 7: It is odd."])
