"""Migrations: what they make is what the models say, on either database, and they keep what is there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from app import rows
from app.kernel import db, migrate, sealing
from app.kernel.db import Base, session
from app.responses.coalitions.models import Part
from app.responses.models import Response, SubmissionReceipt
from tests.conftest import new_database_url

NOW = "'2026-01-01 10:00:00+00:00'"
SEALED = ("responses", "answers", "submission_receipts")
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
CONTENT = '{"summary": "quillsummary"}'
ANSWERED = (
    "INSERT INTO people (id, email, name, password_hash, is_operator, session_epoch, created_at, version)"
    f" VALUES ('staff', 's@firm.example', 'S', '', false, 1, {NOW}, 1)",
    *(
        "INSERT INTO responses (id, state, need_id, provider_id, summary, price_pence, available_from,"
        " knowledge_transfer, created_at, set_aside_reason, version)"
        f" VALUES ('{key}', '{state}', '{need}', 'p', 'quillsummary', 31415926, '2027-03-01', '', {NOW}, '', 1)"
        for key, state, need in (
            ("sent", "submitted", "need"),
            ("read", "opened", "other"),
            ("gone", "withdrawn", "third"),
        )
    ),
    "INSERT INTO answers (id, response_id, requirement_id, text, version) VALUES ('a', 'sent', 'r1', 'quilltext', 1)",
    *(
        "INSERT INTO submission_receipts (id, response_id, number, content, salt, commitment, submitted_at,"
        f" submitted_by_id) VALUES ('{key}{number}', '{key}', {number}, '{CONTENT}', 'salt{number}', 'c', {NOW},"
        " 'staff')"
        for key in ("sent", "read")
        for number in (1, 2)
    ),
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


def test_responses_of_before_are_sealed_and_what_officers_read_stays(migrated_to_first: Engine) -> None:
    sealing.use("the sealing key of the tests, 32 characters")
    with migrated_to_first.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
        for other in ("other", "third"):
            connection.execute(text(FILLED[3].replace("('need',", f"('{other}',")))
        for statement in ANSWERED:
            connection.execute(text(statement))
    migrate.upgrade()
    with db.reading():
        sent = session().get_one(Response, "sent")
        assert (sent.summary, sent.price_pence, sent.available_from) == ("quillsummary", 31415926, date(2027, 3, 1))
        assert [answer.text for answer in sent.answers] == ["quilltext"]
        receipts = session().scalars(select(SubmissionReceipt).order_by(SubmissionReceipt.id)).all()
        assert [(each.id, each.opened_salt) for each in receipts] == [
            *(("read1", None), ("read2", "salt2"), ("sent1", None), ("sent2", None))
        ]
        assert [(each.content, each.salt) for each in receipts][2:] == [
            ({"summary": "quillsummary"}, "salt1"),
            ({"summary": "quillsummary"}, "salt2"),
        ]
        parts = session().scalars(select(Part).order_by(Part.response_id)).all()
        assert [(part.response_id, part.is_lead) for part in parts] == [("read", True), ("sent", True)]
        raw = [str(tuple(row)) for name in SEALED for row in session().execute(text(f"SELECT * FROM {name}"))]
        assert [row for row in raw if "quill" in row and "read2" not in row] == []
