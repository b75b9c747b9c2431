"""Verifying: whether an index says what the database says, and its compiled arrays what Whoosh's own postings say.

Under the lock of commits an index is brought up to date with one snapshot of the database, and its generation pinned.
That generation is then compared with that snapshot, while commits and searches go on.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session
from whoosh.index import FileIndex

from app.kernel import db
from app.kernel.search import arrays, documents
from app.kernel.search.compiling import compile_segment
from app.kernel.search.documents import Searchable
from app.kernel.search.following import apply_due, layouts, shelf_of, usable
from app.kernel.search.postings import key_of
from app.kernel.search.schema import SCHEMA
from app.kernel.search.shelf import Shelf
from app.kernel.search.writing import arrays_of, damaged_files

MASK = (1 << 64) - 1


@dataclass
class Verified:
    """One kind: how many live documents and segments its index has, and what is wrong, each fault a sentence."""

    kind: str
    documents: int = 0
    segments: int = 0
    faults: list[str] = field(default_factory=list)


def verify() -> Iterator[Verified]:
    """Bring each index up to date, then compare it with the database. Call it outside any transaction.

    Each row that may be searched must have one document, of the words, positions, filters, sort keys and stored
    content that the database gives; and each segment's arrays must equal those compiled anew.
    """
    for kind in documents.kinds():
        yield _verified(documents.searchable(kind))


def _verified(searchable: Searchable) -> Verified:
    shelf, found = shelf_of(searchable.kind), Verified(searchable.kind)
    with ExitStack() as lock:
        lock.enter_context(shelf.committing())
        with db.reading() as session:
            why = _brought_up_to_date(session, shelf, searchable)
            if why:
                found.faults.append(why)
                return found
            with shelf.pinned() as index:
                lock.close()
                _look_through(found, index, session, searchable)
            return found


def _brought_up_to_date(session: Session, shelf: Shelf, searchable: Searchable) -> str:
    """What stands in the way of following this index, "" for nothing."""
    note = shelf.note()
    if note is None:
        return "There is no index that can be read."
    if shelf.is_reported():
        return "A search found the index damaged."
    if not usable(session, searchable, note):
        return "The index was made from another database, or by another version of Clarion."
    if apply_due(session, shelf, searchable, note) is None:
        return "The index is damaged: nothing can be added to it."
    return ""


def _look_through(found: Verified, index: FileIndex, session: Session, searchable: Searchable) -> None:
    """Files, then arrays, then documents; what comes after a damaged file would be nonsense."""
    folder, segments = Path(index.storage.folder), index._segments()
    found.documents, found.segments = sum(each.doc_count() for each in segments), len(segments)
    damaged = [name for each in segments for name in damaged_files(folder, each)]
    found.faults += [f"The file {name} is not as it was written." for name in damaged]
    if not damaged:
        with index.reader() as reader:
            leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.segment() is not None]
            found.faults.extend(fault for leaf in leaves for fault in _faults_of_arrays(folder, leaf))
            found.faults.extend(_faults_of_documents(session, searchable, [Segment(leaf) for leaf in leaves]))


def _faults_of_arrays(folder: Path, reader: Any) -> Iterator[str]:
    then, now = arrays.load(arrays_of(folder, reader.segment())), compile_segment(reader)
    # as JSON gives it back
    facts = json.loads(json.dumps(now[0]))
    names = sorted([*_differing(facts, then[0]), *_differing(now[1], then[1])])
    if names:
        yield f"The arrays of {reader.segment().segment_id()} are not what its postings say: {', '.join(names)}."


def _differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """The names of what is not the same in both; the checks of the files have no counterpart."""
    names = (now.keys() | then.keys()) - {"files"}
    return [name for name in names if name not in now or name not in then or not _same(now[name], then[name])]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)


def _faults_of_documents(session: Session, searchable: Searchable, segments: list["Segment"]) -> Iterator[str]:
    held: dict[str, list[tuple[Segment, int]]] = {}
    for segment in segments:
        for row_id, number in segment.rows():
            held.setdefault(row_id, []).append((segment, number))
    rows = session.scalars(select(searchable.model.id).order_by(searchable.model.id)).all()
    for layout in layouts(session, searchable, rows):
        yield from _faults_of_row(layout, held.pop(layout["key"], []))
    yield from (f"{row_id} is in the index, and should not be." for row_id in held)


def _faults_of_row(layout: Mapping[str, Any], found: list[tuple["Segment", int]]) -> Iterator[str]:
    if not found:
        yield f"{layout['key']} is not in the index."
    elif len(found) > 1:
        yield f"{layout['key']} is in the index {len(found)} times."
    elif names := found[0][0].differing(found[0][1], layout):
        yield f"{layout['key']} is in the index with other {' and '.join(names)} than the database gives."


class Segment:
    """The live documents of one segment, as Whoosh has them: nothing is taken from the arrays."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._facts = reader.column_reader("facts")
        self._marks = _marks(reader)

    def rows(self) -> Iterator[tuple[str, int]]:
        """The row id and the number of each document."""
        for number in self._reader.all_doc_ids():
            yield json.loads(self._facts[number])["row"], number

    def differing(self, number: int, layout: Mapping[str, Any]) -> list[str]:
        """In what a document is not as this layout has it."""
        same = {
            "words": self._marks[number] == _mark_of(layout),
            "filters": _plain(self._facts[number]) == _plain(layout["facts"]),
            "content": self._reader.stored_fields(number).get("content") == layout["content"],
        }
        return [name for name, is_same in same.items() if not is_same]


def _marks(reader: Any) -> list[int]:
    """For each document the sum of the marks of its postings, modulo 2^64: equal sums are equal postings."""
    marks = [0] * reader.doc_count_all()
    for name, term in reader.all_terms():
        matcher = reader.postings(name, term)
        while matcher.is_active():
            number = matcher.id()
            marks[number] = marks[number] + _mark(name, term, matcher.weight(), matcher.value()) & MASK
            matcher.next()
    return marks


def _mark_of(layout: Mapping[str, Any]) -> int:
    """The same sum for this layout, as Whoosh's writer would index it."""
    fields = ((name, SCHEMA[name], value) for name, value in layout.items())
    items = ((name, item) for name, kind, value in fields if kind.indexed for item in kind.index(value))
    return sum(_mark(name, term, weight, value) for name, (term, _, weight, value) in items) & MASK


def _mark(name: str, term: bytes, weight: float, value: bytes | None) -> int:
    """A posting as a number of 64 bits: the term, its frequency, and its positions as Whoosh writes them."""
    return key_of(f"{name} {term.decode()}") * (1 + crc32(value or b"") + (int(weight) << 32)) & MASK


def _plain(facts: bytes) -> dict[str, Any]:
    """Facts without the order of a facet's values, which means nothing."""
    found: dict[str, Any] = json.loads(facts)
    return {**found, "facets": {name: sorted(values) for name, values in found["facets"].items()}}
