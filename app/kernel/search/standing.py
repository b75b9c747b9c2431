"""How the index stands: documents, marks, and how far it is behind the database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.kernel.search import changes, documents, place
from app.kernel.search.changes import Mark
from app.kernel.search.following import shelf_of, usable
from app.kernel.search.shelf import Broken

NOTHING = Mark(0, "")


@dataclass(frozen=True)
class Lag:
    """Log lines that some index still lacks, the age of the oldest in seconds, and whether every index can be used."""

    changes: int
    seconds: float
    ready: bool


@dataclass(frozen=True)
class KindStatus:
    """One kind's index: its documents, the id of the newest log line seen, its generation, whether it is usable."""

    documents: int
    mark: int
    version: str
    ready: bool


@dataclass(frozen=True)
class Status:
    """All indexes of this machine; `following`: some process here holds the follower's lock."""

    kinds: dict[str, KindStatus]
    lag: Lag
    following: bool


def lag() -> Lag:
    """How far the local index is behind the database. Uses the transaction under way, or opens its own."""
    with _session() as session:
        waiting = [_behind(session, kind) for kind in documents.kinds()]
        oldest = min((at for _, at, _ in waiting if at), default=None)
        seconds = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
        return Lag(sum(count for count, _, _ in waiting), seconds, all(ready for _, _, ready in waiting))


def status() -> Status:
    """What `clarion index status` and the operator's page show."""
    with _session():
        return Status({kind: _kind_status(kind) for kind in documents.kinds()}, lag(), _following())


def index_version(kind: str | None = None) -> str:
    """A string that names the generation of a kind's index, or of all; "" while there is none."""
    kinds: Sequence[str] = [kind] if kind else documents.kinds()
    versions = {each: shelf_of(each).version() or "" for each in kinds}
    return versions[kind] if kind else " ".join(f"{each}={version}" for each, version in versions.items())


def _behind(session: Session, kind: str) -> tuple[int, datetime | None, bool]:
    note = shelf_of(kind).note()
    ready = usable(session, documents.searchable(kind), note)
    count, oldest = changes.behind(session, kind, note.mark if note and ready else NOTHING)
    return count, oldest, ready


def _kind_status(kind: str) -> KindStatus:
    shelf = shelf_of(kind)
    note = shelf.note()
    try:
        held = shelf.documents()
    except Broken:
        held = 0
    ready = usable(db.session(), documents.searchable(kind), note)
    return KindStatus(held, note.mark.line_id if note else 0, shelf.version() or "", ready)


def _following() -> bool:
    with place.locked(place.here().folder / "follower.lock", wait=False) as free:
        return not free


@contextmanager
def _session() -> Iterator[Session]:
    if db.has_session():
        yield db.session()
    else:
        with db.reading() as session:
            yield session
