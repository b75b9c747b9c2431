"""Opening a text file as it comes, plain or compressed, and reading it line by line without trusting it."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from app.kernel.importing.rows import BadLine

MOST_BYTES_OF_LINE = 4_000_000
GZIP = b"\x1f\x8b"
BINARIES = {
    b"PK\x03\x04": "It is a spreadsheet or a zip archive: save it as CSV.",
    b"%PDF": "It is a PDF document: save its table as CSV.",
    b"\xd0\xcf\x11\xe0": "It is an old spreadsheet or document: save it as CSV.",
    b"\xff\xfe": "It is text in UTF-16: save it as UTF-8.",
    b"\xfe\xff": "It is text in UTF-16: save it as UTF-8.",
    b"SQLite format 3": "It is a database, not a table of text.",
}
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


class WrongFile(Exception):
    """The whole file cannot be read; the message says why and what would do."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")


class TextFile:
    """A text file, plain or compressed by gzip (told by its content, not its name)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw = _opened(path)
        try:
            self.size = path.stat().st_size
            compressed = self._raw.peek(2)[:2] == GZIP
            self._stream = io.BufferedReader(gzip.GzipFile(fileobj=self._raw)) if compressed else self._raw
            self._refuse_other_than_text()
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stream.close()
        self._raw.close()

    @property
    def position(self) -> int:
        """How many bytes of the file on disk were read."""
        return self._raw.tell()

    def _refuse_other_than_text(self) -> None:
        try:
            start = self._stream.peek(8192)[:8192]
        except DAMAGED:
            raise WrongFile(self.path, "The compressed file is damaged.") from None
        for mark, reason in BINARIES.items():
            if start.startswith(mark):
                raise WrongFile(self.path, reason)
        if not start.strip():
            raise WrongFile(self.path, "The file is empty.")
        if b"\0" in start.partition(b"\n")[0] or start.count(b"\0") > len(start) // 50:
            raise WrongFile(self.path, "This is not a text file.")

    def lines(self) -> Iterator[tuple[int, str] | BadLine]:
        """Each line with its number, from 1; bytes that are no UTF-8 stay as lone surrogates, for the row to refuse."""
        number = 0
        while True:
            number += 1
            try:
                line = self._stream.readline(MOST_BYTES_OF_LINE + 1)
                if len(line) > MOST_BYTES_OF_LINE:
                    self._skip_line(line)
            except DAMAGED:
                yield BadLine(number, "The compressed file is damaged from here on.")
                return
            if not line:
                return
            if len(line) > MOST_BYTES_OF_LINE:
                yield BadLine(number, f"The line is longer than {MOST_BYTES_OF_LINE:,} bytes.", _decoded(line[:200]))
            else:
                yield number, _decoded(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)

    def _skip_line(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(MOST_BYTES_OF_LINE)


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _opened(path: Path) -> io.BufferedReader:
    if not path.exists():
        raise WrongFile(path, "There is no such file.")
    if not path.is_file():
        raise WrongFile(path, "This is not a file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise WrongFile(path, f"The file cannot be opened ({error.strerror}).") from error
