"""Opening a build, whole and at once, and telling what an error says of it."""

import errno
from contextlib import suppress
from typing import Any

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
    toc = index._read_toc()
    reader = index._reader(index.storage, toc.schema, toc.segments, toc.generation)
    searcher = Searcher(reader, fromindex=index, weighting=weighting())
    try:
        _hold_open(searcher)
    except BaseException:
        with suppress(Exception):
            searcher.close()
        raise
    return searcher


def _hold_open(searcher: Any) -> None:
    """Open the columns now: Whoosh opens them at their first use, when the next commit may have removed the files."""
    for leaf, _offset in searcher.leaf_searchers():
        reader = leaf.reader()
        if reader.doc_count_all():
            reader.stored_fields(0)
            for field in INDEXED:
                reader.doc_field_length(0, field)
