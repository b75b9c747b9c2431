"""Background work: due jobs are done, the change log is tidied, and a failure stops neither."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.kernel import clock, db, jobs, search
from app.kernel.background import CHANGES_KEPT, Background, tidy
from app.kernel.db import reading, session, transaction
from app.kernel.search.changes import SearchChange
from tests import make
from tests.providers import make as make_provider

done: list[str] = []


@jobs.job("tests.background")
def work(payload: dict[str, Any]) -> None:
    """Say what was asked, or fail."""
    if payload["word"] == "fail":
        raise RuntimeError("planted")
    done.append(payload["word"])


@pytest.fixture
def background(store: db.Database) -> Iterator[Background]:
    done.clear()
    thread = Background()
    thread.start()
    yield thread
    thread.stop()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def count_changes() -> int:
    with reading():
        return session().scalar(select(func.count()).select_from(SearchChange)) or 0


def promise(word: str) -> None:
    with transaction():
        jobs.enqueue("tests.background", {"word": word})


def test_a_job_is_done_soon_and_a_failing_one_stops_nothing(background: Background) -> None:
    promise("fail")
    promise("one")
    wait_for(lambda: done == ["one"])


def test_old_changes_are_forgotten_but_the_newest(store: db.Database) -> None:
    with transaction():
        for _ in range(2):
            make_provider.provider(make.supplier())
    old, kept = count_changes(), clock.now() - CHANGES_KEPT
    with transaction():
        session().connection().execute(update(SearchChange.__table__).values(at=kept + timedelta(minutes=1)))  # type: ignore[arg-type]
    tidy()
    assert count_changes() == old > 1
    with transaction():
        session().connection().execute(update(SearchChange.__table__).values(at=kept - timedelta(minutes=1)))  # type: ignore[arg-type]
    tidy()
    assert count_changes() == 1
    search.catch_up()
    assert search.lag().changes == 0


def test_the_thread_tidies(store: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    tidied: list[bool] = []
    monkeypatch.setattr("app.kernel.background.tidy", lambda: tidied.append(True))
    thread = Background()
    thread.start()
    wait_for(lambda: tidied == [True])
    thread.stop()
    thread.join(10)
