"""Rows of responses: interest below open, and sealed responses with their answers and receipts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, Requirement
from app.providers.models import Evidence, Provider, SolutionProfile
from app.responses.promised import Promise, PromisedAsset, TeamPlace, day_from, day_to, list_from, list_to
from app.responses.sealed import Sealed, Sealing

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


class Response(Lifecycle, RandomId, Versioned, Sealing, Base):
    """One provider's answer to one need; until it is opened, only its provider's own staff may read it."""

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("need_id", "provider_id"),)
    NOUN, INITIAL = "response", DRAFT
    MOVES = {
        "submit": move(DRAFT, to=SUBMITTED),
        "withdraw": move(DRAFT, SUBMITTED, to=WITHDRAWN),
        "resume": move(WITHDRAWN, to=DRAFT),
        # a coalition changes its terms, or loses a partner, after it submitted
        "reopen": move(SUBMITTED, to=DRAFT),
        "open": move(SUBMITTED, to=OPENED),
        "shortlist": move(OPENED, SET_ASIDE, to=SHORTLISTED),
        "set_aside": move(OPENED, SHORTLISTED, to=SET_ASIDE),
        "award": move(SHORTLISTED, to=AWARDED),
        "not_award": move(OPENED, SHORTLISTED, SET_ASIDE, to=NOT_AWARDED),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("solution_profiles.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    set_aside_reason: Mapped[str] = mapped_column(Text, default="")
    # when its provider was told the result, with the feedback: until then even its own staff see "opened"
    told_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    profile: Mapped[SolutionProfile | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="response", cascade="all, delete-orphan")
    # who answers together: the lead's part and its partners', which are rows of coalitions
    parts: Mapped[list[Any]] = relationship("Part", back_populates="response", cascade="all, delete-orphan")
    # what stands sealed, also after the opening: what officers read is the last receipt's content
    summary = Sealed[str]("")
    price_pence = Sealed[int | None](None)
    available_from = Sealed[date | None](None, read=day_from, write=day_to)
    knowledge_transfer = Sealed[str]("")
    team = Sealed[list[TeamPlace]]([], read=list_from(TeamPlace), write=list_to)
    promises = Sealed[list[Promise]]([], read=list_from(Promise), write=list_to)
    assets = Sealed[list[PromisedAsset]]([], read=list_from(PromisedAsset), write=list_to)

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


class Answer(RandomId, Versioned, Sealing, Base):
    """What a response says to one requirement, with the evidence it points to."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("response_id", "requirement_id"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    # an amendment may take a requirement away, and must not fail because there are answers: that would tell of them
    requirement_id: Mapped[str] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"), index=True)
    response: Mapped[Response] = relationship(back_populates="answers")
    requirement: Mapped[Requirement] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(secondary=answer_evidence, order_by=Evidence.title)
    text = Sealed[str]("")
    # the provider whose these words are: the requirement may have been given to another one since
    written_by = Sealed[str]("")


class SubmissionReceipt(RandomId, Sealing, Base):
    """One submission or resubmission: what was said, when, by whom, and the salted commitment that binds it.

    `content` holds profile and evidence as they stood, so that nothing that is edited after the deadline changes an
    answer; it stands sealed, with the salt. The act that opens all responses of a need copies both, of the last
    receipt alone, into `opened_content` and `opened_salt`: reviewers read only these. Each has a salt of its own, so
    opening the last tells nothing of the others.
    """

    __tablename__ = "submission_receipts"
    __table_args__ = (UniqueConstraint("response_id", "number"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    number: Mapped[int]
    commitment: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    response: Mapped[Response] = relationship()
    submitted_by: Mapped[Person] = relationship()
    opened_content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    opened_salt: Mapped[str | None] = mapped_column(String(32))
    content = Sealed[dict[str, Any]]({})
    salt = Sealed[str]("")
