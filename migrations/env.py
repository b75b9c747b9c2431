"""Alembic's door to the database: one migrator at a time, each migration in one transaction."""

from alembic import context
from sqlalchemy import text

import app.rows
from app.kernel.db import Base, database

LOCK = 7_237_041


def run() -> None:
    with database().engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_server_default=True,
            render_as_batch=False,
        )
        context.run_migrations()
        connection.commit()


assert app.rows.ALL  # noqa: S101
run()
