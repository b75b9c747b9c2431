"""Rows of reviews: one review for each closed need, and its awards."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need
from app.responses.models import Response

# `declaring`, `consensus` and `published` come with panels; these are the states of one officer's review
SCORING, DECIDED, NOTIFIED = "scoring", "decided", "notified"
# of a question or an answer between reviewers and a respondent
MOST_CHARACTERS = 2_000


class Review(Lifecycle, RandomId, Versioned, Base):
    """The officers' work on one closed need; it exists from the act that opened the responses."""

    __tablename__ = "reviews"
    NOUN, INITIAL = "review", SCORING
    MOVES = {"decide": move(SCORING, to=DECIDED), "notify": move(DECIDED, to=NOTIFIED)}
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), unique=True)
    opened_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[Need] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class Award(RandomId, Base):
    """One response that won, and for how much."""

    __tablename__ = "awards"
    review_id: Mapped[str] = mapped_column(ForeignKey("reviews.id"), index=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), unique=True)
    value_pence: Mapped[int] = mapped_column(BigInteger)
    review: Mapped[Review] = relationship()
    response: Mapped[Response] = relationship()
