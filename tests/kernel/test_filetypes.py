"""File types: content decides, and the name must agree with it."""

import io
import zipfile
from pathlib import Path

import pytest

from app.kernel import filetypes
from app.kernel.filetypes import NO_MACROS, NO_MARKUP, Refused, recognise
from tests import sample_files as sample

OTHER = "is not what its name says"
ODT = sample.opendocument("text")
BOMB = "unpacks to more than we open: save it as a PDF"
EXE = b"MZ\x90\x00" + b"\0" * 80
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 80
# name, content, and how the sentence begins
BAD = {
    "empty": ("a.pdf", b"", "is empty"),
    "no ending": ("plan", sample.PDF, "must be one of these"),
    "program": ("a.exe", EXE, "must be one of these"),
    "old Word": ("a.doc", OLE, "must be one of these"),
    "archive": ("a.zip", sample.archive({"a": "b"}), "must be one of these"),
    "GIF": ("a.gif", b"GIF89a" + b"\0" * 20, "must be one of these"),
    "program as PDF": ("a.pdf", EXE, OTHER),
    "text as PDF": ("a.pdf", b"hello", OTHER),
    "page as PDF": ("a.pdf", b"<html>%PDF-1.4", OTHER),
    "PDF as text": ("a.txt", sample.PDF, OTHER),
    "readable PDF as text": ("a.txt", b"%PDF-1.4\n", OTHER),
    "program as text": ("a.txt", EXE, OTHER),
    "binary at the end of text": ("a.csv", b"a,b\n" * 5000 + b"\0", OTHER),
    "PNG as JPEG": ("a.jpg", sample.png(), OTHER),
    "JPEG as PNG": ("a.png", sample.jpeg(), OTHER),
    "SVG": ("a.svg", b"<svg/>", NO_MARKUP),
    "SVG as PNG": ("a.png", b"<svg xmlns='x'/>", OTHER),
    "SVG as text": ("a.txt", b"\xef\xbb\xbf\n <SVG onload='x'>", NO_MARKUP),
    "HTML": ("a.html", b"<p>", NO_MARKUP),
    "HTML as text": ("a.txt", b"<!DOCTYPE html><script>", NO_MARKUP),
    "HTML as CSV": ("a.csv", b"\r\n<script>alert(1)</script>", NO_MARKUP),
    "XML": ("a.xml", b"<?xml?>", NO_MARKUP),
    "docm": ("a.docm", sample.office("docx"), NO_MACROS),
    "xlsm": ("a.XLSM", sample.office("xlsx"), NO_MACROS),
    "docm as docx": ("a.docx", sample.office("docx", macro=True), NO_MACROS),
    "macros in docx": ("a.docx", sample.office("docx", **{"word/vbaProject.bin": b"x"}), NO_MACROS),
    "macros behind a backslash": ("a.xlsx", sample.office("xlsx", **{"xl\\VBAPROJECT.BIN": b"x"}), NO_MACROS),
    "old macros in xlsx": ("a.xlsx", sample.office("xlsx", **{"xl/macrosheets/s.xml": b"x"}), NO_MACROS),
    "Basic in ODT": ("a.odt", sample.opendocument("text", **{"Basic/script-lc.xml": "x"}), NO_MACROS),
    "docx as xlsx": ("a.xlsx", sample.office("docx"), OTHER),
    "ODT as ODS": ("a.ods", ODT, OTHER),
    "ODT as docx": ("a.docx", ODT, OTHER),
    "archive as docx": ("a.docx", sample.archive({"a": "b"}), OTHER),
    "half an archive": ("a.docx", sample.office("docx")[:-30], OTHER),
    "a head alone": ("a.docx", b"PK\x03\x04" + b"\0" * 60, OTHER),
    "too many entries": ("a.docx", sample.archive({f"{n}": "" for n in range(10_001)}), BOMB),
    "two endings": ("plan.pdf.exe", sample.PDF, "must be one of these"),
}


def told(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / "content"
    path.write_bytes(content)
    try:
        return recognise(path, name).ending
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("ending", sample.GOOD)
def test_each_type_is_known_by_content_and_name(tmp_path: Path, ending: str) -> None:
    assert told(tmp_path, f"A plan.{ending.upper()}", sample.GOOD[ending]) == ending


def test_every_type_has_a_sample() -> None:
    assert set(sample.GOOD) == set(filetypes.TYPES)


@pytest.mark.parametrize("name", ["a.jpeg", "a.JPG"])
@pytest.mark.parametrize("marker", [b"\xff\xe0\x00\x10JFIF\x00", b"\xff\xe1\x00\x18Exif\x00\x00", b"\xff\xdb\x00\x43"])
def test_jpeg_has_two_endings_and_several_beginnings(tmp_path: Path, name: str, marker: bytes) -> None:
    assert told(tmp_path, name, sample.jpeg(marker)) == "jpg"


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_taken_is_told_why(tmp_path: Path, case: str) -> None:
    name, content, why = BAD[case]
    assert told(tmp_path, name, content)[: len(why)] == why


def test_no_good_content_goes_under_the_name_of_another_type(tmp_path: Path) -> None:
    text = {"csv", "txt"}
    for ending, content in sample.GOOD.items():
        taken = {other for other in sample.GOOD if told(tmp_path, f"a.{other}", content) == other}
        assert taken == (text if ending in text else {ending})


def test_a_bomb_is_told_by_its_list_and_not_opened(tmp_path: Path) -> None:
    """Half a terabyte that is claimed, and 600 MB that are there, cost nothing to refuse."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        with made.open("word/document.xml", "w", force_zip64=True) as entry:
            for _ in range(600):
                entry.write(b"\0" * 1_000_000)
    assert told(tmp_path, "a.docx", target.getvalue()) == BOMB


def test_a_long_first_entry_is_read_at_its_beginning_alone(tmp_path: Path) -> None:
    assert told(tmp_path, "a.odt", sample.archive({"mimetype": f"{sample.ODF}text" + "x" * 50_000_000})).startswith(
        OTHER
    )


@pytest.mark.parametrize("position", range(0, 400, 7))
def test_a_damaged_archive_is_refused_or_known_and_never_breaks(tmp_path: Path, position: int) -> None:
    content = bytearray(sample.office("docx"))
    content[position % len(content)] ^= 0xFF
    assert isinstance(told(tmp_path, "a.docx", bytes(content)), str)
