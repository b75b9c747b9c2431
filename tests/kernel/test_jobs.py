"""Jobs: promised in a transaction, done once after it, tried again when they fail."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import clock, jobs
from app.kernel.db import Database, reading, session, transaction
from app.kernel.jobs import Job


@pytest.fixture
def done(store: Database) -> Iterator[list[Any]]:
    """What jobs of the kind `test.note` were given."""
    found: list[Any] = []
    jobs.job("test.note")(lambda payload: found.append(payload["number"]))
    jobs.job("test.break")(lambda payload: 1 // 0)
    yield found
    jobs._kinds.pop("test.note")
    jobs._kinds.pop("test.break")


def rows() -> list[Job]:
    with reading():
        return list(session().scalars(select(Job)))


def test_each_job_is_done_once_by_three_workers(done: list[Any]) -> None:
    with transaction():
        for number in range(60):
            jobs.enqueue("test.note", {"number": number})
    with ThreadPoolExecutor(3) as pool:
        for _ in range(20):
            list(pool.map(lambda _: jobs.run_due(), range(3)))
            if not rows():
                break
    assert sorted(done) == list(range(60))
    assert rows() == []


def test_a_job_of_a_refused_transaction_is_never_done(done: list[Any]) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue("test.note", {"number": 1})
        raise ZeroDivisionError
    assert jobs.run_due() == 0
    assert done == []


def test_a_job_waits_for_its_time(done: list[Any]) -> None:
    with transaction():
        jobs.enqueue("test.note", {"number": 1}, run_at=clock.now() + timedelta(hours=1))
    assert jobs.run_due() == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert jobs.run_due() == 1
    assert done == [1]


@pytest.mark.usefixtures("done")
def test_a_job_that_fails_is_tried_again_later_and_given_up_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    with transaction():
        jobs.enqueue("test.break", {})
    moment = clock.now()
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        moment += min(timedelta(seconds=2**attempt), jobs.LONGEST_WAIT) + timedelta(seconds=1)
        with clock.at(moment):
            assert jobs.run_due() == 1
            assert jobs.run_due() == 0
        assert rows()[0].attempts == attempt
    assert rows()[0].failed_at is not None
    assert rows()[0].error == "ZeroDivisionError: integer division or modulo by zero"
    with clock.at(moment + timedelta(days=9)):
        assert jobs.run_due() == 0
        with transaction():
            assert (jobs.count_failed(), jobs.retry_failed(), jobs.count_failed()) == (1, 1, 0)
        assert jobs.run_due() == 1
    assert timedelta(days=1) < moment - clock.now() < timedelta(days=2)


def test_a_job_whose_worker_died_is_done_after_its_lease(done: list[Any]) -> None:
    with transaction():
        jobs.enqueue("test.note", {"number": 7})
    with transaction():
        assert jobs._claim() is not None
    assert jobs.run_due() == 0
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1
    assert done == [7]
