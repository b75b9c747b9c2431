"""The index files of one kind: builds, commits with their marks, and what a crash may leave.

    <folder>/<kind>/current              the name of the build in use, replaced by a rename
    <folder>/<kind>/commit.lock          held by whoever commits, or swaps builds
    <folder>/<kind>/broken               the name of a build that a reader could not read
    <folder>/<kind>/<build>.building     held by whoever makes that build
    <folder>/<kind>/<build>/             one Whoosh index, its compiled arrays beside each segment
    <folder>/<kind>/<build>/mark-<n>     how far generation n has come

A mark is written before its generation and counts only once Whoosh has renamed that generation's table of contents
into place, so both come to be in one step. Whoosh does not sync to disk: after a power cut the files may be
unreadable, and are then built anew from the database.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, create_in, open_dir

from app.kernel.db import new_id
from app.kernel.search.changes import Mark
from app.kernel.search.opening import is_lack, opened
from app.kernel.search.place import locked
from app.kernel.search.schema import LAYOUT, SCHEMA
from app.kernel.search.writing import merge_like_sizes, writing

NAME = "MAIN"
LOOKS = 20


@dataclass(frozen=True)
class Note:
    """What is written beside a generation: how far it has come, and what made it."""

    mark: Mark
    recipe: str
    layout: int = LAYOUT


class Broken(Exception):
    """The index files cannot be read, though they are there."""


class Shelf:
    """One kind's index on disk. Any thread or process may hold one: it keeps nothing open."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.kind = kind
        self.folder = folder / kind

    def version(self) -> str | None:
        """`<build>.<generation>`, or None while there is no index."""
        present = self._present()
        return f"{present[0]}.{present[1]}" if present else None

    def stamps(self, version: str | None) -> tuple[int, int]:
        """When the folder, and the build of this version, last got or lost a file, in nanoseconds; 0 for none."""
        build = (version or "").partition(".")[0]
        return _stamp(str(self.folder)), _stamp(f"{self.folder}/{build}") if build else 0

    def note(self) -> Note | None:
        """What is written beside the present generation; None when it is missing or cannot be read."""
        failed = None
        for _look in range(LOOKS):
            present = self._present()
            if present is None or present == failed:
                return None
            with suppress(OSError, ValueError, KeyError, TypeError):
                return self._read_note(*present)
            # a commit may have taken it away meanwhile
            failed = present
        return None

    def searcher(self) -> tuple[str, Any] | None:
        """(version, a new Whoosh Searcher), or None when there is none to be had; raises Broken if it will not open.

        Raises OSError when the machine lacks something, such as room or open files.
        """
        failed = None
        for _look in range(LOOKS):
            version = self.version()
            if version is None:
                return None
            try:
                searcher = opened(self._index())
            except Exception as error:
                if is_lack(error):
                    raise
                if version == failed:
                    raise Broken(str(error)) from error
                # a commit may have taken its files away meanwhile
                failed = version
            else:
                if self.version() == version:
                    return version, searcher
                searcher.close()
            time.sleep(0.01)
        return None

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Only one at a time may commit, or swap builds. Open the database's snapshot inside, never before."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.folder / "commit.lock"):
            yield

    def apply(self, changed: Iterable[str], layouts: Iterable[dict[str, Any]], note: Note) -> None:
        """Replace the documents of these rows by the laid-out ones, and the mark, in one commit."""
        folder = self._folder()
        try:
            with writing(self._index()) as writer:
                for row_id in changed:
                    writer.delete_by_term("key", row_id)
                self._commit(folder, writer, layouts, note)
        finally:
            # the old generation's files, or those of a commit that failed
            self._tidy(folder, self._generation(folder.name))

    def advance(self, note: Note) -> None:
        """Move the mark alone: nothing of this kind has changed between the two."""
        folder = self._folder()
        self._write_note(folder, self._generation(folder.name), note)

    def build(self, layouts: Iterable[dict[str, Any]], note: Note) -> None:
        """Make a new index beside the one in use, then swap it in. Searches go on from the old one meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self.folder / new_id()
        with locked(folder.with_suffix(".building")), self._removed_on_failure(folder):
            folder.mkdir(mode=0o700)
            with writing(create_in(str(folder), SCHEMA, NAME)) as writer:
                self._commit(folder, writer, layouts, note)
            with self.committing():
                _replace(self.folder / "current", folder.name)
        self.sweep()

    @contextmanager
    def _removed_on_failure(self, folder: Path) -> Iterator[None]:
        """Each attempt on a full disk would else leave another half of a build."""
        try:
            yield
        except BaseException:
            if self._build() != folder.name:
                shutil.rmtree(folder, ignore_errors=True)
                folder.with_suffix(".building").unlink(missing_ok=True)
            raise

    @contextmanager
    def pinned(self) -> Iterator[FileIndex]:
        """The present generation under names that no commit takes away; enter it while nobody else may commit.

        It counts as a build in the making, so that what a killed process leaves of it is swept.
        """
        present, folder = self._folder(), self.folder / new_id()
        with locked(folder.with_suffix(".building")):
            try:
                folder.mkdir(mode=0o700)
                for path in present.iterdir():
                    _link(path, folder / path.name)
                yield open_dir(str(folder), NAME, schema=SCHEMA)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                folder.with_suffix(".building").unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed processes left: builds neither in use nor in the making, and scraps in the one in use."""
        made = {folder.with_suffix(".building") for folder in self.folder.glob("*/")}
        for maker in made | set(self.folder.glob("*.building")):
            folder = maker.with_suffix("")
            with locked(maker, wait=False) as abandoned:
                if abandoned and folder.name != self._build():
                    shutil.rmtree(folder, ignore_errors=True)
                if abandoned:
                    maker.unlink(missing_ok=True)
        with self.committing():
            (self.folder / "current.new").unlink(missing_ok=True)
            if not self.is_reported():
                (self.folder / "broken").unlink(missing_ok=True)
            build = self._build()
            if build:
                self._tidy(self.folder / build, self._generation(build))

    def report_broken(self, version: str | None = None) -> None:
        """Tell the follower, and other readers, that this version (the present one) cannot be read.

        It must be built anew. A build that was made meanwhile is not meant.
        """
        build = version.partition(".")[0] if version else self._build()
        if build:
            with suppress(OSError):
                (self.folder / "broken").write_text(build)

    def is_reported(self) -> bool:
        """Whether a reader has found the build in use broken."""
        with suppress(OSError, ValueError):
            return (self.folder / "broken").read_text() == self._build()
        return False

    def _present(self) -> tuple[str, int] | None:
        """The build in use and its generation; a build may be swapped, and a generation replaced, while we look."""
        for _look in range(LOOKS):
            build = self._build()
            if build is None:
                return None
            generation = self._generation(build)
            if generation >= 0:
                return build, generation
            # a listing that is read while files come and go may miss both the old and the new
            time.sleep(0.001)
        return None

    def _build(self) -> str | None:
        with suppress(OSError, ValueError):
            name = (self.folder / "current").read_text()
            return name if name.isalnum() else None
        return None

    def _folder(self) -> Path:
        build = self._build()
        if not build or not (self.folder / build).is_dir():
            raise Broken("there is no index")
        return self.folder / build

    def _generation(self, build: str) -> int:
        pattern, newest = TOC._pattern(NAME), -1
        with suppress(OSError):
            for each in (self.folder / build).iterdir():
                found = pattern.match(each.name)
                newest = max(newest, int(found.group(1))) if found else newest
        return newest

    def _index(self) -> FileIndex:
        return open_dir(str(self._folder()), NAME, schema=SCHEMA)

    def documents(self) -> int:
        """How many documents the index holds; 0 while there is none. Raises Broken."""
        found = self.searcher()
        if found is None:
            return 0
        with found[1] as searcher:
            return int(searcher.doc_count())

    def _commit(self, folder: Path, writer: Any, layouts: Iterable[dict[str, Any]], note: Note) -> None:
        for layout in layouts:
            writer.add_document(**layout)
        self._write_note(folder, writer.generation, note)
        writer.commit(mergetype=merge_like_sizes)

    def _read_note(self, build: str, generation: int) -> Note:
        found = json.loads((self.folder / build / f"mark-{generation}").read_text())
        return Note(Mark(int(found["boundary"]), str(found["line"])), str(found["recipe"]), int(found["layout"]))

    def _write_note(self, folder: Path, generation: int, note: Note) -> None:
        mark = note.mark
        text = {"boundary": mark.boundary, "line": mark.line, "recipe": note.recipe, "layout": note.layout}
        _replace(folder / f"mark-{generation}", json.dumps(text))

    def _tidy(self, folder: Path, generation: int) -> None:
        """Remove all files of the build but those of this generation."""
        try:
            segments = tuple(f"{each.segment_id()}." for each in TOC.read(FileStorage(str(folder)), NAME).segments)
        except Exception:
            # It cannot be read: whoever opens it will say so, and it will be built anew.
            return
        shutil.rmtree(folder / f"{NAME}.tmp", ignore_errors=True)
        wanted = {f"mark-{generation}", f"_{NAME}_{generation}.toc", f"{NAME}_WRITELOCK"}
        for each in folder.iterdir():
            if each.name not in wanted and not (each.name.startswith(segments) and each.suffix != ".new"):
                each.unlink(missing_ok=True)


def _stamp(folder: str) -> int:
    """Every query asks, and to join a Path takes longer than to ask the disk."""
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text)
    fresh.replace(path)


def _link(path: Path, other: Path) -> None:
    """The same file under another name; a copy where the disk has no hard links."""
    try:
        other.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, other)
