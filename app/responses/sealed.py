"""Sealed attributes: what the program reads and writes like any other, and the database holds as one sealed text.

A row keeps all of its sealed attributes together, so not even which of them are filled stands in the database. They
are sealed when the row is written, under the key of its need, and bound to the row. No SQL can speak of them.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import audit, sealing
from app.kernel.db import new_id

log = logging.getLogger(__name__)
T = TypeVar("T")
# stands in the column between a change and its writing, so that the row counts as changed
PENDING = ""


def _as_it_is(value: Any) -> Any:
    return value


class Sealing:
    """A row with a sealed text, in which its `Sealed` attributes stand."""

    sealed: Mapped[str | None] = mapped_column(Text, sort_order=80)

    @property
    def sealing_key(self) -> str:
        """The name of the key: the id of the need that this row, or else its response, is about."""
        row: Any = self
        return str(row.need_id if hasattr(row, "need_id") else row.response.need_id)

    @property
    def sealing_place(self) -> str:
        """Where the text stands; in another row it does not open."""
        return f"{self.__tablename__}:{self.id}:sealed"  # type: ignore[attr-defined]


class Sealed(Generic[T]):
    """One attribute that stands sealed; `read` and `write` turn it from and into what JSON can hold.

    `default` is what it is before anything was said, as JSON holds it.
    """

    def __init__(
        self, default: Any, *, read: Callable[[Any], T] = _as_it_is, write: Callable[[T], Any] = _as_it_is
    ) -> None:
        self.default, self.read, self.write = default, read, write

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed[T]": ...

    @overload
    def __get__(self, row: Sealing, owner: type) -> T: ...

    def __get__(self, row: Sealing | None, owner: type) -> "Sealed[T] | T":
        return self if row is None else self.read(_said(row).get(self.name, self.default))

    def __set__(self, row: Sealing, value: T) -> None:
        said = {**_said(row), self.name: self.write(value)}
        row.sealed = PENDING
        row.__dict__["_said"] = (PENDING, said)


def _said(row: Sealing) -> dict[str, Any]:
    """All that the row's sealed text says; it is unsealed once, and again when the text is another one."""
    if row.sealed is None:
        return {}
    text, said = row.__dict__.get("_said", (None, {}))
    if text != row.sealed:
        said = _unsealed(row, row.sealed)
        row.__dict__["_said"] = (row.sealed, said)
    return said  # type: ignore[no-any-return]


def _unsealed(row: Sealing, text: str) -> dict[str, Any]:
    try:
        opened = sealing.unseal(text, key=row.sealing_key, place=row.sealing_place)
    except sealing.BrokenSeal:
        log.error("a sealed text does not open: %s", row.sealing_place)
        raise
    return json.loads(opened)  # type: ignore[no-any-return]


@event.listens_for(Sealing, "before_insert", propagate=True)
@event.listens_for(Sealing, "before_update", propagate=True)
def _seal(_mapper: Any, _connection: Any, row: Any) -> None:
    """Seal what was said since the row was last written. Its id is part of the place, so it is given here."""
    if row.sealed != PENDING:
        return
    row.id = row.id or new_id()
    said = row.__dict__["_said"][1]
    row.sealed = sealing.seal(audit.canonical(said), key=row.sealing_key, place=row.sealing_place)
    row.__dict__["_said"] = (row.sealed, said)
