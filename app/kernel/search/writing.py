"""Writing to a Whoosh index: segments named, merged and compiled, and the lock given back whatever happens."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from app.kernel.db import new_id
from app.kernel.search import arrays
from app.kernel.search.compiling import compile_segment

LARGEST_MERGED = 2_000
WRITER_MB = 64
AT_ONCE = 1 << 20


@contextmanager
def writing(index: FileIndex) -> Iterator[Any]:
    """A Whoosh writer that gives its lock back when the block fails, or when it cannot begin: by itself it keeps it."""
    writer = Compiling(index, limitmb=WRITER_MB, codec=Naming(), compound=False)
    try:
        yield writer
    except BaseException:
        writer.give_up()
        raise


class Naming:
    """Whoosh's codec, but that it names segments by `secrets`: two names drawn after one `random.seed()` are equal.

    Without the lengths for each block that Whoosh's own searches skip by: ours go through arrays.
    """

    length_stats = False

    def __init__(self) -> None:
        self._codec = default_codec()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codec, name)

    def new_segment(self, _storage: Any, indexname: str) -> Any:
        return W3Segment(self._codec, indexname, segid=new_id())


class Compiling(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, but that each new segment is compiled before the commit that makes it visible."""

    def __init__(self, index: FileIndex, **options: Any) -> None:
        self._searcher = None
        try:
            super().__init__(index, **options)
        except BaseException:
            with suppress(Exception):
                self.writelock.release()
            raise

    def give_up(self) -> None:
        """Close what can be closed, and give the lock back; on a full disk Whoosh's `cancel` stops half-way."""
        with suppress(Exception):
            self.cancel()
        with suppress(Exception):
            self._finish()
        with suppress(Exception):
            self.writelock.release()

    def _commit_toc(self, segments: list[Any]) -> None:
        for segment in segments:
            path = arrays_of(Path(self.storage.folder), segment)
            if not path.exists():
                reader = SegmentReader(self.storage, self.schema, segment)
                try:
                    facts, made = compile_segment(reader)
                finally:
                    reader.close()
                arrays.save(path, {**facts, "files": _checks(path.parent, segment)}, made)
        super()._commit_toc(segments)


def arrays_of(folder: Path, segment: Any) -> Path:
    """Where the compiled arrays of a Whoosh segment are kept."""
    return folder / f"{segment.segment_id()}.arrays"


def damaged_files(folder: Path, segment: Any) -> list[str]:
    """Which of a segment's files are not as they were written; the compiled arrays, which know of the others, first."""
    path = arrays_of(folder, segment)
    try:
        then = arrays.load(path)[0]["files"]
        now = _checks(folder, segment)
    except (arrays.Damaged, OSError, ValueError, KeyError):
        return [path.name]
    names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    return [f"{segment.segment_id()}{name}" for name in names]


def _checks(folder: Path, segment: Any) -> dict[str, int]:
    """The CRC-32 of each of a segment's Whoosh files, by what follows the segment's name."""
    found = {}
    for path in folder.glob(f"{segment.segment_id()}.*"):
        if path.suffix not in (".arrays", ".new"):
            with path.open("rb") as file:
                found[path.name.removeprefix(segment.segment_id())] = _check(file)
    return found


def _check(file: IO[bytes]) -> int:
    check = 0
    while part := file.read(AT_ONCE):
        check = zlib.crc32(part, check)
    return check


def merge_like_sizes(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: small segments join others of their size, so that there are about log2(n) of them.

    Segments above LARGEST_MERGED documents stay as they are until most of their documents are deleted: a commit
    of one document must not wait for thousands. Returns the segments that stay.
    """
    kept, size = [], writer.doc_count()
    for segment in sorted(segments, key=_live):
        live = _live(segment)
        if live <= min(2 * size, LARGEST_MERGED) or 2 * live < segment.doc_count_all():
            size += live
            _merge(writer, segment)
        else:
            kept.append(segment)
    return kept


def _live(segment: Any) -> int:
    return int(segment.doc_count())


def _merge(writer: Any, segment: Any) -> None:
    if not _live(segment):
        return
    reader = SegmentReader(writer.storage, writer.schema, segment)
    try:
        writer.add_reader(reader)
    finally:
        reader.close()
