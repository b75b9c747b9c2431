"""Rows of feedback: what a respondent was told, and what is written of it so far."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.needs.models import Need
from app.responses.models import Response


class Feedback(RandomId, Versioned, Base):
    """What one respondent was told, fixed from then on; a need cannot conclude while one is owed."""

    __tablename__ = "feedback"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), unique=True)
    strengths: Mapped[str] = mapped_column(Text)
    # what would have changed the result
    improvements: Mapped[str] = mapped_column(Text)
    given_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime]
    # for each requirement as it was answered: requirement, asked, kind, band, sentence. One document, since it is read
    # as a whole and never changes; an amendment may have taken a requirement away, and what was told of it stays
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # where it stood, a key of `standings.CHOSEN`; empty where that follows from the response's state
    standing: Mapped[str] = mapped_column(String(20), default="")
    response: Mapped[Response] = relationship()
    given_by: Mapped[Person] = relationship()

    @property
    def need(self) -> Need:
        """The need whose response it is about."""
        return self.response.need


class FeedbackDraft(RandomId, Versioned, Base):
    """What officers have written of one respondent's feedback so far; they share it, and nobody else reads it."""

    __tablename__ = "feedback_drafts"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), unique=True)
    strengths: Mapped[str] = mapped_column(Text)
    improvements: Mapped[str] = mapped_column(Text)
    # by requirement: band and sentence, either may be empty
    bands: Mapped[dict[str, Any]] = mapped_column(JSON)
    standing: Mapped[str] = mapped_column(String(20))
    saved_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime]
    response: Mapped[Response] = relationship()
    saved_by: Mapped[Person] = relationship()
