"""Fixtures of all tests: a fresh database and index for each, real ones; the network closed but for loopback."""

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadScopeScheduling

from app import rows
from app.capabilities.queries import synonyms
from app.config import read_settings
from app.factory import create_app, open_clarion
from app.kernel import db, files, limits, mail, scanning, sealing, search, signing
from app.kernel.db import Base
from tests.browser import Browser
from tests.postgres import Postgres

SOCKET = "TEST_POSTGRES_SOCKET"
DATABASE_FIXTURES = {"database_url", "site", "migrated", "migrated_to_first", "_corner"}
SHARE_A_WORLD = ("tests/e2e/", "tests/demo/test_world.py")
# the SQLite file of the test that runs
FILE = [""]
# only the tables that hold something: 20 ms, where a database made from a template took 500
EMPTY = """
DO $$ DECLARE known record; has_rows boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR known IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', known.tablename) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM %I', known.tablename); END IF;
  END LOOP;
END $$
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="the database of the run")
    parser.addoption("--screenshots", default="", help="the folder in which the end-to-end story keeps its pictures")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "postgresql" and SOCKET not in os.environ:
        server = Postgres()
        os.environ[SOCKET] = str(server.folder)
        config.add_cleanup(server.stop)
        config.add_cleanup(lambda: os.environ.pop(SOCKET, None))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no database is tested once, in SQLite's run."""
    if config.getoption("--database") == "postgresql":
        touching = [item for item in items if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
        items[:] = touching


class ByWorld(LoadScopeScheduling):  # type: ignore[misc]
    """Hands tests to workers one by one, but those that share a world all to one, so that it is made once."""

    def _split_scope(self, nodeid: str) -> str:
        return next((shared for shared in SHARE_A_WORLD if nodeid.startswith(shared)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWorld:
    # xdist's own groups rename tests in a way that pytest 9.2 no longer hears of
    return ByWorld(config, log)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Any:
    """The empty database of the run: a file that each test copies, or a database that each test leaves empty."""
    assert rows.ALL
    if request.config.getoption("--database") == "sqlite":
        path = tmp_path_factory.mktemp("template") / "template.sqlite3"
        engine = create_engine(f"sqlite:///{path}")
        Base.metadata.create_all(engine)
        engine.dispose()
        return path
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(_dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    engine = create_engine(_url(name))
    Base.metadata.create_all(engine)
    engine.dispose()
    return name


def _dsn(name: str) -> str:
    return f"host={os.environ[SOCKET]} user=clarion dbname={name}"


def _url(name: str) -> str:
    return f"postgresql+psycopg://clarion@/{name}?host={os.environ[SOCKET]}"


def new_database_url(config: pytest.Config, name: str, folder: Path) -> str:
    """The address of a new database without any table, beside those of the tests."""
    if config.getoption("--database") == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.urandom(4).hex()}"
    with psycopg.connect(_dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return _url(name)


@pytest.fixture
def database_url(_template: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table."""
    if isinstance(_template, Path):
        copy = tmp_path / "clarion.sqlite3"
        with sqlite3.connect(_template) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        yield f"sqlite:///{copy}"
        return
    yield _url(_template)
    with psycopg.connect(_dsn(_template), autocommit=True) as connection:
        connection.execute(EMPTY)


@cache
def shared_engine(url: str) -> Engine:
    """One engine for all tests of a process: its compiled statements are a sixth of the time when each has its own."""
    engine = db.make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _open_file_of_the_test)
    return engine


def _open_file_of_the_test(dialect: Any, _record: Any, _where: Any, options: Any) -> Any:
    return dialect.connect(FILE[0], **options)


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[db.Database]:
    """Database, index and post box of one test, connected for this process."""
    is_sqlite = database_url.startswith("sqlite")
    FILE[0] = str(make_url(database_url).database)
    engine = shared_engine("sqlite:///of-the-test" if is_sqlite else database_url)
    opened = db.Database(engine, tmp_path / "write.lock" if is_sqlite else None)
    db.connect(opened)
    mail.use(mail.Postbox("Clarion <clarion@example.com>", tmp_path / "mail"))
    files.use(tmp_path / "files")
    scanning.use(())
    signing.use("the signing key of the tests, 32 characters")
    sealing.use("the sealing key of the tests, 32 characters")
    search.connect(tmp_path / "index", synonyms=synonyms)
    yield opened
    engine.dispose()
    db.connect(None)


@pytest.fixture(scope="session")
def _application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = read_settings({"CLARION_INSTANCE": str(tmp_path_factory.mktemp("instance")), "CLARION_BACKGROUND": "no"})
    made = create_app(open_clarion(settings))
    made.testing = True
    return made


@pytest.fixture
def app(_application: Flask, store: db.Database) -> Flask:
    """The whole application over a fresh store."""
    limits.limiter.reset()
    return _application


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """`browser()` is nobody's browser, `browser(person)` that person's, signed in."""
    return lambda person=None: Browser(app, person)
