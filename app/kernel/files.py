"""Files: a store that knows each by the SHA-256 of its content, under `files/ab/cdef…` in the instance.

A file stands whole and on the disk before anybody can name it: it is written under another name, hashed and counted as
it comes, synced, and then renamed. So a crash leaves at most a file that no row names, and `sweep` takes those away.
Several machines over one database need one shared folder here, whose locks they share too.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

BLOCK = 64 * 1024
_NEW = ".new-"
_folder: Path | None = None


class Readable(Protocol):
    """What gives its bytes in blocks."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class TooLarge(Exception):
    """There are more bytes than were allowed; nothing of them was kept."""


@dataclass(frozen=True)
class Kept:
    """A file that stands: the SHA-256 of its content in hexadecimal, and its length in bytes."""

    digest: str
    size: int


@dataclass(frozen=True)
class Upload:
    """A file that somebody sent: the name that it had, its type's ending, and its content in the store."""

    name: str
    ending: str
    digest: str
    size: int


def use(folder: Path) -> None:
    """Keep the files of this process here; the folder is made with the first file."""
    global _folder
    _folder = folder


def path_of(digest: str) -> Path:
    """Where a file of this content stands, or would stand."""
    return _root() / digest[:2] / digest[2:]


def stands(digest: str) -> bool:
    """Whether a file of this content is here."""
    return path_of(digest).is_file()


def keep(source: Readable, most: int) -> Kept:
    """Write a file of at most `most` bytes, and return when it is on the disk; of one content there is one file.

    Content that is here already is written over by itself: its new date keeps the sweep from it.
    """
    _make(_root())
    draft = _root() / f"{_NEW}{secrets.token_hex(8)}"
    try:
        kept = _write(draft, source, most)
        path = path_of(kept.digest)
        _make(path.parent)
        with _locked():
            draft.replace(path)
        _sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def remove(digest: str) -> None:
    """Take the file of this content away; nothing happens where there is none."""
    with _locked():
        path_of(digest).unlink(missing_ok=True)


def sweep(used: Container[str], before: datetime) -> int:
    """Take away what is older than `before` and not `used`, drafts of a crash among it; how many files went.

    Read what is used first and call this then: a file that comes back in between has a new date.
    """
    gone = 0
    for path in _all():
        with _locked():
            gone += _swept(path, used, before)
    return gone


def _swept(path: Path, used: Container[str], before: datetime) -> bool:
    is_draft = path.name.startswith(_NEW)
    if not is_draft and path.parent.name + path.name in used:
        return False
    try:
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= before:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _all() -> list[Path]:
    if not _root().is_dir():
        return []
    return [*_root().glob(f"{_NEW}*"), *_root().glob("[0-9a-f][0-9a-f]/*")]


def _write(draft: Path, source: Readable, most: int) -> Kept:
    digest, size = hashlib.sha256(), 0
    with draft.open("xb") as target:
        while block := source.read(BLOCK):
            size += len(block)
            if size > most:
                raise TooLarge
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    draft.chmod(0o600)
    return Kept(digest.hexdigest(), size)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked() -> Iterator[None]:
    """Alone with the names of the store, among all processes that share it."""
    _make(_root())
    with (_root() / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _root() -> Path:
    if _folder is None:
        raise RuntimeError("no folder for files is set")
    return _folder
