"""Four processes write, four search and one follows, all over one index: no error, no lost update, nothing doubled."""

import math
import random
import time
import traceback
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import search
from app.kernel.db import in_transaction, session, transaction
from app.kernel.search import place
from tests.kernel.search import victim
from tests.kernel.search.library import Book, book
from tests.kernel.search.looking import eventually, indexed

WRITERS = READERS = 4
FIXED = 30
SHARED = 5


def _guarded(work: Callable[..., Any], url: str, folder: Path, parent: Any, *given: Any) -> None:
    """Say that the process is there, hear until when to work, and answer what came of it, or the error."""
    try:
        victim.open_library(url, folder)
        parent.send("here")
        parent.send((work(parent.recv(), *given), ""))
    except BaseException:
        parent.send((None, traceback.format_exc()))


def _write(until: float, shared: list[str], seed: int) -> tuple[dict[str, str], dict[str, int]]:
    """Write until then; answers the last title of each book of its own, and how often it counted up each shared one."""
    rng = random.Random(seed)
    own: dict[str, str] = {}
    counted = dict.fromkeys(shared, 0)
    for number in count():
        if time.time() > until:
            return own, counted
        if rng.random() < 0.4:
            row_id = rng.choice(shared)
            in_transaction(partial(_count_up, row_id))
            counted[row_id] += 1
        else:
            row_id, title = rng.choice([*own, "", ""]), f"Own {seed} {number}"
            own[in_transaction(partial(_put, row_id, title))] = title
        time.sleep(rng.random() * 0.02)
    raise AssertionError("unreachable")


def _count_up(row_id: str) -> None:
    row = session().get_one(Book, row_id)
    word, number = row.title.split()
    row.title = f"{word} {int(number) + 1}"


def _put(row_id: str, title: str) -> str:
    if not row_id:
        return book(title, text="owned and moving " * 9, subject="moving").id
    session().get_one(Book, row_id).title = title
    return row_id


def _read(until: float, fixed: set[str]) -> int:
    """Search until then; answers how many generations it saw."""
    versions, counts = set(), dict[str, int]()
    while time.time() < until:
        _nothing_fixed_is_missing(fixed)
        shared = search.find("book", "shared", size=200)
        versions.add(shared.index_version)
        seen = {hit.row_id: int(hit.title.striptags().split()[1]) for hit in shared.hits}
        assert (shared.total, len(seen)) == (SHARED, SHARED)
        assert all(seen[row_id] >= before for row_id, before in counts.items()), "an older title came back"
        counts = seen
        everything = search.find("book", size=200)
        assert len({hit.row_id for hit in everything.hits}) == len(everything.hits) == min(200, everything.total)
        search.find("book", "konstant wrods", filters={"subject": ["moving"]}, facets=["subject", "length"])
    return len(versions)


def _nothing_fixed_is_missing(fixed: set[str]) -> None:
    """What never changes is always found, and once."""
    for words in ("constant", '"constant words"', "constant words"):
        found = search.find("book", words, facets=["subject"], size=200)
        assert (found.ready, found.total) == (True, FIXED)
        assert {hit.row_id for hit in found.hits} == fixed
    assert {each.row_id for each in search.rank("book", "constant words", limit=200)} == fixed
    assert {each.row_id for each in search.more_like("book", "constant words", limit=200)} == fixed


def _follow(_until: float, stop: Any) -> None:
    follower = search.follow()
    stop.recv()
    follower.stop()


def _storm(url: str, seconds: float) -> None:
    fixed, shared = _prepared()
    stopper, stop = victim.pipe()
    works = [(_write, shared, seed) for seed in range(WRITERS)] + [(_read, fixed)] * READERS + [(_follow, stop)]
    processes = [_started(url, *work) for work in works]
    for process in processes:
        assert process.recv() == "here"
    until = time.time() + seconds
    for process in processes:
        process.send(until)
    lags = _lags(until)
    told = [process.recv() for process in processes[:-1]]
    eventually(lambda: search.lag() == search.Lag(0, 0.0, True))
    stopper.send("stop")
    told.append(processes[-1].recv())
    assert [error for _, error in told if error] == []
    _lag_was_told(lags)
    _nothing_was_lost([answer for answer, _ in told[:WRITERS]], shared)
    assert min(generations for generations, _ in told[WRITERS:-1]) > 2


def _started(url: str, work: Any, *given: Any) -> Any:
    ours, theirs = victim.pipe()
    victim.started(_guarded, work, url, place.here().folder, theirs, *given)
    return ours


def _prepared() -> tuple[set[str], list[str]]:
    with transaction():
        fixed = {book(f"Fixed {number}", text="constant words", days=number).id for number in range(FIXED)}
        shared = [book(f"Shared{number} 0", text="shared").id for number in range(SHARED)]
    search.catch_up()
    return fixed, shared


def _lags(until: float) -> list[search.Lag]:
    found = []
    while time.time() < until:
        found.append(search.lag())
        time.sleep(0.02)
    return found


def _lag_was_told(lags: list[search.Lag]) -> None:
    """At every moment, and not only that there is none."""
    assert all(lag.ready and math.isfinite(lag.seconds) and lag.seconds >= 0 for lag in lags)
    assert max(lag.changes for lag in lags) > 0


def _nothing_was_lost(writers: list[tuple[dict[str, str], dict[str, int]]], shared: list[str]) -> None:
    with transaction():
        titles = {row.id: row.title for row in session().execute(select(Book.id, Book.title))}
    for own, _ in writers:
        assert own
        assert own.items() <= titles.items()
    counts = {row_id: sum(counted[row_id] for _, counted in writers) for row_id in shared}
    assert {row_id: int(titles[row_id].split()[1]) for row_id in shared} == counts
    assert sum(counts.values()) > 0
    assert indexed() == sorted(titles.items())
    assert [found.faults for found in search.verify()] == [[], []]


@pytest.mark.usefixtures("library")
def test_a_storm_of_three_seconds(database_url: str) -> None:
    _storm(database_url, 3)


@pytest.mark.slow
@pytest.mark.usefixtures("library")
def test_a_storm_of_thirty_seconds(database_url: str) -> None:
    _storm(database_url, 30)
