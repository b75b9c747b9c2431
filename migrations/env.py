"""Alembic's door to the database: one migrator at a time, each migration in one transaction."""

from alembic import context
from sqlalchemy import text

from app import rows
from app.kernel.db import Base, UtcDateTime, database

LOCK = 7_237_041


def render_item(kind: str, thing: object, _context: object) -> str | bool:
    """A migration names plain types, so that it does not change when the application's types do."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def run() -> None:
    with database().engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_server_default=True,
            render_item=render_item,
            transactional_ddl=True,  # SQLite too: kernel/db begins its transactions itself
        )
        context.run_migrations()
        connection.commit()


assert rows.ALL  # noqa: S101
run()
