"""Rows of responses: interest below open, and sealed responses with their answers."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, Requirement
from app.providers.models import Evidence, Provider, SolutionProfile

DRAFT, SUBMITTED, WITHDRAWN, OPENED = "draft", "submitted", "withdrawn", "opened"
SHORTLISTED, SET_ASIDE, AWARDED, NOT_AWARDED = "shortlisted", "set_aside", "awarded", "not_awarded"

answer_evidence = Table(
    "answer_evidence",
    Base.metadata,
    Column("answer_id", ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True, index=True),
)


class Interest(RandomId, Versioned, Base):
    """A provider's interest in a need below open: how many people, from when."""

    __tablename__ = "interests"
    __table_args__ = (UniqueConstraint("need_id", "provider_id"),)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    people: Mapped[int]
    from_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    registered_at: Mapped[datetime]
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()


class Response(Lifecycle, RandomId, Versioned, Base):
    """One provider's answer to one need; until it is opened, only its provider's own staff may read it."""

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("need_id", "provider_id"),)
    NOUN, INITIAL = "response", DRAFT
    MOVES = {
        "submit": move(DRAFT, to=SUBMITTED),
        "withdraw": move(DRAFT, SUBMITTED, to=WITHDRAWN),
        "resume": move(WITHDRAWN, to=DRAFT),
        "open": move(SUBMITTED, to=OPENED),
        "shortlist": move(OPENED, SET_ASIDE, to=SHORTLISTED),
        "set_aside": move(OPENED, SHORTLISTED, to=SET_ASIDE),
        "award": move(SHORTLISTED, to=AWARDED),
        "not_award": move(OPENED, SHORTLISTED, SET_ASIDE, to=NOT_AWARDED),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("solution_profiles.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    price_pence: Mapped[int | None] = mapped_column(BigInteger)
    available_from: Mapped[date | None]
    knowledge_transfer: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    # the salted commitment that the receipt shows and the audit keeps
    receipt: Mapped[str] = mapped_column(String(64), default="")
    set_aside_reason: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    profile: Mapped[SolutionProfile | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="response", cascade="all, delete-orphan")


class Answer(RandomId, Base):
    """What a response says to one requirement, with the evidence it points to."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("response_id", "requirement_id"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    requirement_id: Mapped[str] = mapped_column(ForeignKey("requirements.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    response: Mapped[Response] = relationship(back_populates="answers")
    requirement: Mapped[Requirement] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(secondary=answer_evidence, order_by=Evidence.title)


class SubmissionReceipt(RandomId, Base):
    """One submission or resubmission: when, by whom, and the commitment to what was submitted."""

    __tablename__ = "submission_receipts"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    commitment: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    response: Mapped[Response] = relationship()
    submitted_by: Mapped[Person] = relationship()
