"""Searchers for readers: one for each reader at a time, always of the newest generation.

A Whoosh searcher that two threads share gives silently wrong results, and its `refresh()` keeps deleted documents: so
a searcher is lent to one reader, and thrown away when the index has moved on.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kernel.search import arrays, place
from app.kernel.search.lexicon import Lexicon
from app.kernel.search.opening import is_lack
from app.kernel.search.shelf import Broken, Shelf
from app.kernel.search.snapshot import Segment, Snapshot
from app.kernel.search.writing import arrays_of, damaged_files

log = logging.getLogger(__name__)

SETTLED_NS = 2_000_000_000


@dataclass(frozen=True)
class Reading:
    """One generation of one kind's index, for the use of one thread; its snapshot is all threads'."""

    searcher: Any
    snapshot: Snapshot
    lexicon: Lexicon

    @property
    def version(self) -> str:
        return self.snapshot.version


class Pool:
    """The idle readings of one kind's index."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._idle: list[Reading] = []
        self._lock = threading.Lock()
        self._seen: tuple[tuple[int, int], str | None] = ((0, 0), None)
        self._keeper = Keeper(shelf.folder)

    @contextmanager
    def reading(self) -> Iterator[Reading | None]:
        """Lend a reading of the newest generation; None while there is no index that can be read.

        Raises Broken when the block failed because a file is damaged: that is told, and the index built anew.
        """
        lent = self._take(self._version())
        try:
            yield lent
        except Exception as error:
            if lent is None or not self._is_damaged(lent):
                raise
            self._report(error, lent.version)
            lent.searcher.close()
            raise Broken(str(error)) from error
        finally:
            if lent:
                self._give_back(lent)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for each in idle:
            each.searcher.close()

    def _version(self) -> str | None:
        """The newest generation, read anew only when a folder has changed: every query asks.

        A change within the file system's own tick (up to 2 s) of the last would leave the time as it was, so what
        changed just now is read again.
        """
        stamps, version = self._seen
        if version is None or self.shelf.stamps(version) != stamps or time.time_ns() - max(stamps) < SETTLED_NS:
            stamps = self.shelf.stamps(self.shelf.version())
            # read after the stamps: a commit between the two is seen at the next look
            version = self.shelf.version()
            self._seen = stamps, version
        return version

    def _take(self, version: str | None) -> Reading | None:
        with self._lock:
            stale = [idle for idle in self._idle if idle.version != version]
            self._idle = [idle for idle in self._idle if idle.version == version]
            lent = self._idle.pop() if self._idle else None
        for each in stale:
            each.searcher.close()
        if lent or self.shelf.is_reported():
            return lent
        try:
            return self._open()
        except Broken as error:
            self._report(error, version)
        except OSError:
            # such as too many open files: the index is not at fault
            log.exception("the search index of %s cannot be opened now", self.shelf.kind)
        return None

    def _report(self, error: Exception, version: str | None) -> None:
        log.error("the search index of %s cannot be read", self.shelf.kind, exc_info=error)
        self.shelf.report_broken(version)
        place.ring()

    def _open(self) -> Reading | None:
        opened = self.shelf.searcher()
        if opened is None:
            return None
        version, searcher = opened
        try:
            return Reading(searcher, *self._keeper.snapshot(version, searcher))
        except Exception as error:
            searcher.close()
            if is_lack(error):
                raise
            if self.shelf.version() != version:
                return self._open()
            raise Broken(str(error)) from error

    def _is_damaged(self, lent: Reading) -> bool:
        """Whether its files are at fault when a search failed; those of a version that has gone by are no matter."""
        build = self.shelf.folder / lent.version.partition(".")[0]
        segments = [leaf.reader().segment() for leaf, _offset in lent.searcher.leaf_searchers()]
        found = any(damaged_files(build, each) for each in segments if each is not None and each.doc_count_all())
        return found and self.shelf.version() == lent.version

    def _give_back(self, lent: Reading) -> None:
        with self._lock:
            if not lent.searcher.is_closed:
                self._idle.append(lent)


class Keeper:
    """Keeps the mapped arrays of a kind's present segments, so that a commit costs the mapping of what is new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._mapped: dict[Path, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._whole: tuple[Snapshot, Lexicon] | None = None

    def snapshot(self, version: str, searcher: Any) -> tuple[Snapshot, Lexicon]:
        """All documents that this searcher sees, by its document numbers, and what is known of its words."""
        with self._lock:
            if self._whole is None or self._whole[0].version != version:
                whole = Snapshot(version, self._segments(self._folder / version.partition(".")[0], searcher))
                self._whole = whole, Lexicon(whole)
            return self._whole

    def _segments(self, build: Path, searcher: Any) -> list[Segment]:
        whoosh = [leaf.reader().segment() for leaf, _offset in searcher.leaf_searchers()]
        paths = [(arrays_of(build, each), each) for each in whoosh if each is not None and each.doc_count_all()]
        self._mapped = {path: self._mapped.get(path) or arrays.load(path) for path, _ in paths}
        return [Segment(*self._mapped[path], each.deleted_docs()) for path, each in paths]


_pools: dict[tuple[Path, str], Pool] = {}


def _forget() -> None:
    """After a fork: the parent's open files are not ours to read from."""
    _pools.clear()


os.register_at_fork(after_in_child=_forget)


def reading(kind: str) -> Any:
    """`with reading(kind) as reading:` a Reading of the newest generation, or None while there is no index."""
    folder = place.here().folder
    key = (folder, kind)
    pool = _pools.get(key)
    if pool is None:
        for other in [each for each in _pools if each[0] != folder]:
            # the process keeps its index elsewhere now
            _pools.pop(other).close()
        pool = _pools.setdefault(key, Pool(Shelf(folder, kind)))
    return pool.reading()
