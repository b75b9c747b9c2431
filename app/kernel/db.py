"""Rows and transactions: the ambient session, and the only place that commits.

Writers never interleave: SQLite takes its write lock at the start of a transaction, PostgreSQL runs writers as
SERIALIZABLE and a loser is played again. `docs/decisions/0002-one-writer-at-a-time.md` tells what was measured.
"""

import fcntl
import random
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from smtplib import SMTPException
from typing import Any, TypeVar

from sqlalchemy import DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.kernel import clock
from app.kernel.errors import Conflict

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ATTEMPTS, PATIENCE = 12, 4
LONGEST_PAUSE_SECONDS = 1.0
T = TypeVar("T")


def new_id() -> str:
    """Twelve random characters (60 bits): an id that outsiders see tells neither order nor count."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive value is refused, since SQLite would drop its zone silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


class Base(DeclarativeBase):
    """Every row of Clarion; constraints are named, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


class RandomId:
    """A row known by a random id."""

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id, sort_order=-10)


class Versioned:
    """A row that people edit: writing an old copy of it raises StaleDataError instead of overwriting."""

    version: Mapped[int] = mapped_column(sort_order=90)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Database:
    """One engine, and what opening a transaction on it takes."""

    def __init__(self, engine: Engine, lock_file: Path | None = None) -> None:
        self.engine = engine
        self.lock_file = lock_file

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL whose write transactions are serial."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, hide_parameters=True, isolation_level="SERIALIZABLE", pool_pre_ping=True, pool_size=8, max_overflow=16
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("clarion_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_database: Database | None = None
_current: ContextVar[Session | None] = ContextVar("db_session", default=None)
_after_commit: list[Callable[[], None]] = []


def connect(database: Database | None) -> None:
    """Make this the database of the process."""
    global _database
    _database = database


def database() -> Database:
    """The database of the process."""
    if _database is None:
        raise RuntimeError("no database is connected")
    return _database


def session() -> Session:
    """The session of the transaction that is under way."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no transaction is open: use `with transaction():` or `with reading():`")
    return current


@contextmanager
def constrained(sentence: str) -> Iterator[None]:
    """Write what is done within. Where a constraint refuses it, since somebody else was first, that is a Conflict."""
    try:
        with session().begin_nested():
            yield
            session().flush()
    except IntegrityError as error:
        raise Conflict(sentence) from error


def add_once(row: Base, sentence: str) -> None:
    """Add one row in this way."""
    with constrained(sentence):
        session().add(row)


def has_session() -> bool:
    """Whether a transaction is under way here."""
    return _current.get() is not None


def discard() -> None:
    """Have the transaction under way end without keeping what it wrote: its page says that nothing was done."""
    session().info["discarded"] = True


def after_commit(wake: Callable[[], None]) -> None:
    """Have `wake` called after each commit of this process."""
    if wake not in _after_commit:
        _after_commit.append(wake)


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: one clock reading, one commit at the end, nothing kept when the block raises."""
    with _opened(writes=True) as opened:
        yield opened
        if not opened.info.get("discarded"):
            opened.commit()
    for wake in _after_commit:
        wake()


@contextmanager
def reading() -> Iterator[Session]:
    """Read: whatever the block changed is thrown away."""
    with _opened(writes=False) as opened:
        yield opened


@contextmanager
def _opened(*, writes: bool) -> Iterator[Session]:
    if _current.get() is not None:
        raise RuntimeError("a transaction is open already")
    db = database()
    with ExitStack() as stack:
        if writes and db.lock_file:
            stack.enter_context(_queued(db.lock_file))
        options: dict[str, Any] = {"clarion_writes": writes}
        if not writes and not db.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        opened = stack.enter_context(Session(db.engine.execution_options(**options), expire_on_commit=False))
        opened.info["writes"] = writes
        opened.connection()
        stack.enter_context(clock.frozen())
        token = _current.set(opened)
        stack.callback(_current.reset, token)
        yield opened


@contextmanager
def _queued(path: Path) -> Iterator[None]:
    """Stand in line for SQLite's write lock: its own waiting is unfair (worst wait 4 s against 0.6 s)."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def in_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again from its beginning when PostgreSQL says that another writer was first.

    Who was beaten PATIENCE times has the others wait: without that, one of many writers may never have its turn.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction():
                if attempt >= PATIENCE:
                    _have_others_wait()
                return work()
        except DBAPIError as error:
            if attempt == ATTEMPTS - 1 or not lost_a_race(error):
                raise
        time.sleep(random.uniform(0.002, min(0.02 * 2**attempt, LONGEST_PAUSE_SECONDS)))  # noqa: S311
    raise AssertionError("unreachable")


def _have_others_wait() -> None:
    """Writers write the audit, so none gets past it now. As the first statement it still takes no snapshot."""
    session().connection().exec_driver_sql("LOCK TABLE audit_streams IN EXCLUSIVE MODE")


def lost_a_race(error: DBAPIError) -> bool:
    """Whether PostgreSQL refused to serialise (40001) or broke a deadlock (40P01)."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def without_values(error: BaseException) -> str:
    """An error for logs and rows that many may read: a database's own words can quote what was to be written, and a
    mail server's the address that it refused."""
    if isinstance(error, SMTPException):
        return type(error).__name__
    if not isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {error}"
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return f"{type(error.orig).__name__}{f' on {constraint}' if constraint else ''}"
