"""Rows of what was looked at first: one answer for each question of a need, with the candidates that were shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.needs.firsts.shown import Shown, read_shown
from app.needs.models import Need


class FirstAnswer(RandomId, Versioned, Base):
    """What a department answered to one question before its need was firm: reuse, neighbours, or in-house."""

    __tablename__ = "first_answers"
    __table_args__ = (UniqueConstraint("need_id", "question"),)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    question: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # kind and id of one of the candidates, or nothing
    chosen: Mapped[str] = mapped_column(String(80), default="")
    # the candidates as they were shown to who answered, each a `Shown`
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    answered_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime]
    need: Mapped[Need] = relationship()
    answered_by: Mapped[Person] = relationship()

    @property
    def shown(self) -> list[Shown]:
        """The candidates as they were shown, the first first."""
        return [read_shown(facts) for facts in self.candidates]

    @property
    def chosen_one(self) -> Shown | None:
        """The candidate that was chosen, as it was shown."""
        return next((each for each in self.shown if each.name == self.chosen), None)
