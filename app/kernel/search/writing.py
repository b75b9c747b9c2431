"""Writing to a Whoosh index: segments named, merged and compiled, and the lock given back whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

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


@contextmanager
def writing(index: FileIndex) -> Iterator[Any]:
    """A Whoosh writer that gives its lock back when the block fails: by itself it keeps it."""
    writer = Compiling(index, limitmb=WRITER_MB, codec=Naming(), compound=False)
    try:
        yield writer
    except BaseException:
        with suppress(Exception):
            writer.cancel()
        with suppress(Exception):
            writer.writelock.release()
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

    def _commit_toc(self, segments: list[Any]) -> None:
        for segment in segments:
            path = arrays_of(Path(self.storage.folder), segment)
            if not path.exists():
                reader = SegmentReader(self.storage, self.schema, segment)
                try:
                    arrays.save(path, *compile_segment(reader))
                finally:
                    reader.close()
        super()._commit_toc(segments)


def arrays_of(folder: Path, segment: Any) -> Path:
    """Where the compiled arrays of a Whoosh segment are kept."""
    return folder / f"{segment.segment_id()}.arrays"


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
