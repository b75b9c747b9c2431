"""Audit: a chain that shows every change made behind its back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.accounts.models import Organisation
from app.kernel import audit
from app.kernel.audit import AuditEntry, AuditStream, Fault
from app.kernel.db import Database, reading, session, transaction

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def chain(store: Database) -> str:
    """A stream of four entries, and another of one beside it."""
    with transaction():
        things = [
            Organisation(name=n, kind="supplier", register="x", number=n, created_at=MOMENT) for n in ("one", "two")
        ]
        session().add_all(things)
        for number in range(4):
            audit.record("rename", things[0], by=None, facts={"number": number, "on": date(2026, 3, 1), "at": MOMENT})
        audit.record("rename", things[1], by=None, facts={})
        return audit.name_of(things[0])


def faults() -> list[Fault]:
    with reading():
        return list(audit.verify())


def test_an_untouched_audit_has_no_fault(chain: str) -> None:
    assert faults() == []


def position(number: int) -> Callable[[str], object]:
    return lambda chain: (AuditEntry.stream == chain) & (AuditEntry.position == number)


TAMPERINGS = {
    "facts": (
        lambda c: update(AuditEntry).where(position(2)(c)).values(facts={"number": 9}),
        2,
        "its content was changed",
    ),
    "verb": (lambda c: update(AuditEntry).where(position(1)(c)).values(verb="bless"), 1, "its content was changed"),
    "person": (lambda c: update(AuditEntry).where(position(3)(c)).values(person_id="x"), 3, "its content was changed"),
    "moment": (
        lambda c: update(AuditEntry).where(position(3)(c)).values(at=MOMENT - timedelta(microseconds=1)),
        3,
        "its content was changed",
    ),
    "middle deleted": (lambda c: delete(AuditEntry).where(position(2)(c)), 2, "the entry is missing"),
    "tail deleted": (lambda c: delete(AuditEntry).where(position(4)(c)), 4, "entries are missing from the end"),
    "all deleted": (lambda c: delete(AuditEntry).where(AuditEntry.stream == c), 1, "entries are missing from the end"),
    "previous": (
        lambda c: update(AuditEntry).where(position(2)(c)).values(previous="0" * 64),
        2,
        "it does not follow the entry before it",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_shows_at_the_first_entry_touched(chain: str, what: str) -> None:
    statement, first, why = TAMPERINGS[what]
    with transaction():
        session().execute(statement(chain))
    assert faults() == [Fault(chain, first, why)]


def test_a_rehashed_entry_breaks_the_next(chain: str) -> None:
    with transaction():
        entry = session().scalars(select(AuditEntry).where(position(2)(chain))).one()
        entry.facts = {"number": 99}
        entry.hash = audit.hash_of(entry)
    assert faults() == [Fault(chain, 3, "it does not follow the entry before it")]


def test_a_refused_command_leaves_no_entry(chain: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        thing = session().scalars(select(Organisation).order_by(Organisation.name)).first()
        assert thing
        audit.record("rename", thing, by=None)
        raise ZeroDivisionError
    with reading():
        assert audit.count_entries() == 5
    assert faults() == []


def test_the_stream_knows_its_length_and_head(chain: str) -> None:
    with reading():
        found = session().get_one(AuditStream, chain)
        last = session().scalars(select(AuditEntry).where(position(4)(chain))).one()
        assert (found.length, found.head) == (4, last.hash)


def test_a_commitment_binds_and_hides() -> None:
    salt = audit.new_salt()
    bound = audit.commitment({"price": 5}, salt)
    assert bound == audit.commitment({"price": 5}, salt)
    assert bound != audit.commitment({"price": 6}, salt)
    assert bound != audit.commitment({"price": 5}, audit.new_salt())
