"""What is known of each document beside its words: row, facets and sort numbers, as bit sets and lists in memory.

A set of documents is a Python integer with one bit for each document number, so that a filter is an `&` and a count is
`bit_count()`. Segments never change, so each is read once in a process.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Bits = int


def bits_of(numbers: Iterable[int], size: int) -> Bits:
    """The bit set of these document numbers, each below `size`."""
    octets = bytearray(size // 8 + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def numbers_of(bits: Bits) -> list[int]:
    """The document numbers in a bit set, ascending."""
    found = []
    for place, octet in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        while octet:
            low = octet & -octet
            found.append(place * 8 + low.bit_length() - 1)
            octet ^= low
    return found


@dataclass
class Facts:
    """The facts of `size` documents: lists are by document number; `facets` holds {name: {value: Bits}}."""

    size: int = 0
    rows: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    facets: dict[str, dict[str, Bits]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    sort: list[Mapping[str, int]] = field(default_factory=list)
    live: Bits = 0

    def add(self, other: "Facts", live: Bits) -> None:
        """Append a segment's facts behind these; `live` are its documents that are not deleted."""
        for name, values in other.facets.items():
            for value, bits in values.items():
                self.facets[name][value] |= bits << self.size
        self.live |= live << self.size
        self.rows += other.rows
        self.titles += other.titles
        self.sort += other.sort
        self.size += other.size

    def matching(self, filters: Mapping[str, Sequence[str]], *, but: str | None = None) -> Bits:
        """The live documents that pass all filters (`but` one): any of a facet's values, every facet."""
        passed = self.live
        for name, values in filters.items():
            if values and name != but:
                passed &= self._any(name, values)
        return passed

    def _any(self, name: str, values: Sequence[str]) -> Bits:
        known, found = self.facets.get(name, {}), 0
        for value in values:
            found |= known.get(value, 0)
        return found


def read_segment(reader: Any) -> Facts:
    """The facts of one Whoosh segment, from its column."""
    column = reader.column_reader("facts")
    found, numbers = Facts(size=reader.doc_count_all()), defaultdict[tuple[str, str], list[int]](list)
    for number in range(found.size):
        facts = json.loads(column[number])
        found.rows.append(facts["row"])
        found.titles.append(facts["title"])
        found.sort.append(facts["sort"])
        for name, values in facts["facets"].items():
            for value in values:
                numbers[name, value].append(number)
    for (name, value), which in numbers.items():
        found.facets[name][value] = bits_of(which, found.size)
    return found


class Keeper:
    """Keeps the facts of a kind's present segments, so that a commit costs the reading of what is new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._segments: dict[str, Facts] = {}
        self._whole: tuple[str, Facts] = ("", Facts())

    def facts(self, version: str, searcher: Any) -> Facts:
        """The facts of all documents that this searcher sees, by its document numbers."""
        with self._lock:
            if self._whole[0] != version:
                self._whole = (version, self._joined(searcher))
            return self._whole[1]

    def _joined(self, searcher: Any) -> Facts:
        whole, present = Facts(), {}
        for leaf, _offset in searcher.leaf_searchers():
            reader = leaf.reader()
            if not reader.doc_count_all():
                continue
            name = reader.segment().segment_id()
            present[name] = self._segments.get(name) or read_segment(reader)
            size = reader.doc_count_all()
            whole.add(present[name], bits_of(reader.all_doc_ids(), size))
        self._segments = present
        return whole
