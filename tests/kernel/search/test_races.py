"""What happens at one moment in two places: commits under readers, builds beside builds, folders that disappear."""

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import search
from app.kernel.db import reading, session, transaction
from app.kernel.search import opening, place
from app.kernel.search.following import shelf_of
from app.kernel.search.shelf import Shelf
from tests.kernel.search import victim
from tests.kernel.search.library import Book, book
from tests.kernel.search.looking import build_folder, eventually, indexed, kind_folder

pytestmark = pytest.mark.usefixtures("library")


def _elsewhere(work: Callable[[], object]) -> None:
    """Do it in another thread, as another process would, and wait for its end."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _post_and_follow() -> None:
    with transaction():
        book("Posted meanwhile")
    search.catch_up()


def test_an_index_ahead_of_the_snapshot_of_a_request_is_no_other_database() -> None:
    search.catch_up()
    with reading():
        session().scalars(select(Book)).all()
        _elsewhere(_post_and_follow)
        assert search.lag() == search.Lag(0, 0.0, True)
        assert all(kind.ready for kind in search.status().kinds.values())


def _once(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, first: Callable[[], None]) -> None:
    """Have `first` happen just before the first call of a function."""
    real, happened = getattr(owner, name), []

    def called(*given: Any) -> Any:
        if not happened:
            happened.append(True)
            _elsewhere(first)
        return real(*given)

    monkeypatch.setattr(owner, name, called)


@pytest.mark.parametrize("meanwhile", [_post_and_follow, search.rebuild])
def test_a_mark_that_a_commit_takes_away_while_it_is_read(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]
) -> None:
    search.catch_up()
    _once(monkeypatch, Shelf, "_read_note", meanwhile)
    assert search.lag() == search.Lag(0, 0.0, True)


@pytest.mark.parametrize("meanwhile", [_post_and_follow, search.rebuild])
def test_files_that_a_commit_takes_away_while_they_are_opened(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]
) -> None:
    with transaction():
        book("Early")
    search.catch_up()
    _once(monkeypatch, opening, "_hold_open", meanwhile)
    found = search.find("book", "early")
    assert (found.ready, found.total, shelf_of("book").is_reported()) == (True, 1, False)


@pytest.mark.parametrize("commits", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_old_generations_keep_no_file_open_and_none_mapped(commits: int) -> None:
    with transaction():
        book("Early", text="constant words")
    search.catch_up()
    for number in range(commits):
        with transaction():
            book(f"Book {number}", text="constant words " * 50)
        search.catch_up()
        assert search.find("book", '"constant words"', facets=["subject"]).total == number + 2
        assert search.rank("book", "constant words")
        assert held() <= set(build_folder().iterdir())


def held(within: Path | None = None) -> set[Path]:
    """The files of an index that this process has open or mapped; a name that is gone has "(deleted)" after it."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(descriptor.readlink()))
    maps = [line.split(maxsplit=5)[-1].strip() for line in Path("/proc/self/maps").read_text().splitlines()]
    folder = str(within or kind_folder())
    return {Path(name) for name in {*links, *maps} if name.startswith(folder)}


def test_two_processes_build_at_once(database_url: str) -> None:
    with transaction():
        made = [book(f"Book {number:02}", text="word " * number).id for number in range(40)]
    search.catch_up()
    builders = [victim.started(_build_again_and_again, database_url, place.here().folder) for _ in range(2)]
    for number in range(200):
        if not any(builder.is_alive() for builder in builders):
            break
        with transaction():
            session().get_one(Book, made[number % 40]).title = f"Changed {number:03}"
        search.catch_up()
        assert search.find("book").total == 40
    for builder in builders:
        builder.join()
        assert builder.exitcode == 0
    search.catch_up()
    assert [found.faults for found in search.verify()] == [[], []]
    shelf_of("book").sweep()
    assert {path.name for path in kind_folder().iterdir()} == {build_folder().name, "current", "commit.lock"}


def _build_again_and_again(url: str, folder: Path) -> None:
    victim.open_library(url, folder)
    for _ in range(5):
        search.rebuild(["book"])


@pytest.mark.parametrize(("gone", "followers"), [("book", 1), (".", 1), (".", 2)])
def test_a_folder_deleted_under_the_follower_comes_back(gone: str, followers: int, tmp_path: Path) -> None:
    with transaction():
        book("Lasting")
    following = [search.follow() for _ in range(followers)]
    try:
        eventually(lambda: search.find("book", "lasting").total == 1)
        # in one step: the follower may make new files while the old ones are removed
        (place.here().folder / gone).resolve().rename(tmp_path / "gone")
        shutil.rmtree(tmp_path / "gone")
        assert search.find("book", "lasting").ready is False
        eventually(lambda: search.find("book", "lasting").total == 1)
        eventually(lambda: (place.here().folder / "bell").exists() and search.status().following)
        with transaction():
            book("New")
        eventually(lambda: len(indexed()) == 2)
    finally:
        for follower in following:
            follower.stop()
