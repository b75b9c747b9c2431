"""The speed bench: corpora built, everyone asked the same, and what came of it against what is to be reached."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from operator import methodcaller
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.bench.corpus import Corpus, Questions, Row
from app.bench.memory import memory
from app.bench.peers import PEERS, Peer
from app.bench.peers.with_clarion import Engine
from app.bench.timing import WARM_UP, Question, percentiles, taken

Report = dict[str, Any]
Say = Callable[[str], None]

SIZES = (5_000, 50_000, 200_000)
KINDS = {
    "need": "a need of 100 words",
    "need_filtered": "the same with three filters and facet counts",
    "words": "three words with facet counts",
    "more_like": "more like a document",
    "change": "one changed document until it is found",
}
QUESTIONS, REPETITIONS, CHANGES, SECONDS = 60, 5, 25, 25.0
INSTALL = "is not installed and is left out; to have it: pip install 'clarion[bench]'"
# what is to be reached: shares of tantivy's time for a need, milliseconds, bytes
MEDIAN_SHARE, P95_SHARE, CHANGE_MS, DOCUMENT_BYTES = 0.5, 1.0, 200.0, 3_000


def report(sizes: Sequence[int], say: Say) -> Report:
    """The report of one size; of several (all), each, and how much slower the engine is on the last than on the first.

    `say` is told what goes on.
    """
    reports = [measure(count, say) for count in sizes or SIZES]
    first, last = reports[0], reports[-1]
    if len(reports) == 1:
        return first
    slower = last["engines"]["engine"]["need"]["p50_ms"] / first["engines"]["engine"]["need"]["p50_ms"]
    more = last["postings_touched"] / first["postings_touched"]
    return {"sizes": reports, "growth": _target(round(slower, 4), round(more, 4))}


def measure(count: int, say: Say) -> Report:
    """Build an index of so many documents for everyone, ask, and report."""
    say(f"{count:,} documents: writing them")
    corpus = Corpus(count)
    questions, changes = corpus.questions(WARM_UP + QUESTIONS), corpus.changes(WARM_UP + CHANGES)
    with TemporaryDirectory(prefix="clarion-bench-") as folder, ExitStack() as opened:
        peers, seconds = _built(corpus.documents, Path(folder), opened, say)
        engine = Engine(Path(folder) / "engine")
        say(f"{count:,} documents: memory")
        found: Report = {
            "docs": count,
            "postings_touched": round(float(np.mean([engine.postings_touched(text) for text in questions.needs]))),
            "build_seconds": seconds,
            "memory_bytes_per_document": _memory(peers, questions, count),
            "arrays_bytes_per_document": round(engine.mapped_bytes() / count),
            "engines": _times(peers, _asked(questions, changes), f"{count:,} documents", say),
        }
    found["ratios"] = _ratios(found["engines"])
    return {**found, "targets": _targets(found)}


def _built(
    documents: Sequence[Row], folder: Path, opened: ExitStack, say: Say
) -> tuple[dict[str, Peer], dict[str, float]]:
    """Everyone who is installed and can have so many documents, opened; and the seconds that building took."""
    peers, seconds = {}, {}
    for name, load in PEERS.items():
        (folder / name).mkdir()
        try:
            peer = load(folder / name)
        except ModuleNotFoundError:
            say(f"{name} {INSTALL}")
            continue
        if peer.largest_corpus is None or len(documents) <= peer.largest_corpus:
            say(f"{len(documents):,} documents: building the index of {name}")
            start = time.perf_counter()
            peer.build(documents)
            seconds[name] = round(time.perf_counter() - start, 2)
            peer.open()
            opened.callback(peer.close)
            peers[name] = peer
    return peers, seconds


def _memory(peers: Mapping[str, Peer], questions: Questions, count: int) -> dict[str, int]:
    """What a fresh process needs for each, side by side: nothing is timed here."""
    with ThreadPoolExecutor() as pool:
        grown = pool.map(lambda name: memory(name, peers[name].folder, questions), peers)
        return {name: round(size / count) for name, size in zip(peers, grown, strict=True)}


def _asked(questions: Questions, changes: Sequence[tuple[Row, str]]) -> dict[str, list[Question]]:
    filtered = zip(questions.needs, questions.filters, strict=True)
    return {
        "need": [methodcaller("need", text) for text in questions.needs],
        "need_filtered": [methodcaller("need_filtered", text, filters) for text, filters in filtered],
        "words": [methodcaller("words", words) for words in questions.words],
        "more_like": [methodcaller("more_like", row) for row in questions.like],
        "change": [methodcaller("change", row, word) for row, word in changes],
    }


def _times(peers: Mapping[str, Peer], asked: Mapping[str, Sequence[Question]], where: str, say: Say) -> Report:
    """{engine: {kind: median and 95th percentile, or None where it has no such query}}."""
    times: Report = {name: {} for name in peers}
    for kind, questions in asked.items():
        say(f"{where}: {KINDS[kind]}")
        if kind == "change":
            found = taken(peers, questions, 1, SECONDS, time.perf_counter)
        else:
            found = taken(peers, questions, REPETITIONS, SECONDS)
        for name in peers:
            times[name][kind] = percentiles(found[name]) if name in found else None
    return times


def _ratios(engines: Report) -> Report:
    """The engine's times as shares of tantivy's."""
    ours, theirs = engines["engine"], engines.get("tantivy", {})
    return {
        kind: {at: round(ours[kind][f"{at}_ms"] / theirs[kind][f"{at}_ms"], 4) for at in ("p50", "p95")}
        for kind in KINDS
        if theirs.get(kind)
    }


def _targets(found: Report) -> Report:
    """What of the targets can be told: those of needs only where tantivy is installed."""
    targets = {
        "change_p95_ms": _target(found["engines"]["engine"]["change"]["p95_ms"], CHANGE_MS),
        "memory_bytes_per_document": _target(found["memory_bytes_per_document"]["engine"], DOCUMENT_BYTES),
    }
    for kind in ("need", "need_filtered"):
        if kind in found["ratios"]:
            targets[f"{kind}_p50_of_tantivy"] = _target(found["ratios"][kind]["p50"], MEDIAN_SHARE)
            targets[f"{kind}_p95_of_tantivy"] = _target(found["ratios"][kind]["p95"], P95_SHARE)
    return targets


def _target(value: float, limit: float) -> Report:
    return {"reached": value <= limit, "value": value, "limit": limit}
