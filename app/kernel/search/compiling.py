"""Compiling: one Whoosh segment as flat arrays, so that scoring is arithmetic and filters are masks.

A segment never changes, so it is compiled once, by whoever writes it. What depends on the whole index (document
frequency, average length) is not in it; `snapshot` applies that. For n documents, t terms and p postings:

    keys, starts, ends   (t,) uint64, int64, int64: a term's hash, ascending, and its slice of the postings
    docs, codes          (p,) int32, uint16 or uint32: a posting's document, and its row in the next three
    code_field, code_weight, code_length   each different (field, frequency, field's length) among the postings
    rows, groups, titles                   (n,) bytes: row id, whose document it is, the key by which titles sort
    group_keys, sort:<name>                (n,) uint64, int64: the group's hash, a sort number (MISSING: none)
    facet:<name>:starts, facet:<name>:docs the documents of each value, the values standing in the file's facts
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.schema import COMPILED

MISSING = int(np.iinfo(np.int64).min)


@lru_cache(maxsize=400_000)
def key_of(field: str, term: str) -> int:
    """A term of a field as a number of 64 bits: two of a million terms are one with a chance of 3 in 10^8."""
    return int.from_bytes(blake2b(f"{field}\0{term}".encode(), digest_size=8).digest(), "little")


def compile_segment(reader: Any) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Facts and arrays of one Whoosh SegmentReader, deleted documents included."""
    count = reader.doc_count_all()
    facts = {"count": count, "lengths": {field: reader.field_length(field) for field in COMPILED}}
    known, columns = _facts_of(reader, count)
    return {**facts, **known}, {**_postings_of(reader, count), **columns}


def _postings_of(reader: Any, count: int) -> dict[str, NDArray[Any]]:
    keys, sizes, fields = array("Q"), array("q"), array("b")
    docs, weights = array("i"), array("f")
    for field, term in reader.all_terms():
        if field in COMPILED:
            before = len(docs)
            for numbers, frequencies in _blocks(reader, field, term):
                docs.extend(numbers)
                weights.extend(frequencies)
            keys.append(key_of(field, term.decode("utf-8")))
            sizes.append(len(docs) - before)
            fields.append(COMPILED.index(field))
    return {**_terms(keys, sizes), **_codes(reader, count, _numbers(docs), _numbers(weights), sizes, fields)}


def _blocks(reader: Any, field: str, term: bytes) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """The postings of a term, those of deleted documents too, block by block: ten times faster than one by one."""
    matcher = reader._terms.matcher(field, term, reader.schema[field].format)
    if not hasattr(matcher, "_read_ids"):
        # Whoosh keeps a term of one document in its dictionary
        yield list(matcher.all_ids()), [matcher.weight()]
        return
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        yield matcher._ids, matcher._weights
        matcher._next_block()


def _terms(keys: "array[int]", sizes: "array[int]") -> dict[str, NDArray[Any]]:
    order = np.argsort(_numbers(keys), kind="stable")
    ends = np.cumsum(_numbers(sizes))
    found = _numbers(keys)[order]
    if len(found) and (found[1:] == found[:-1]).any():
        raise ValueError("two terms have one hash")
    return {"keys": found, "starts": (ends - _numbers(sizes))[order], "ends": ends[order]}


def _codes(
    reader: Any, count: int, docs: NDArray[Any], weights: NDArray[Any], sizes: "array[int]", fields: "array[int]"
) -> dict[str, NDArray[Any]]:
    """Each posting's field, frequency and field length as one small number."""
    lengths = np.zeros((len(COMPILED), count))
    for at, name in enumerate(COMPILED):
        if reader.schema[name].scorable:
            lengths[at] = [reader.doc_field_length(number, name, 0) or 0 for number in range(count)]
    field = np.repeat(_numbers(fields), _numbers(sizes)).astype(np.int64)
    known_weights, weight = np.unique(weights, return_inverse=True)
    known_lengths, length = np.unique(lengths, return_inverse=True)
    shape = (len(COMPILED), len(known_weights) or 1, len(known_lengths) or 1)
    packed = np.ravel_multi_index((field, weight, length.reshape(lengths.shape)[field, docs]), shape)
    known, code = np.unique(packed, return_inverse=True)
    field, weight, length = np.unravel_index(known, shape)
    small = np.uint16 if len(known) <= np.iinfo(np.uint16).max else np.uint32
    return {
        "docs": docs,
        "codes": code.astype(small),
        "code_field": field,
        "code_weight": known_weights[weight].astype(np.float64),
        "code_length": known_lengths[length],
    }


def _facts_of(reader: Any, count: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What is known of each document beside its words, from Whoosh's column of facts."""
    column = reader.column_reader("facts")
    documents = [json.loads(column[number]) for number in range(count)]
    facets: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, facts in enumerate(documents):
        for name, values in facts["facets"].items():
            for value in values:
                facets[name][value].append(number)
    sorts = sorted({name for facts in documents for name in facts["sort"]})
    columns = {
        "rows": _texts(facts["row"] for facts in documents),
        "groups": _texts(facts["group"] for facts in documents),
        "titles": _texts(facts["title"] for facts in documents),
        "group_keys": np.array([key_of("group", facts["group"]) for facts in documents], np.uint64),
    }
    for name in sorts:
        numbers = [facts["sort"].get(name, MISSING) for facts in documents]
        columns[f"sort:{name}"] = np.array(numbers, np.int64)
    for name, values in facets.items():
        columns |= _facet(name, values)
    return {"facets": {name: list(values) for name, values in facets.items()}, "sorts": sorts}, columns


def _facet(name: str, values: dict[str, list[int]]) -> dict[str, NDArray[Any]]:
    docs = [number for numbers in values.values() for number in numbers]
    starts = np.cumsum([0, *(len(numbers) for numbers in values.values())])
    return {f"facet:{name}:starts": starts, f"facet:{name}:docs": np.array(docs, np.int32)}


def _texts(texts: Iterator[str]) -> NDArray[Any]:
    """Fixed-width UTF-8, whose order is that of the texts."""
    return np.array([text.encode() for text in texts], "S")


def _numbers(given: "array[Any]") -> NDArray[Any]:
    """An array of Python's as one of NumPy's, without a copy."""
    return np.frombuffer(given, given.typecode) if len(given) else np.zeros(0, given.typecode)
