"""Migrations: what they make is what the models say, on either database, and they keep what is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from app import rows
from app.kernel import db, migrate
from app.kernel.db import Base
from tests.conftest import new_database_url

NOW = "'2026-01-01 10:00:00+00:00'"
COUNTED = ("organisations", "needs", "requirements", "rung_moves", "partnerships", "amendments")
FILLED = (
    "INSERT INTO organisations (id, kind, name, register, number, abbreviation, website, created_at, version)"
    f" VALUES ('ministry', 'department', 'Ministry', 'GB', '1', '', '', {NOW}, 1)",
    "INSERT INTO organisations (id, kind, name, register, number, abbreviation, website, created_at, version)"
    f" VALUES ('firm', 'supplier', 'Firm', 'GB', '2', '', '', {NOW}, 1)",
    "INSERT INTO providers (id, organisation_id, about, size, places, version) VALUES ('p', 'firm', '', '', '[]', 1)",
    "INSERT INTO needs (id, state, department_id, title, summary, rung, problem, users, done_already, supplied_today,"
    " route, price_weight, clearance, places, standards, payment, time_zone, created_at, changed_at,"
    " withdrawal_reason, source_url, version) VALUES"
    " ('need', 'live', 'ministry', 'Need', '', 'shaping', '', '', '', '',"
    f" '', 0, '', '[]', '[]', '', 'UTC', {NOW}, {NOW}, '', '', 1)",
    "INSERT INTO requirements (id, need_id, position, text, kind, weight) VALUES ('r1', 'need', 1, 'a', 'must', 5)",
    "INSERT INTO requirements (id, need_id, position, text, kind, weight) VALUES ('r2', 'need', 2, 'b', 'must', 5)",
    "INSERT INTO rung_moves (id, need_id, from_rung, to_rung, reason, at)"
    f" VALUES ('m', 'need', '', 'shaping', 'Published', {NOW})",
    "INSERT INTO amendments (id, need_id, number, reason, changes, at)"
    f" VALUES ('a', 'need', 1, 'Learnt.', '[]', {NOW})",
    "INSERT INTO partnerships (id, state, need_id, provider_id, agreed_at, end_reason, source, version)"
    f" VALUES ('w', 'running', 'need', 'p', {NOW}, '', 'x', 1)",
)


@pytest.fixture
def migrated_to_first(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = new_database_url(request.config, "filled", tmp_path)
    db.connect(db.Database(db.make_engine(url), tmp_path / "write.lock"))
    command.upgrade(migrate.config(), "0001")
    yield db.database().engine
    db.database().engine.dispose()
    db.connect(None)


@pytest.fixture
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    assert rows.ALL
    url = new_database_url(request.config, "migrated", tmp_path)
    db.connect(db.Database(db.make_engine(url), tmp_path / "write.lock"))
    migrate.upgrade()
    yield db.database().engine
    db.database().engine.dispose()
    db.connect(None)


def test_migrations_make_what_the_models_say(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": migrated.dialect.name == "postgresql"})
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_upgrade_changes_nothing(migrated: Engine) -> None:
    before = sorted(inspect(migrated).get_table_names())
    migrate.upgrade()
    assert sorted(inspect(migrated).get_table_names()) == before
    assert migrate.current() == migrate.wanted()


def test_unique_constraints_and_foreign_keys_have_names(migrated: Engine) -> None:
    found = inspect(migrated)
    unnamed = [
        (table, constraint["columns" if "columns" in constraint else "constrained_columns"])
        for table in found.get_table_names()
        for constraint in (*found.get_unique_constraints(table), *found.get_foreign_keys(table))
        if constraint["name"] is None
    ]
    assert [each for each in unnamed if not stands_beside_its_column(migrated, *each)] == []


def stands_beside_its_column(engine: Engine, table: str, columns: list[str]) -> bool:
    """Whether SQLite has a name for it that SQLAlchemy does not read: it was added with its column."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        sql = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
    return f"{columns[0]} VARCHAR(12) CONSTRAINT fk_{table}_{columns[0]}_" in sql


def test_rows_of_before_are_all_there_and_say_nothing_new(migrated_to_first: Engine) -> None:
    with migrated_to_first.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
    migrate.upgrade()
    with migrated_to_first.connect() as connection:
        counts = [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in COUNTED]
        assert counts == [2, 1, 2, 1, 1, 1]
        need = connection.execute(text("SELECT audience, confidence_need, copied_from_id, review_on FROM needs")).one()
        assert tuple(need) == ("all", "", None, None)
        assert connection.execute(text("SELECT confidence_money FROM rung_moves")).scalar() == ""
        job = connection.execute(text("SELECT kind, attempts FROM jobs")).one()
        assert tuple(job) == ("outcomes.ends_near", 0)
