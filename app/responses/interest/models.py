"""Rows of conversations: a provider asks to talk about a need below open, and the department answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need
from app.providers.models import Provider

ASKED, IN_TOUCH, OFFERED, AGREED = CURRENT = ("asked", "in_touch", "offered", "agreed")
DECLINED, TAKEN_BACK = "declined", "taken_back"
STATES = {
    ASKED: "Waits for an answer",
    IN_TOUCH: "The department will be in touch",
    OFFERED: "A time is offered",
    AGREED: "Agreed",
    DECLINED: "Declined",
    TAKEN_BACK: "Taken back",
}


class Conversation(Lifecycle, RandomId, Versioned, Base):
    """A provider's wish to talk with a need's owners, and what they answered; only the two sides read it."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "uq_conversations_current",
            "need_id",
            "provider_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'in_touch', 'offered', 'agreed')"),
            postgresql_where=text("state IN ('asked', 'in_touch', 'offered', 'agreed')"),
        ),
    )
    NOUN, INITIAL = "request for a conversation", ASKED
    MOVES = {
        "promise_contact": move(ASKED, to=IN_TOUCH),
        "offer_time": move(ASKED, IN_TOUCH, OFFERED, to=OFFERED),
        "agree_to_time": move(OFFERED, to=AGREED),
        "decline": move(ASKED, IN_TOUCH, OFFERED, to=DECLINED),
        "take_back": move(*CURRENT, to=TAKEN_BACK),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    about: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    # what the department answered last: a note, the reason of a no, or where and how to meet at the time offered
    answer: Mapped[str] = mapped_column(Text, default="")
    offered_for: Mapped[datetime | None]
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def is_current(self) -> bool:
        """Whether it neither ended nor was declined."""
        return self.state in CURRENT
