"""Tiny real files of each type that is taken, and of some that are not."""

import io
import struct
import zipfile
import zlib

ODF = "application/vnd.oasis.opendocument."
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
PARTS = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}


def archive(entries: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return target.getvalue()


def office(ending: str, macro: bool = False, **more: bytes | str) -> bytes:
    """A document of Office Open XML; `more` entries by name."""
    kind = "application/vnd.ms-word.document.macroEnabled" if macro else f"application/vnd.x.{PARTS[ending]}"
    contents = f'<Types><Override PartName="/{MAIN[ending]}" ContentType="{kind}.main+xml"/></Types>'
    return archive({"[Content_Types].xml": contents, "_rels/.rels": "<r/>", MAIN[ending]: "<w/>", **more})


def opendocument(kind: str, **more: bytes | str) -> bytes:
    return archive({"mimetype": f"{ODF}{kind}", "content.xml": "<office/>", **more})


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg(marker: bytes = b"\xff\xe0\x00\x10JFIF\x00") -> bytes:
    return b"\xff\xd8" + marker + b"\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GOOD = {
    "pdf": PDF,
    "odt": opendocument("text"),
    "ods": opendocument("spreadsheet"),
    "odp": opendocument("presentation"),
    "docx": office("docx"),
    "xlsx": office("xlsx"),
    "pptx": office("pptx"),
    "csv": "depot,milk\nLeeds,£4\n".encode("cp1252"),
    "txt": "Grüße, and a line.\r\n".encode(),
    "png": png(),
    "jpg": jpeg(),
}


def pdf(number: int) -> bytes:
    """A PDF unlike those of other numbers."""
    return PDF + f"% {number}\n".encode()
