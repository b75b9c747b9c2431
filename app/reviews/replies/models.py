"""Rows of replies to feedback: how useful a respondent found it, and the one question that it may ask."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.needs.models import Need
from app.responses.models import Response
from app.reviews.feedback.models import Feedback

YES, PARTLY, NO = "yes", "partly", "no"
USEFUL = {YES: "Yes", PARTLY: "Partly", NO: "No"}
MOST_OF_A_SENTENCE = 300


class FeedbackRating(RandomId, Versioned, Base):
    """How useful a respondent found its feedback; the department reads it among others alone, and without a name."""

    __tablename__ = "feedback_ratings"
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), unique=True)
    useful: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str] = mapped_column(Text, default="")
    # of the commitment in the audit, which officers read
    salt: Mapped[str] = mapped_column(String(32))
    rated_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    rated_at: Mapped[datetime]
    feedback: Mapped[Feedback] = relationship()


class FeedbackQuestion(RandomId, Versioned, Base):
    """The one question that a respondent asked about its feedback, and the answer, which changes no result."""

    __tablename__ = "feedback_questions"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
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
