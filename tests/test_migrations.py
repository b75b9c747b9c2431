"""Migrations: what they make is what the models say, on either database, and they keep what is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from app import rows
from app.kernel import db, migrate
from app.kernel.db import Base
from tests.conftest import new_database_url


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
    assert unnamed == []
