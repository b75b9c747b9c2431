"""Rows of approvals."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, Signal

ASKED, APPROVED, RETURNED, WITHDRAWN = "asked", "approved", "returned", "withdrawn"


class Approval(Lifecycle, Signal, RandomId, Base):
    """An owner's wish to publish a need as committed or open, or to move it there, and an officer's answer."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index(
            "uq_approvals_asked",
            "need_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    NOUN, INITIAL = "request for approval", ASKED
    MOVES = {
        "approve": move(ASKED, to=APPROVED),
        "return": move(ASKED, to=RETURNED),
        "withdraw": move(ASKED, to=WITHDRAWN),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    to_rung: Mapped[str] = mapped_column(String(20))
    # for a move: why, and the deadlines for responses and for questions; a draft holds its own
    reason: Mapped[str] = mapped_column(Text, default="")
    deadline_at: Mapped[datetime | None]
    questions_until: Mapped[datetime | None]
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[Need] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)

    @property
    def is_stale(self) -> bool:
        """Whether the need was changed since the approval was asked for: what is approved is what was seen."""
        return self.need.changed_at > self.asked_at
