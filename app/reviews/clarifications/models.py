"""Rows of clarifications: one question to one respondent after the opening, and its answer beside the response."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import Base, RandomId, Versioned
from app.needs.models import Need
from app.responses.models import Response

MOST_DAYS = 30
WAITING, ANSWERED, LAPSED = "waiting", "answered", "lapsed"


class Clarification(RandomId, Versioned, Base):
    """One question that an officer asked of one respondent about what it submitted; its answer changes no response."""

    __tablename__ = "clarifications"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    # the requirement as the submission names it, and its words then; both empty where the offer is meant
    requirement: Mapped[str] = mapped_column(String(12), default="")
    asked_of: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    # at this moment itself an answer is late
    answer_until: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    response: Mapped[Response] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def need(self) -> Need:
        """The need whose response it is about."""
        return self.response.need

    @property
    def standing(self) -> str:
        """Whether it waits for its answer, has it, or has lapsed without one."""
        if self.answered_at is not None:
            return ANSWERED
        return WAITING if clock.now() < self.answer_until else LAPSED
