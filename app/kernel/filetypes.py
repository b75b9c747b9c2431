"""File types: what a file is by its content, of the few that are taken. What can run, and what unpacks to more, is not.

An archive is never unpacked: its list is read and, in it, two short entries of at most 64 KiB.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import puremagic

HEAD = 4096
MOST_ENTRIES, MOST_UNPACKED, LONGEST_ENTRY = 10_000, 500_000_000, 64 * 1024
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<!--", b"<iframe")
# what begins so is something else, though each of its bytes may be readable
OTHERS = (b"%pdf", b"%!ps", b"{\\rtf", b"gif8", b"#!")
TEXT_CONTROLS = {9, 10, 12, 13}
MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
NO_MACROS = "must not hold macros: save it without them, or as a PDF"
NO_MARKUP = "must not be a web page or a drawing in SVG: save it as a PDF"
ODF_MACROS = ("basic/", "scripts/")


class Refused(Exception):
    """A file that is not taken; the message says why, and what would do."""


@dataclass(frozen=True)
class FileType:
    """One type that is taken: its ending, its name for people, what it is called in HTTP, and its check."""

    ending: str
    label: str
    mime: str
    check: Callable[[Path], bool]


def _by_magic(*endings: str) -> Callable[[Path], bool]:
    """The first bytes are those of one of these endings; what they are is looked up in puremagic's table."""

    def check(path: Path) -> bool:
        try:
            found = puremagic.magic_string(_head(path))
        except puremagic.PureError:
            return False
        return any(each.extension in endings and each.confidence >= 0.3 for each in found)

    return check


def _is_text(path: Path) -> bool:
    """Readable text: UTF-8 or the older Western encoding, and no markup that a browser would run."""
    head = _head(path).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(MARKUP):
        raise Refused(NO_MARKUP)
    if head.startswith(OTHERS):
        return False
    with path.open("rb") as file:
        return all(_is_readable(block) for block in iter(lambda: file.read(HEAD), b""))


def _is_readable(block: bytes) -> bool:
    return all(byte >= 32 or byte in TEXT_CONTROLS for byte in block)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _open_document(mime: str) -> Callable[[Path], bool]:
    """OpenDocument names its type in its first entry."""

    def check(path: Path) -> bool:
        with zipfile.ZipFile(path) as archive:
            names = _names(archive)
            _refuse_macros(names, starts=ODF_MACROS)
            return "mimetype" in names and _entry(archive, "mimetype").strip() == mime.encode()

    return check


def _office(main: str) -> Callable[[Path], bool]:
    """Office Open XML has one main part, and says in its list of contents whether it holds macros."""

    def check(path: Path) -> bool:
        with zipfile.ZipFile(path) as archive:
            names = _names(archive)
            _refuse_macros(names, holds=MACROS)
            if not {"[content_types].xml", main} <= names:
                return False
            contents = _entry(archive, "[Content_Types].xml").lower()
            if b"macroenabled" in contents or b"vbaproject" in contents:
                raise Refused(NO_MACROS)
            return b"main+xml" in contents

    return check


def _refuse_macros(names: set[str], *, starts: tuple[str, ...] = (), holds: tuple[str, ...] = ()) -> None:
    if any(name.startswith(starts) or any(part in name for part in holds) for name in names if starts or holds):
        raise Refused(NO_MACROS)


def _names(archive: zipfile.ZipFile) -> set[str]:
    """The names in an archive, lower case, where it says that it stays of a decent size."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("unpacks to more than we open: save it as a PDF")
    return {entry.filename.replace("\\", "/").lower() for entry in entries}


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of an entry."""
    with archive.open(name) as entry:
        return entry.read(LONGEST_ENTRY)


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    each.ending: each
    for each in (
        FileType("pdf", "PDF", "application/pdf", _by_magic(".pdf")),
        FileType("odt", "OpenDocument text", f"{_ODF}text", _open_document(f"{_ODF}text")),
        FileType("ods", "OpenDocument spreadsheet", f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet")),
        FileType("odp", "OpenDocument slides", f"{_ODF}presentation", _open_document(f"{_ODF}presentation")),
        FileType("docx", "Word document", f"{_OOXML}wordprocessingml.document", _office("word/document.xml")),
        FileType("xlsx", "Excel workbook", f"{_OOXML}spreadsheetml.sheet", _office("xl/workbook.xml")),
        FileType("pptx", "PowerPoint slides", f"{_OOXML}presentationml.presentation", _office("ppt/presentation.xml")),
        FileType("csv", "CSV table", "text/csv", _is_text),
        FileType("txt", "Plain text", "text/plain", _is_text),
        FileType("png", "PNG picture", "image/png", _by_magic(".png")),
        FileType("jpg", "JPEG picture", "image/jpeg", _by_magic(".jpg", ".jpeg", ".jfif")),
    )
}
ALIASES = {"jpeg": "jpg"}
MACRO_ENDINGS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "ppsm", "potm"}
WEB_ENDINGS = {"svg", "svgz", "html", "htm", "xhtml", "xml", "mhtml"}
NAMED = "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, CSV, TXT, PNG or JPEG"


def recognise(path: Path, name: str) -> FileType:
    """The type of a file, on which its name and its content agree; otherwise Refused, with the end of a sentence."""
    ending = ending_of(name)
    if ending in MACRO_ENDINGS:
        raise Refused(NO_MACROS)
    if ending in WEB_ENDINGS:
        raise Refused(NO_MARKUP)
    if path.stat().st_size == 0:
        raise Refused("is empty: choose one that has something in it")
    known = TYPES.get(ALIASES.get(ending, ending))
    if known is None:
        raise Refused(f"must be one of these: {NAMED}")
    if not _agrees(known, path):
        raise Refused(f"is not what its name says: it ends in .{ending}, and inside it is something else")
    return known


def _agrees(known: FileType, path: Path) -> bool:
    try:
        return known.check(path)
    except Refused:
        raise
    except Exception:  # an archive can be broken in more ways than zipfile has names for
        return False


def ending_of(name: str) -> str:
    """What stands after the last dot, lower case; nothing where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
