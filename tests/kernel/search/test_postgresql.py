"""On PostgreSQL a lower log id can become visible after a higher one: the follower loses neither."""

import threading
from collections.abc import Callable

import pytest

from app.kernel import search
from app.kernel.db import Database, transaction
from app.kernel.search import changes
from app.kernel.search.following import shelf_of
from tests.kernel.search.library import book


@pytest.fixture
def server(library: Database) -> Database:
    if library.is_sqlite:
        pytest.skip("SQLite's writers wait for each other: run with --database postgresql")
    return library


def _in_flight(title: str) -> Callable[[], None]:
    """Start a transaction that has written its line but not committed; the function returned lets it finish."""
    written, finish = threading.Event(), threading.Event()

    def write() -> None:
        with transaction():
            book(title)
            written.set()
            finish.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)

    def let_go() -> None:
        finish.set()
        thread.join()

    return let_go


def indexed() -> list[str]:
    return [hit.title.striptags() for hit in search.find("book", sort="title", size=200).hits]


@pytest.mark.usefixtures("server")
def test_a_lower_id_that_commits_later_is_not_skipped() -> None:
    search.catch_up()
    let_go = _in_flight("Lower")
    with transaction():
        book("Higher")
    assert search.catch_up() == 1
    assert indexed() == ["Higher"]
    assert search.lag() == search.Lag(0, 0.0, True)
    let_go()
    assert search.catch_up() == 1
    assert indexed() == ["Higher", "Lower"]
    assert search.catch_up() == 0


@pytest.mark.usefixtures("server")
def test_a_rebuild_does_not_skip_it_either() -> None:
    let_go = _in_flight("Lower")
    with transaction():
        book("Higher")
    search.rebuild()
    let_go()
    search.catch_up()
    assert indexed() == ["Higher", "Lower"]


@pytest.mark.usefixtures("server")
def test_what_is_applied_beside_a_long_transaction_is_not_applied_again_and_again() -> None:
    search.catch_up()
    let_go = _in_flight("Long")
    versions = []
    for number in range(4):
        with transaction():
            book(f"Short {number}")
        assert search.catch_up() == 1
        assert search.catch_up() == 0
        versions.append(search.index_version("book"))
    let_go()
    search.catch_up()
    assert len(set(versions)) == 4
    assert indexed() == ["Long", *(f"Short {number}" for number in range(4))]
    search.catch_up()
    note = shelf_of("book").note()
    assert note is not None
    with transaction() as session:
        assert changes.due(session, "book", note.mark) == {}


@pytest.mark.usefixtures("server")
def test_a_younger_cluster_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored into a fresh cluster, the same lines stand there, but its transactions count from the beginning."""
    with transaction():
        book("Same")
    search.catch_up()
    monkeypatch.setattr(changes, "_snapshot", lambda _session: (3, 3))
    assert search.lag().ready is False
