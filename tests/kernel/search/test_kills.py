"""A process killed at any moment, in the middle of commits and rebuilds, loses nothing and leaves nothing behind."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.kernel import search
from app.kernel.db import session, transaction
from app.kernel.search import place
from app.kernel.search.following import shelf_of
from tests.kernel.search.library import Book

ROOT = Path(__file__).parents[3]


def _killed(url: str, seed: int) -> set[str]:
    """Run a victim for a random while, kill it, and return the ids that it said were committed."""
    command = [sys.executable, "-m", "tests.kernel.search.victim", url, str(place.here().folder), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        first = victim.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.05, 0.7))
        victim.kill()
        return {line.strip() for line in [first, *victim.stdout.readlines()] if len(line) == 13}


def _kill_again_and_again(url: str, times: int) -> None:
    acknowledged: set[str] = set()
    for seed in range(times):
        acknowledged |= _killed(url, seed)
        if seed % 2:
            search.find("book", "posted")
    search.catch_up()
    shelf_of("book").sweep()
    with transaction():
        titles = {row.id: row.title for row in session().execute(select(Book.id, Book.title))}
    assert acknowledged
    assert acknowledged <= set(titles)
    assert _indexed() == sorted(titles.items())
    _nothing_left_behind()


def _indexed() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    page = 1
    while hits := search.find("book", page=page, size=200).hits:
        found += [(hit.row_id, hit.title.striptags()) for hit in hits]
        page += 1
    return sorted(found)


def _nothing_left_behind() -> None:
    folder = place.here().folder / "book"
    build = (folder / "current").read_text()
    assert {path.name for path in folder.iterdir()} == {build, "current", "commit.lock"}
    opened = shelf_of("book").searcher()
    assert opened is not None
    version, searcher = opened
    with searcher:
        segments = {leaf.reader().segment().segment_id() for leaf, _ in searcher.leaf_searchers()}
    generation = version.partition(".")[2]
    files = {path.name for path in (folder / build).iterdir()}
    of_segments = {name for name in files if name.split(".")[0] in segments}
    assert files - of_segments == {f"_MAIN_{generation}.toc", f"mark-{generation}", "MAIN_WRITELOCK"}
    assert {name for name in of_segments if name.endswith(".arrays")} == {f"{name}.arrays" for name in segments}
    assert not [name for name in of_segments if name.endswith((".new", ".tmp"))]


@pytest.mark.usefixtures("library")
def test_five_kills(database_url: str) -> None:
    _kill_again_and_again(database_url, 5)


@pytest.mark.slow
@pytest.mark.usefixtures("library")
def test_forty_kills(database_url: str) -> None:
    _kill_again_and_again(database_url, 40)
