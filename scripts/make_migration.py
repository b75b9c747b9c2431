"""Write the migration from the tables of the last one to the models of now, against a real PostgreSQL.

SQLite would not tell types and constraints apart. What is written is a draft: read it, and keep the data in mind.
"""

import sys

from alembic import command

from app import rows
from app.kernel import db, migrate
from tests.postgres import Postgres

VERSIONS = migrate.MIGRATIONS / "versions"


def main(message: str) -> None:
    if not message:
        sys.exit('Say what changes: make migration MESSAGE="add ..."')
    assert rows.ALL
    server = Postgres()
    try:
        db.connect(db.Database(db.make_engine(server.url("postgres"))))
        migrate.upgrade()
        number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04}"
        command.revision(migrate.config(), message=message, autogenerate=True, rev_id=number)
    finally:
        db.database().engine.dispose()
        server.stop()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
