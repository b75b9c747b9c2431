"""The mark that tells whether the sealing key at hand is the one with which this database was sealed."""

from sqlalchemy import Text, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.config import BadSetting
from app.kernel import sealing
from app.kernel.db import Base, database, in_transaction, reading, session

TEXT = "Clarion"
WRONG_KEY = (
    "CLARION_SEALING_KEY: this database was sealed with another key. Set the key that was kept with it, or put the "
    "file sealing_key of the instance folder back. With this one no response could be opened."
)


class SealingMark(Base):
    """A known text, sealed with the key that this database is sealed with: one row, made before anything is sealed."""

    __tablename__ = "sealing_marks"
    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)


def is_right_key() -> bool | None:
    """Whether the mark opens with the key at hand; None where no mark was made yet. Reads one row."""
    mark = session().scalar(select(SealingMark.sealed).where(SealingMark.name == TEXT))
    if mark is None:
        return None
    try:
        return sealing.unseal(mark, key=TEXT, place=TEXT) == TEXT
    except sealing.BrokenSeal:
        return False


def keep() -> None:
    """Make the mark where there is none, and refuse to go on with another key than it was made with.

    Where there are no tables yet there is nothing to mark: whoever makes them comes here again.
    """
    if not inspect(database().engine).has_table(SealingMark.__tablename__):
        return
    with reading():
        known = is_right_key()
    if known is None:
        try:
            in_transaction(_make)
        except IntegrityError:  # another process was first, perhaps with another key
            with reading():
                known = is_right_key()
    if known is False:
        raise BadSetting(WRONG_KEY)


def _make() -> None:
    session().add(SealingMark(name=TEXT, sealed=sealing.seal(TEXT, key=TEXT, place=TEXT)))
    session().flush()
