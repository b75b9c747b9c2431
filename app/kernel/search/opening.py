"""Opening a build, whole and at once, and telling what an error says of it."""

import errno
from contextlib import suppress
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from app.kernel.search.schema import INDEXED, weighting

# What the machine lacks, and not the index: to build it anew would not help.
LACKS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def is_lack(error: BaseException) -> bool:
    """Whether an error says that the machine lacks room or open files; else the index may be damaged."""
    return isinstance(error, OSError) and error.errno in LACKS


def opened(index: FileIndex) -> Any:
    """A new Searcher with every file open; tries once, where Whoosh would wait half a second for a missing one."""
    toc, storage = index._read_toc(), Remembering(index.storage.folder)
    try:
        reader = index._reader(storage, toc.schema, toc.segments, toc.generation)
        searcher = Searcher(reader, fromindex=index, weighting=weighting())
        _hold_open(searcher)
    except BaseException:
        storage.close_files()
        raise
    return searcher


class Remembering(FileStorage):  # type: ignore[misc]
    """Knows each file that was opened: Whoosh forgets those of a reader that it could not open whole."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._files: list[Any] = []

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """As FileStorage does; the file may be closed by `close_files` too."""
        self._files.append(super().open_file(name, **kwargs))
        return self._files[-1]

    def close_files(self) -> None:
        """Close all that is still open."""
        for each in self._files:
            # such as one that is closed already
            with suppress(Exception):
                each.close()


def _hold_open(searcher: Any) -> None:
    """Open the columns now: Whoosh opens them at their first use, when the next commit may have removed the files."""
    for leaf, _offset in searcher.leaf_searchers():
        reader = leaf.reader()
        if reader.doc_count_all():
            reader.stored_fields(0)
            for field in INDEXED:
                reader.doc_field_length(0, field)
