"""Readers of an index whose files are damaged while they have them open, or whose generation has gone by."""

import os
import random
import resource
import threading
from pathlib import Path

import pytest

from app.kernel import search
from app.kernel.db import transaction
from app.kernel.search import place
from app.kernel.search.reading import reading
from app.kernel.search.shelf import Broken
from tests.kernel.search.library import book
from tests.kernel.search.looking import build_folder
from tests.kernel.search.test_races import held

pytestmark = pytest.mark.usefixtures("library")

WORDS = ["".join(random.Random(number).choices("abcdefghijklmnop", k=9)) for number in range(3_000)]
ASKED = ('"lasting words"', "lostin wards", f'"{WORDS[0]} {WORDS[1]}"', WORDS[2][:4], "")


@pytest.fixture
def _large(library: object) -> None:
    """Files larger than any buffer, open in this process."""
    rng = random.Random(1)
    with transaction():
        for number in range(30):
            book(f"Lasting words {number}", text=" ".join(rng.sample(WORDS, 700)))
    search.catch_up()
    assert all(search.find("book", each, size=200).ready for each in ASKED)


def _damage_in_place(path: Path, damage: str) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage == "truncate" else b"\xff" * len(content))


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("damage", ["truncate", "garble"])
@pytest.mark.parametrize("pattern", ["*.pst", "*_stored.col", "*.trm"])
def test_a_search_that_meets_damage_says_that_there_is_no_index_until_it_is_built_anew(
    pattern: str, damage: str
) -> None:
    for path in build_folder().glob(pattern):
        _damage_in_place(path, damage)
    assert False in [search.find("book", each, size=200).ready for each in ASKED]
    assert (search.find("book", "lasting").ready, search.lag().ready) == (False, False)
    assert search.rank("book", "lasting") == []
    search.catch_up()
    assert all(search.find("book", each, size=200).ready for each in ASKED)
    assert (search.find("book", '"lasting words"').total, search.lag().ready) == (30, True)


@pytest.mark.usefixtures("_large")
def test_only_damage_is_told_as_damage() -> None:
    with pytest.raises(ZeroDivisionError), reading("book"):
        raise ZeroDivisionError
    assert (search.find("book", "lasting").ready, search.lag().ready) == (True, True)
    for path in build_folder().glob("*.pst"):
        _damage_in_place(path, "garble")
    with pytest.raises(Broken), reading("book"):
        raise ZeroDivisionError
    assert (search.find("book", "lasting").ready, search.lag().ready) == (False, False)


def test_many_readers_of_old_generations_keep_no_file_open() -> None:
    search.catch_up()
    for number in range(6):
        with transaction():
            book(f"Book {number}")
        search.catch_up()
        together = threading.Barrier(5)
        threads = [threading.Thread(target=_read_at_once, args=(together,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with transaction():
        book("Last")
    search.catch_up()
    assert search.find("book", "last").total == 1
    assert held() <= set(build_folder().iterdir())


def _read_at_once(together: threading.Barrier) -> None:
    with reading("book"):
        together.wait(20)


def test_a_process_that_keeps_its_index_elsewhere_holds_no_file_of_the_old_one(tmp_path: Path) -> None:
    old = place.here().folder
    for folder in (old, tmp_path / "elsewhere"):
        search.connect(folder)
        with transaction():
            book("Here")
        search.catch_up()
        assert search.find("book", "here").ready
        assert held(folder)
    assert not held(old)


def test_the_bell_is_heard_in_a_process_with_a_thousand_open_files(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1_200:
        pytest.skip(f"this machine lets a process have {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1_200), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_050)]
    try:
        with place.bell(tmp_path) as wait:
            place.ring(tmp_path)
            wait(20)
            assert max(opened) > 1_024
    finally:
        for each in opened:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
