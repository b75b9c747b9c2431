"""How the index stands: documents, marks, and how far it is behind the database."""

from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.kernel.search import changes, documents, place
from app.kernel.search.changes import Mark
from app.kernel.search.following import shelf_of, usable
from app.kernel.search.shelf import Broken, Note

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
    """How far the local index is behind what is committed, in a transaction of its own, also within another."""
    now = clock.now()
    return _lag(Context().run(_standing), now)


def status() -> Status:
    """What `clarion index status` and the operator's page show, and `lag` with it."""
    found, now = Context().run(_standing), clock.now()
    return Status({kind: _kind_status(kind, each) for kind, each in found.items()}, _lag(found, now), _following())


def index_version(kind: str | None = None) -> str:
    """A string that names the generation of a kind's index, or of all; "" while there is none."""
    kinds: Sequence[str] = [kind] if kind else documents.kinds()
    versions = {each: shelf_of(each).version() or "" for each in kinds}
    return versions[kind] if kind else " ".join(f"{each}={version}" for each, version in versions.items())


@dataclass(frozen=True)
class _Standing:
    """One kind: its mark, whether its index can be used, and the log lines that it lacks."""

    mark: Mark
    ready: bool
    waiting: int
    oldest: datetime | None


def _standing() -> dict[str, _Standing]:
    """The notes are read before the database's snapshot: an index ahead of a snapshot seems to be of another database.

    So the snapshot of a request under way would not do.
    """
    notes = {kind: shelf_of(kind).note() for kind in documents.kinds()}
    with db.reading() as session:
        return {kind: _stands(session, kind, note) for kind, note in notes.items()}


def _stands(session: Session, kind: str, note: Note | None) -> _Standing:
    ready = usable(session, documents.searchable(kind), note) and not shelf_of(kind).is_reported()
    mark = note.mark if note else NOTHING
    return _Standing(mark, ready, *changes.behind(session, kind, mark if ready else NOTHING))


def _lag(found: Mapping[str, _Standing], now: datetime) -> Lag:
    oldest = min((each.oldest for each in found.values() if each.oldest), default=None)
    seconds = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return Lag(sum(each.waiting for each in found.values()), seconds, all(each.ready for each in found.values()))


def _kind_status(kind: str, standing: _Standing) -> KindStatus:
    shelf = shelf_of(kind)
    try:
        held = shelf.documents()
    except Broken:
        held = 0
    return KindStatus(held, standing.mark.line_id, shelf.version() or "", standing.ready)


def _following() -> bool:
    try:
        with place.locked(place.here().folder / "follower.lock", wait=False) as free:
            return not free
    except FileNotFoundError:
        # the whole folder was deleted
        return False
