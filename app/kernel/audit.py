"""Audit: who did what to which thing, and when, in hash chains.

Each stream (`needs:<id>`) is a chain of its own: an entry carries the hash of the one before it, and the stream's row
says how long the chain is, so that a missing tail shows too. Who may write to the database could make all chains anew:
against them, keep the digest elsewhere. Entries name people by id; their names live in accounts.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.util import identity_key

from app.kernel import clock
from app.kernel.db import Base, RandomId, session

START = "0" * 64


class Identified(Protocol):
    """A row with an id and a table."""

    id: Any
    __tablename__: Any


class AuditStream(Base):
    """One chain: how long it is, and the hash of its last entry."""

    __tablename__ = "audit_streams"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    length: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default=START)


class AuditEntry(RandomId, Base):
    """One act by one person on one thing."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("stream", "position"),)
    stream: Mapped[str] = mapped_column(String(80), ForeignKey("audit_streams.name"))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[str | None] = mapped_column(String(12))
    verb: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Fault:
    """The first entry of a stream that is not what was written."""

    stream: str
    position: int
    why: str


def name_of(thing: Identified) -> str:
    """How the audit names a row: `needs:4hx0…`."""
    return f"{thing.__tablename__}:{thing.id}"


def record(
    verb: str,
    thing: Identified,
    *,
    by: Identified | None,
    facts: dict[str, Any] | None = None,
    stream: str | None = None,
) -> AuditEntry:
    """Append an entry in the current transaction; `facts` must be JSON, dates and moments included."""
    if thing.id is None:
        session().flush()
    chain = _stream(stream or name_of(thing))
    entry = AuditEntry(
        stream=chain.name,
        position=chain.length + 1,
        at=clock.now(),
        person_id=by.id if by else None,
        verb=verb,
        subject=name_of(thing),
        facts=json.loads(canonical(facts or {})),
        previous=chain.head,
    )
    entry.hash = hash_of(entry)
    chain.length, chain.head = entry.position, entry.hash
    session().add(entry)
    return entry


def _stream(name: str) -> AuditStream:
    """The chain, locked for the rest of this transaction, which reads it once."""
    held: AuditStream | None = session().identity_map.get(identity_key(AuditStream, name))
    chain = held or session().get(AuditStream, name, with_for_update=True)
    if chain is None:
        chain = AuditStream(name=name, length=0, head=START)
        session().add(chain)
        session().flush()
    return chain


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same bytes for the same facts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"the audit cannot keep a {type(value).__name__}")


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the canonical entry and the hash before it."""
    told = [
        entry.stream,
        entry.position,
        entry.at,
        entry.person_id,
        entry.verb,
        entry.subject,
        entry.facts,
        entry.previous,
    ]
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def fingerprint(value: Any) -> str:
    """A short mark of what something holds: a page that carries it can tell whether somebody changed it meanwhile."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


def commitment(facts: dict[str, Any], salt: str) -> str:
    """A salted hash that binds to `facts` and tells nothing of them until the salt is shown."""
    return hashlib.sha256((salt + canonical(facts)).encode()).hexdigest()


def new_salt() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def verify() -> Iterator[Fault]:
    """The first fault of each broken stream, in one reading of all chains, a thousand entries at a time."""
    follows = AuditEntry.stream == AuditStream.name
    chains = select(AuditStream, AuditEntry).outerjoin(AuditEntry, follows)
    chains = chains.order_by(AuditStream.name, AuditEntry.position).execution_options(yield_per=1000)
    for chain, pairs in groupby(session().execute(chains), key=itemgetter(0)):
        fault = _first_fault(chain, (entry for _, entry in pairs if entry))
        if fault:
            yield fault
    yield from _strays()


def fault_of(stream: str) -> Fault | None:
    """The first fault of one stream; None where it is whole, and where there is none of this name."""
    chain = session().get(AuditStream, stream)
    own = select(AuditEntry).where(AuditEntry.stream == stream).order_by(AuditEntry.position)
    return _first_fault(chain, session().scalars(own)) if chain else None


def _first_fault(chain: AuditStream, entries: Iterable[AuditEntry]) -> Fault | None:
    position, previous = 0, START
    for position, entry in enumerate(entries, start=1):
        if entry.position != position:
            return Fault(chain.name, position, "the entry is missing")
        if entry.previous != previous:
            return Fault(chain.name, position, "it does not follow the entry before it")
        if hash_of(entry) != entry.hash:
            return Fault(chain.name, position, "its content was changed")
        previous = entry.hash
    if (position, previous) != (chain.length, chain.head):
        return Fault(chain.name, position + 1, "entries are missing from the end")
    return None


def _strays() -> Iterator[Fault]:
    known = select(AuditStream.name)
    strays = select(AuditEntry).where(AuditEntry.stream.not_in(known)).order_by(AuditEntry.stream, AuditEntry.position)
    for entry in session().scalars(strays):
        yield Fault(entry.stream, entry.position, "its stream is missing")


def digest() -> str:
    """SHA-256 over the heads of all streams, sorted: another one as soon as a chain was changed or taken away."""
    heads = sorted(f"{name} {head}" for name, head in session().execute(select(AuditStream.name, AuditStream.head)))
    return hashlib.sha256("\n".join(heads).encode()).hexdigest()


def count_entries() -> int:
    """How many entries there are in all streams."""
    return session().scalar(select(func.count()).select_from(AuditEntry)) or 0


def entries_about(thing: Identified) -> list[AuditEntry]:
    """The entries of a thing's own stream, oldest first."""
    own = select(AuditEntry).where(AuditEntry.stream == name_of(thing)).order_by(AuditEntry.position)
    return list(session().scalars(own))
