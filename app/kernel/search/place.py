"""Where this process keeps its index: the folder, the locks in it, and the bell that wakes the follower."""

import fcntl
import os
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

Synonyms = Mapping[str, Sequence[str]]


def _none() -> Synonyms:
    return {}


@dataclass(frozen=True)
class Place:
    """The index folder of the process, and the synonyms that searches use."""

    folder: Path
    synonyms: Callable[[], Synonyms] = _none


_place: Place | None = None


def connect(folder: Path, *, synonyms: Callable[[], Synonyms] | None = None) -> None:
    """Keep the index in this folder (0700: opening an index unpickles, so its files are code).

    `synonyms` is called at each search and answers {phrase: [other phrases]}, used in both directions.
    """
    global _place
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _place = Place(folder, synonyms or _none)


def here() -> Place:
    """The place of the process; RuntimeError before `connect`."""
    if _place is None:
        raise RuntimeError("no index folder is connected")
    return _place


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a file lock, which is free again when the process dies; yields False when it is taken and `wait` is off."""
    while True:
        with path.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            if _still_stands(path, handle):
                yield True
                return


def _still_stands(path: Path, handle: IO[str]) -> bool:
    """Whether a file is the one that was opened: whoever held its lock before may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle.fileno()))
    except FileNotFoundError:
        return False


def ring(folder: Path | None = None) -> None:
    """Wake the follower of the folder (this process's own), in whichever process it runs; no follower is no fault."""
    folder = folder or (_place.folder if _place else None)
    if folder is None:
        return
    with suppress(OSError):
        bell = os.open(folder / "bell", os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(bell, b"!")
        finally:
            os.close(bell)


@contextmanager
def bell(folder: Path) -> Iterator[Callable[[float], None]]:
    """Yields a function that waits until the bell rings, or so many seconds. For the follower alone."""
    path = folder / "bell"
    with suppress(FileExistsError):
        os.mkfifo(path, 0o600)
    reader = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    # not select.select, which fails where a process has a thousand files open
    poll = select.poll()
    poll.register(reader, select.POLLIN)

    def wait(seconds: float) -> None:
        if poll.poll(1_000 * seconds):
            with suppress(BlockingIOError):
                os.read(reader, 65536)

    try:
        yield wait
    finally:
        os.close(reader)
