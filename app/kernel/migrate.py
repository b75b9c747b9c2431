"""Migrations: bring the database's tables to what this version of Clarion expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.kernel.db import database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config() -> Config:
    """Alembic, told where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade() -> None:
    """Apply every migration that is missing; several processes at once take turns."""
    command.upgrade(config(), "head")


def wanted() -> str | None:
    """The revision that this version of Clarion expects."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current() -> str | None:
    """The revision that the database has, or None for an empty one."""
    with database().engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def stamp() -> None:
    """Say of tables that were made from the models that they are up to date."""
    command.stamp(config(), "head")
