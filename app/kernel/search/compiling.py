"""Compiling: one Whoosh segment as flat arrays, so that scoring is arithmetic and filters are masks.

A segment never changes, so it is compiled once, by whoever writes it. What depends on the whole index (document
frequency, average length) is not in it; `snapshot` applies that. For n documents, t terms and p postings:

    keys, starts         (t,) and (t + 1,) uint64, uint32: a term's hash, ascending, and where its postings begin
    postings             (p,) uint32 (or 64): a posting's document, and in the lowest bits its row in the next three
    code_field, code_weight, code_length   each different (field, frequency, field's length) among the postings
    rows, groups, titles                   (n,) bytes: row id, for whom it speaks, the key by which titles sort
    group_keys, sort:<name>                (n,) uint64, int64: the group's hash, a sort number (MISSING: none)
    facet:<name>:…                         as `facets` has them, the values known standing in the file's facts
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search.facets import compile_facet
from app.kernel.search.postings import Postings, keys_of, read_postings
from app.kernel.search.schema import COMPILED, PAIRED, PAIRS

MISSING = int(np.iinfo(np.int64).min)


def compile_segment(reader: Any) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Facts and arrays of one Whoosh SegmentReader, deleted documents included."""
    count, postings = reader.doc_count_all(), read_postings(reader)
    known, columns = _facts_of(reader, count)
    starts = np.concatenate([[0], np.cumsum(postings.sizes)]).astype(np.uint32)
    code, codes = _codes(reader, count, postings)
    bits = len(codes["code_field"]).bit_length()
    arrays: dict[str, NDArray[Any]] = {
        "keys": postings.keys,
        "starts": starts,
        "postings": _packed(postings.docs, code, count, bits),
    }
    facts: dict[str, Any] = {"count": count, "bits": bits, "lengths": _total_lengths(reader), **known}
    return facts, {**arrays, **codes, **columns}


def _total_lengths(reader: Any) -> dict[str, int]:
    """The words in each field of all documents together."""
    lengths = {field: int(reader.field_length(field)) for field in COMPILED if field != PAIRS}
    return {**lengths, PAIRS: sum(lengths[field] for field in PAIRED)}


def _packed(docs: NDArray[np.int32], code: NDArray[Any], count: int, bits: int) -> NDArray[Any]:
    """Document and code in one number: half the memory of two, and one array to read."""
    kind = np.dtype(np.uint32 if count.bit_length() + bits <= 32 else np.uint64)
    packed: NDArray[Any] = (docs.astype(kind) << kind.type(bits)) | code.astype(kind)
    return packed


def _codes(reader: Any, count: int, postings: Postings) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    """Each posting's field, frequency and field length as one small number, and what the numbers stand for."""
    lengths = _lengths(reader, count)
    field = np.repeat(postings.fields, postings.sizes)
    known_weights, weight = np.unique(postings.weights, return_inverse=True)
    known_lengths, length = np.unique(lengths, return_inverse=True)
    shape = (len(COMPILED), len(known_weights) or 1, len(known_lengths) or 1)
    packed = np.ravel_multi_index((field, weight, length.reshape(lengths.shape)[field, postings.docs]), shape)
    known, code = np.unique(packed, return_inverse=True)
    field, weight, length = np.unravel_index(known, shape)
    return code, {
        "code_field": field,
        "code_weight": known_weights[weight].astype(np.float64),
        "code_length": known_lengths[length],
    }


def _lengths(reader: Any, count: int) -> NDArray[np.float64]:
    """How many words each field of each document has, as Whoosh keeps it: rounded above 108."""
    lengths = np.zeros((len(COMPILED), count))
    for at, name in enumerate(COMPILED):
        if name != PAIRS and reader.schema[name].scorable:
            lengths[at] = [reader.doc_field_length(number, name, 0) or 0 for number in range(count)]
    lengths[COMPILED.index(PAIRS)] = sum(lengths[COMPILED.index(field)] for field in PAIRED)
    return lengths


def _facts_of(reader: Any, count: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What is known of each document beside its words, from Whoosh's column of facts."""
    column = reader.column_reader("facts")
    documents = [json.loads(column[number]) for number in range(count)]
    sorts = sorted({name for facts in documents for name in facts["sort"]})
    columns = {
        "rows": _texts(facts["row"] for facts in documents),
        "groups": _texts(facts["group"] for facts in documents),
        "titles": _texts(facts["title"] for facts in documents),
        "group_keys": keys_of(facts["group"] for facts in documents),
    }
    for name in sorts:
        numbers = [facts["sort"].get(name, MISSING) for facts in documents]
        columns[f"sort:{name}"] = np.array(numbers, np.int64)
    facets = {}
    for name in sorted({name for facts in documents for name in facts["facets"]}):
        facets[name], arrays = compile_facet(name, [facts["facets"].get(name, ()) for facts in documents])
        columns |= arrays
    return {"facets": facets, "sorts": sorts}, columns


def _texts(texts: Iterator[str]) -> NDArray[Any]:
    """Fixed-width UTF-8, whose order is that of the texts."""
    return np.array([text.encode() for text in texts], "S")
