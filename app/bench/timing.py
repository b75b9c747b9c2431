"""Measuring: engines in turn, a dozen questions at a time, so that the machine's noise meets all alike.

A dozen, because an engine that is asked one question between those of others finds nothing of its own in the
processor's caches, and no server is shared like that.

Queries are measured in processor time, of all threads: on a machine that does nothing else it is what the clock on the
wall says, and on one that does, other programs are not counted. Changes wait for disks, and take the wall's time.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median

import numpy as np

from app.bench.peers import Page, Peer, Unable

Question = Callable[[Peer], Page | list[str]]
Clock = Callable[[], float]

# questions that are asked before any is timed, and of one engine before it is another's turn
WARM_UP, TOGETHER = 5, 60


def taken(
    peers: Mapping[str, Peer],
    questions: Sequence[Question],
    repetitions: int,
    seconds: float,
    clock: Clock = time.process_time,
) -> dict[str, list[list[float]]]:
    """The milliseconds that those who have such a query took, for each question all its repetitions.

    The first questions only warm up. Whoever has taken more than `seconds` in all is asked no more, so that slow ones
    answer the first questions alone. RuntimeError when somebody finds nothing.
    """
    asked = questions[WARM_UP:]
    times = {
        name: [list[float]() for _ in asked] for name, peer in peers.items() if _can(peer, questions[:WARM_UP], clock)
    }
    spent = dict.fromkeys(times, 0.0)
    with quiet():
        for turn, first in enumerate([*range(0, len(asked), TOGETHER)] * repetitions):
            for name in _rotated(list(times), turn):
                for at, question in enumerate(asked[first : first + TOGETHER], first):
                    if spent[name] < 1_000 * seconds:
                        times[name][at].append(_timed(peers[name], question, clock))
                        spent[name] += times[name][at][-1]
    return {name: [each for each in told if each] for name, told in times.items()}


def _can(peer: Peer, questions: Sequence[Question], clock: Clock) -> bool:
    try:
        for question in questions:
            _timed(peer, question, clock)
    except Unable:
        return False
    return True


def _rotated(names: list[str], turn: int) -> list[str]:
    at = turn % len(names) if names else 0
    return names[at:] + names[:at]


def _timed(peer: Peer, question: Question, clock: Clock) -> float:
    start = clock()
    found = question(peer)
    taken = 1_000 * (clock() - start)
    if not (found.rows if isinstance(found, Page) else found):
        raise RuntimeError(f"{type(peer).__name__} found nothing for {question}")
    return taken


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the garbage collector from walking the corpus, which no server holds in memory; what is new it collects."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def percentiles(times: Sequence[Sequence[float]]) -> dict[str, float]:
    """Median and 95th percentile of the questions: of the median of each one's repetitions, and of its first time.

    The machine's noise is in few repetitions; what is remembered from one time to the next is not in the first.
    """
    p50, p95 = np.percentile([median(each) for each in times], [50, 95]).tolist()
    first_p50, first_p95 = np.percentile([each[0] for each in times], [50, 95]).tolist()
    told = {"p50_ms": p50, "p95_ms": p95, "first_p50_ms": first_p50, "first_p95_ms": first_p95}
    return {name: round(value, 4) for name, value in told.items()} | {"questions": len(times)}
