"""The follower: applies the change log to the local index, and builds an index anew where it cannot follow.

The snapshot of one transaction serves one round, and the round's commit carries the mark of that snapshot. So a crash
at any moment loses nothing, and what is played twice gives the same documents.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel import db
from app.kernel.search import changes, documents, place
from app.kernel.search.documents import Searchable
from app.kernel.search.opening import is_lack
from app.kernel.search.reading import reading
from app.kernel.search.schema import LAYOUT, layout_of
from app.kernel.search.shelf import Note, Shelf

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

ROWS_AT_ONCE = 200
POLL_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

# Log lines applied beyond the mark, with the build they went into: on PostgreSQL, while older transactions still run.
_applied: dict[Path, tuple[str, set[int]]] = {}


def catch_up() -> int:
    """Apply what is due to every index of this machine; those missing, broken or of another database are built anew.

    Returns how many log lines were applied. Opens transactions of its own: call it outside any.
    """
    applied, failed = 0, None
    for kind in documents.kinds():
        try:
            applied += _catch_up(documents.searchable(kind))
        except Exception as error:
            # the fault of one kind must not hold up the others
            failed = failed or error
    if failed:
        raise failed
    return applied


def rebuild(kinds: Sequence[str] | None = None, progress: Progress | None = None) -> None:
    """Build these kinds' indexes (all) from the database; searches use the old ones until each is swapped in.

    `progress(kind, rows done, rows in all)` is called about every 200 rows. Safe beside a running follower.
    """
    for kind in kinds or documents.kinds():
        _rebuild(documents.searchable(kind), progress)
    place.ring()


def shelf_of(kind: str) -> Shelf:
    """The index files of a kind in the folder of this process."""
    return Shelf(place.here().folder, kind)


def usable(session: Session, searchable: Searchable, note: Note | None) -> bool:
    """Whether an index was made by this code from this database, so that it can be followed."""
    if note is None or note.layout != LAYOUT or note.recipe != searchable.recipe:
        return False
    return changes.knows(session, note.mark)


def _catch_up(searchable: Searchable) -> int:
    shelf = shelf_of(searchable.kind)
    applied = _follow(shelf, searchable)
    if applied is None:
        log.info("the search index of %s is built anew", searchable.kind)
        _rebuild(searchable, None)
        applied = _follow(shelf, searchable) or 0
    return applied


def _follow(shelf: Shelf, searchable: Searchable) -> int | None:
    """One round for one kind; None when its index must be built anew. The lock comes before the snapshot."""
    with shelf.committing(), db.reading() as session:
        note = shelf.note()
        if shelf.is_reported() or note is None or not usable(session, searchable, note):
            return None
        return apply_due(session, shelf, searchable, note)


def apply_due(session: Session, shelf: Shelf, searchable: Searchable, note: Note) -> int | None:
    """Several lines of one row are one change: two updates of one id in one Whoosh commit would leave two documents."""
    build = (shelf.version() or "").partition(".")[0]
    applied_to, applied = _applied.get(shelf.folder, ("", set()))
    lines = changes.due(session, shelf.kind, note.mark)
    fresh = {number: row_id for number, row_id in lines.items() if applied_to != build or number not in applied}
    now = Note(changes.present(session), note.recipe)
    if fresh:
        rows = list(dict.fromkeys(fresh.values()))
        if not _applied_whole(shelf, rows, layouts(session, searchable, rows), now):
            return None
    elif now.mark.line != note.mark.line or (lines and now.mark.boundary > note.mark.boundary):
        shelf.advance(now)
    _applied[shelf.folder] = (build, set(lines))
    return len(fresh)


def _applied_whole(shelf: Shelf, rows: Sequence[str], laid: Iterator[dict[str, Any]], now: Note) -> bool:
    """Apply and commit; False when the index files turn out damaged, whatever the error is that they cause."""
    try:
        shelf.apply(rows, laid, now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        if is_lack(error):
            raise
        log.exception("the search index of %s is damaged", shelf.kind)
        return False
    return True


def _rebuild(searchable: Searchable, progress: Progress | None) -> None:
    shelf = shelf_of(searchable.kind)
    with db.reading() as session:
        note = Note(changes.present(session), searchable.recipe)
        rows = session.scalars(select(searchable.model.id).order_by(searchable.model.id)).all()
        shelf.build(layouts(session, searchable, rows, progress), note)


def layouts(
    session: Session, searchable: Searchable, rows: Sequence[str], progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """The documents of these rows, laid out; rows that are gone or not searchable have none. Loads 200 at a time."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[start : start + ROWS_AT_ONCE]
        yield from _laid(searchable, _loaded(session, searchable, chunk))
        session.expunge_all()
        if progress:
            progress(searchable.kind, start + len(chunk), len(rows))


def _loaded(session: Session, searchable: Searchable, rows: Sequence[str]) -> Iterable[Any]:
    model = searchable.model
    return session.scalars(select(model).where(model.id.in_(rows)).options(*searchable.options)).unique().all()


def _laid(searchable: Searchable, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """A row whose document cannot be made is left out and logged: it must not hold up all the others."""
    for row in rows:
        try:
            document = searchable.document(row)
            if document is not None:
                yield layout_of(row.id, document)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("no document of %s %s", searchable.kind, row.id)


class Follower:
    """A daemon thread that leads when it holds the machine's lock, and otherwise waits for its holder to die."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.leading = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search follower", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop after the commit under way, and free the lock."""
        self._stopping.set()
        place.ring(self.folder)
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._lead_or_not()
            except OSError:
                log.exception("the follower of the search index cannot use %s", self.folder)
            self.leading.clear()
            self._stopping.wait(POLL_SECONDS)

    def _lead_or_not(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with place.locked(self.folder / "follower.lock", wait=False) as first:
            if first:
                self.leading.set()
                with place.bell(self.folder) as wait:
                    self._lead(wait)

    def _lead(self, wait: Callable[[float], None]) -> None:
        """Until stopped, or until somebody deletes the folder: then nobody hears the bell, and the lock is no lock."""
        pause, settled = POLL_SECONDS, False
        while not self._stopping.is_set() and (self.folder / "bell").exists():
            try:
                if not settled:
                    _settle()
                    settled = True
                catch_up()
                pause = POLL_SECONDS
            except Exception:
                log.exception("the search index could not follow the database; trying again in %.1f s", pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            wait(pause)


def _settle() -> None:
    """On taking over: clear what a killed process left, and see that each index opens (or is reported broken)."""
    for kind in documents.kinds():
        with suppress(OSError):
            shelf_of(kind).sweep()
        with reading(kind):
            pass


def follow() -> Follower:
    """Start a follower in this process; call it after any fork. Many may run: one at a time leads."""
    follower = Follower(place.here().folder)
    follower.start()
    return follower
