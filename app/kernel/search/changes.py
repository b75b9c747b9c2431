"""The change log: one line for each searchable row that a transaction changed, written in that same transaction.

The session writes it, so that no command can forget to. Readers of the log must not trust the order of its ids on
PostgreSQL: a lower id can become visible after a higher one. There each line also keeps the number of its transaction
(`turn`), and whoever reads takes everything from the oldest transaction that was still running the last time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    String,
    Text,
    cast,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Base
from app.kernel.search import place
from app.kernel.search.documents import followers_of

Key = tuple[str, str]


class SearchChange(Base):
    """One row of one kind was made, changed or deleted by a transaction that committed."""

    __tablename__ = "search_changes"
    __table_args__ = (Index("ix_search_changes_kind_id", "kind", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    turn: Mapped[int | None] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Mark:
    """How far an index has come: all before `boundary` is applied; `line` is the newest line seen, "" for none."""

    boundary: int
    line: str

    @property
    def line_id(self) -> int:
        return int(self.line.partition(" ")[0] or 0)


class Before:
    """A row as it was before this flush: a moved requirement touches the need that it left, too."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        attributes = inspect(self._row).attrs
        gone = attributes[name].history.deleted if name in attributes else ()
        return gone[0] if gone else getattr(self._row, name)


@event.listens_for(Session, "after_flush")
def _log_flush(session: Session, _context: object) -> None:
    keys: dict[Key, None] = {}
    for row in _changed_rows(session):
        keys.update(dict.fromkeys(_keys_of(row)))
    _write(session, keys)


def _changed_rows(session: Session) -> Iterator[Any]:
    yield from session.new
    yield from session.deleted
    for row in session.dirty:
        if session.is_modified(row):
            yield row
            yield Before(row)


def _keys_of(row: Any) -> Iterator[Key]:
    model = type(row._row) if isinstance(row, Before) else type(row)
    for kind, touched in followers_of(model):
        yield from ((kind, str(row_id)) for row_id in touched(row) if row_id is not None)


def _write(session: Session, keys: Iterable[Key]) -> None:
    lines = [{"kind": kind, "row_id": row_id, "at": clock.now()} for kind, row_id in keys]
    if not lines:
        return
    statement = insert(SearchChange.__table__)  # type: ignore[arg-type]
    if not _is_sqlite(session):
        statement = statement.values(turn=_number(func.pg_current_xact_id()))
    session.connection().execute(statement, lines)
    session.info["search_changed"] = True


@event.listens_for(Session, "do_orm_execute")
def _log_statement(state: ORMExecuteState) -> None:
    """Follow `update(Model)` and `delete(Model)` too; an insert statement names no rows, and is refused."""
    if not (state.is_update or state.is_delete or state.is_insert) or state.bind_mapper is None:
        return
    model = state.bind_mapper.class_
    if not followers_of(model):
        return
    if state.is_insert or isinstance(state.parameters, list):
        raise RuntimeError(f"write {model.__name__} as objects: the search index cannot see the rows of this statement")
    where = getattr(state.statement, "whereclause", None)
    rows = state.session.scalars(select(model) if where is None else select(model).where(where)).all()
    _write(state.session, dict.fromkeys(key for row in rows for key in _keys_of(row)))


@event.listens_for(Session, "after_commit")
def _wake_follower(session: Session) -> None:
    if session.info.pop("search_changed", False):
        place.ring()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("search_changed", None)


def present(session: Session) -> Mark:
    """The mark of an index that has applied all that this transaction can see."""
    newest = session.execute(select(SearchChange).order_by(SearchChange.id.desc()).limit(1)).scalar_one_or_none()
    line = _fingerprint(newest) if newest else ""
    if _is_sqlite(session):
        return Mark(newest.id if newest else 0, line)
    return Mark(_snapshot(session)[0], line)


def knows(session: Session, mark: Mark) -> bool:
    """Whether this database is the one that the mark was set by: it holds the same line, and no younger transaction.

    A database that was restored from a copy, or replaced, has another line there, or none.
    """
    if not _is_sqlite(session) and mark.boundary > _snapshot(session)[1]:
        return False
    if not mark.line:
        return True
    line = session.get(SearchChange, mark.line_id)
    return line is not None and _fingerprint(line) == mark.line


def due(session: Session, kind: str, mark: Mark) -> dict[int, str]:
    """The lines of a kind that an index with this mark may lack: {line id: row id}, oldest first.

    On PostgreSQL some of them may have been applied: all from the oldest transaction that the mark saw running.
    """
    lines = select(SearchChange.id, SearchChange.row_id).where(SearchChange.kind == kind).order_by(SearchChange.id)
    if _is_sqlite(session):
        lines = lines.where(SearchChange.id > mark.boundary)
    else:
        lines = lines.where(SearchChange.turn >= mark.boundary, SearchChange.turn < _snapshot(session)[1])
    return {line.id: line.row_id for line in session.execute(lines)}


def behind(session: Session, kind: str, mark: Mark) -> tuple[int, datetime | None]:
    """How many lines of a kind are younger than the mark, and the moment of the oldest of them."""
    younger = select(func.count(), func.min(SearchChange.at)).where(SearchChange.id > mark.line_id)
    count, oldest = session.execute(younger.where(SearchChange.kind == kind)).one()
    return count, oldest


def prune(session: Session, before: datetime) -> int:
    """Forget lines older than a moment, but never the newest; an index that slept longer rebuilds. Returns how many."""
    newest = select(func.max(SearchChange.id)).scalar_subquery()
    gone = session.execute(delete(SearchChange).where(SearchChange.at < before, SearchChange.id < newest))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _fingerprint(line: SearchChange) -> str:
    return f"{line.id} {line.kind} {line.row_id} {line.at.isoformat()}"


def _snapshot(session: Session) -> tuple[int, int]:
    """PostgreSQL: the oldest transaction still running, and the first that had not begun, for this transaction."""
    now = func.pg_current_snapshot()
    numbers = select(_number(func.pg_snapshot_xmin(now)), _number(func.pg_snapshot_xmax(now)))
    oldest, first = session.execute(numbers).one()
    return oldest, first


def _number(transaction: ColumnElement[Any]) -> ColumnElement[int]:
    """PostgreSQL's xid8 as a number: it casts to text alone."""
    return cast(cast(transaction, Text), BigInteger)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
