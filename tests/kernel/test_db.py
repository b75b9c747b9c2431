"""Transactions: nothing half done, nothing lost, one clock reading."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import Organisation
from app.kernel import clock, db
from app.kernel.db import Database, in_transaction, new_id, reading, session, transaction
from app.kernel.jobs import Job

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def counter() -> str:
    with transaction():
        row = Job(kind="count", payload={}, run_at=MOMENT)
        session().add(row)
        session().flush()
        return row.id


def add_one(row_id: str) -> None:
    session().get_one(Job, row_id).attempts += 1


def attempts(row_id: str) -> int:
    with reading():
        return session().get_one(Job, row_id).attempts


def test_writers_lose_no_update_of_one_row(store: Database) -> None:
    row_id = counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: in_transaction(lambda: add_one(row_id)), range(64)))
    assert attempts(row_id) == 64


def test_an_exception_keeps_nothing(store: Database) -> None:
    row_id = counter()
    with pytest.raises(ZeroDivisionError), transaction():
        add_one(row_id)
        session().flush()
        raise ZeroDivisionError
    assert attempts(row_id) == 0


def test_reading_keeps_nothing(store: Database) -> None:
    row_id = counter()
    with reading():
        add_one(row_id)
    assert attempts(row_id) == 0


def test_a_transaction_does_not_open_within_another(store: Database) -> None:
    with transaction(), pytest.raises(RuntimeError, match="open already"), transaction():
        pass


def test_no_session_outside_a_transaction(store: Database) -> None:
    with pytest.raises(RuntimeError, match="no transaction is open"):
        session()


def test_the_clock_is_read_once_in_a_transaction(store: Database) -> None:
    with transaction():
        first = clock.now()
        assert clock.now() is first
    assert clock.now() > first


def test_a_naive_moment_is_refused(store: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), transaction():
        session().add(Job(kind="x", payload={}, run_at=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_moments_come_back_aware(store: Database) -> None:
    row_id = counter()
    with reading():
        assert session().get_one(Job, row_id).run_at == MOMENT


def test_foreign_keys_hold(store: Database) -> None:
    with pytest.raises(IntegrityError), transaction():
        session().add(
            Organisation(name="A", kind="supplier", register="x", number="1", parent_id=new_id(), created_at=MOMENT)
        )


def test_an_old_copy_does_not_overwrite(store: Database) -> None:
    with transaction():
        row = Organisation(name="A", kind="supplier", register="x", number="1", created_at=MOMENT)
        session().add(row)
    with transaction():
        session().get_one(Organisation, row.id).name = "B"
    with pytest.raises(StaleDataError), transaction():
        row.name = "C"
        session().add(row)


def test_ids_do_not_repeat_and_tell_no_order() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert ids != sorted(ids)


class LostRace(Exception):
    """What PostgreSQL says when another writer was first."""

    sqlstate = "40001"


def test_who_was_beaten_often_has_the_others_wait(store: db.Database) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite's writers wait for each other: run with --database postgresql")
    alone: list[bool] = []
    asked = text("SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation = 'audit_streams'::regclass")

    def work() -> None:
        alone.append(session().scalar(asked) == 1)
        if len(alone) <= db.PATIENCE:
            raise OperationalError("", {}, LostRace())

    db.in_transaction(work)
    assert alone == [False] * db.PATIENCE + [True]
