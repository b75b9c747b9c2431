"""Rows of responses: interest below open, and sealed responses with their answers and receipts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, Requirement
from app.providers.models import Evidence, Provider, SolutionProfile

DRAFT, SUBMITTED, WITHDRAWN, OPENED = "draft", "submitted", "withdrawn", "opened"
SHORTLISTED, SET_ASIDE, AWARDED, NOT_AWARDED = "shortlisted", "set_aside", "awarded", "not_awarded"
SEALED = (DRAFT, SUBMITTED, WITHDRAWN)
STATES = {
    DRAFT: "Draft",
    SUBMITTED: "Submitted",
    WITHDRAWN: "Withdrawn",
    OPENED: "Opened",
    SHORTLISTED: "Shortlisted",
    SET_ASIDE: "Set aside",
    AWARDED: "Awarded",
    NOT_AWARDED: "Not awarded",
}

answer_evidence = Table(
    "answer_evidence",
    Base.metadata,
    Column("answer_id", ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True, index=True),
)

interest_capabilities = Table(
    "interest_capabilities",
    Base.metadata,
    Column("interest_id", ForeignKey("interests.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)


class Interest(RandomId, Versioned, Base):
    """A provider's interest in a need below open: how many people, from when, for which of its capabilities."""

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
    # which of the need's capabilities these people would cover
    capabilities: Mapped[list[Capability]] = relationship(secondary=interest_capabilities, order_by=Capability.name)


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
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    set_aside_reason: Mapped[str] = mapped_column(Text, default="")
    # when its provider was told the result, with the feedback: until then even its own staff see "opened"
    told_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    profile: Mapped[SolutionProfile | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="response", cascade="all, delete-orphan")

    @property
    def is_sealed(self) -> bool:
        """Whether nobody but the provider's own staff may read it: drafts and withdrawn ones stay so for ever."""
        return self.state in SEALED

    @property
    def shown_state(self) -> str:
        """The state as its own staff may know it: what officers think of it is told with the feedback."""
        return self.state if self.is_sealed or self.told_at else OPENED

    def answer_to(self, requirement: Requirement) -> "Answer | None":
        """What was said to this requirement so far."""
        return next((answer for answer in self.answers if answer.requirement_id == requirement.id), None)


class Answer(RandomId, Versioned, Base):
    """What a response says to one requirement, with the evidence it points to."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("response_id", "requirement_id"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    # an amendment may take a requirement away, and must not fail because there are answers: that would tell of them
    requirement_id: Mapped[str] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    response: Mapped[Response] = relationship(back_populates="answers")
    requirement: Mapped[Requirement] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(secondary=answer_evidence, order_by=Evidence.title)


class SubmissionReceipt(RandomId, Base):
    """One submission or resubmission: what was said, when, by whom, and the salted commitment that binds it.

    `content` is what reviewers read once it is opened: profile and evidence as they stood, so that nothing that is
    edited after the deadline changes an answer. Each has a salt of its own, so opening the last tells nothing of the
    others.
    """

    __tablename__ = "submission_receipts"
    __table_args__ = (UniqueConstraint("response_id", "number"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    response: Mapped[Response] = relationship()
    submitted_by: Mapped[Person] = relationship()
