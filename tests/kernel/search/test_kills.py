"""A process killed at any moment, in the middle of commits and rebuilds, loses nothing and leaves nothing behind."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from app.kernel import search
from app.kernel.db import Database, session, transaction
from app.kernel.search import place
from app.kernel.search.following import shelf_of
from tests.kernel.search import victim
from tests.kernel.search.library import Book
from tests.kernel.search.looking import build_folder, indexed, kind_folder


def _killed(url: str, told: Path, seed: int) -> None:
    """Run a victim for a random while after its first commit, and kill it."""
    before = told.stat().st_size
    process = victim.started(victim.live, url, place.here().folder, told, seed)
    deadline = time.monotonic() + 60
    while told.stat().st_size == before:
        assert process.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(random.Random(seed).uniform(0, 0.4))
    process.kill()
    process.join()
    process.close()


def _kill_again_and_again(url: str, told: Path, times: int) -> Counter[str]:
    """After each kill the index opens, and nobody finds it broken. Answers what was left lying about, how often."""
    told.touch()
    search.catch_up()
    left: Counter[str] = Counter()
    for seed in range(times):
        _killed(url, told, seed)
        left.update(_scraps())
        assert search.find("book", "posted", facets=["subject"]).ready
        assert not shelf_of("book").is_reported()
    search.catch_up()
    shelf_of("book").sweep()
    _nothing_is_lost(told)
    assert [found.faults for found in search.verify()] == [[], []]
    _nothing_is_left_behind()
    return left


def _nothing_is_lost(told: Path) -> None:
    with transaction():
        titles = {row.id: row.title for row in session().execute(select(Book.id, Book.title))}
    acknowledged = dict(line.split(" ", 1) for line in told.read_text().splitlines())
    assert acknowledged
    assert {row_id for row_id, title in acknowledged.items() if titles.get(row_id, "") < title} == set()
    assert indexed() == sorted(titles.items())


def _scraps() -> set[str]:
    """In the middle of what the process was killed, as far as the files tell."""
    build = build_folder()
    whole, compiled = ({path.stem for path in build.glob(pattern)} for pattern in ("*.trm", "*.arrays"))
    found = {
        "building": any(kind_folder().glob("*.building")),
        "writing": any(build.glob("MAIN.tmp/*")),
        "compiling": bool(whole - compiled),
        "tidying": len(list(build.glob("mark-*"))) > 1,
    }
    return {name for name, is_left in found.items() if is_left} or {"nothing"}


def _nothing_is_left_behind() -> None:
    build = build_folder()
    assert {path.name for path in kind_folder().iterdir()} == {build.name, "current", "commit.lock"}
    opened = shelf_of("book").searcher()
    assert opened is not None
    version, searcher = opened
    with searcher:
        segments = {leaf.reader().segment().segment_id() for leaf, _ in searcher.leaf_searchers()}
    generation = version.partition(".")[2]
    files = {path.name for path in build.iterdir()}
    of_segments = {name for name in files if name.split(".")[0] in segments}
    assert files - of_segments == {f"_MAIN_{generation}.toc", f"mark-{generation}", "MAIN_WRITELOCK"}
    assert {name for name in of_segments if name.endswith(".arrays")} == {f"{name}.arrays" for name in segments}
    assert not [name for name in of_segments if name.endswith((".new", ".tmp"))]


@pytest.mark.usefixtures("library")
def test_five_kills(database_url: str, tmp_path: Path) -> None:
    _kill_again_and_again(database_url, tmp_path / "told", 5)


@pytest.mark.slow
def test_two_hundred_kills(library: Database, database_url: str, tmp_path: Path) -> None:
    """On PostgreSQL sixty: each takes a second there, and what is killed is the same."""
    left = _kill_again_and_again(database_url, tmp_path / "told", 200 if library.is_sqlite else 60)
    assert min(left[moment] for moment in ("building", "writing", "compiling", "tidying")) > 0, left
