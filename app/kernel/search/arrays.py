"""Named arrays in one file that every process maps into memory, read-only and shared.

    8 bytes   CLARION1
    8 bytes   the length of the head; 8 bytes the CRC-32 of that length and of all that follows
    the head  JSON: facts, and for each array its dtype, shape and place
    arrays    each on a boundary of 64 bytes

A file is written beside its place and renamed, so it is whole or not there; what a disk garbled the checksum tells.
"""

import json
import mmap
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

MAGIC = b"CLARION1"
START = struct.Struct("<8sQQ")
STEP = 64


class Damaged(Exception):
    """The file is not what was written."""


def places_of(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of several slices of an array, one slice after the other."""
    places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    places += np.arange(len(places))
    return places


def save(path: Path, facts: Mapping[str, Any], arrays: Arrays) -> None:
    """Write facts (anything JSON holds) and arrays; whoever opens `path` sees the old file or the new, whole."""
    places: dict[str, Any] = {}
    blocks: list[bytes] = []
    size = 0
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array)
        places[name] = [flat.dtype.str, list(flat.shape), size]
        block = flat.tobytes()
        blocks.append(block + bytes(-len(block) % STEP))
        size += len(blocks[-1])
    head = json.dumps({"facts": facts, "arrays": places}, separators=(",", ":")).encode()
    head += b" " * (-(START.size + len(head)) % STEP)
    start = START.pack(MAGIC, len(head), _check(len(head), [head, *blocks]))
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.writelines([start, head, *blocks])
    fresh.replace(path)


def _check(length: int, parts: Iterable[Any]) -> int:
    check = zlib.crc32(length.to_bytes(8, "little"))
    for part in parts:
        check = zlib.crc32(part, check)
    return check


def load(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The facts and the arrays, mapped: they cost memory once for all processes. Raises Damaged, or OSError."""
    with path.open("rb") as file:
        start = file.read(START.size)
        if len(start) < START.size or start[:8] != MAGIC:
            raise Damaged(f"{path.name} does not begin as it should")
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _, length, check = START.unpack(start)
    if _check(length, [memoryview(whole)[START.size :]]) != check:
        raise Damaged(f"{path.name} is not as it was written")
    body = START.size + length
    head = json.loads(whole[START.size : body])
    return head["facts"], {name: _array(whole, body, *where) for name, where in head["arrays"].items()}


def _array(whole: mmap.mmap, body: int, dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    count = int(np.prod(shape))
    if count == 0 or kind.itemsize == 0:
        return np.zeros(shape, kind)
    return np.frombuffer(whole, kind, count, body + at).reshape(shape)
