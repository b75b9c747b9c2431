"""Rows of attachments."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need

WAITING, CLEAN, REFUSED = "waiting", "clean", "refused"
MOST_ATTACHMENTS = 10


class Attachment(Lifecycle, RandomId, Base):
    """One document or picture of a need, whose content stands in the store of files under its hash.

    What was published stays on record: an amendment marks it as removed, and it can still be read.
    """

    __tablename__ = "attachments"
    NOUN, INITIAL = "attachment", WAITING
    MOVES = {"clear": move(WAITING, to=CLEAN), "refuse": move(WAITING, to=REFUSED)}
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    # the name that the file had, for who downloads it
    name: Mapped[str] = mapped_column(String(120))
    # a key of filetypes.TYPES
    ending: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    added_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    # when the scan answered; a clean file without it was never scanned
    scanned_at: Mapped[datetime | None]
    # the numbers of the amendments that brought it and took it away, where the need was published
    added_by_amendment: Mapped[int | None]
    removed_by_amendment: Mapped[int | None]
    need: Mapped[Need] = relationship()
    added_by: Mapped[Person | None] = relationship()

    @property
    def is_removed(self) -> bool:
        """Whether an amendment took it away: it is no part of the need any more."""
        return self.removed_by_amendment is not None
