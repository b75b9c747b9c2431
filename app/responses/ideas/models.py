"""Rows of ideas, and of what departments say to them."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.capabilities.models import Capability
from app.kernel import clock
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import DRAFT as NEED_DRAFT
from app.needs.models import Need
from app.providers.models import Evidence, Provider, SolutionProfile

DRAFT, PROPOSED, WITHDRAWN, LAPSED = "draft", "proposed", "withdrawn", "lapsed"
LOOKING, INTERESTED, DECLINED, TAKEN_UP = "looking", "interested", "declined", "taken_up"
LASTS, UNANSWERED_AFTER = timedelta(days=365), timedelta(days=30)

idea_capabilities = Table(
    "idea_capabilities",
    Base.metadata,
    Column("idea_id", ForeignKey("ideas.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
idea_evidence = Table(
    "idea_evidence",
    Base.metadata,
    Column("idea_id", ForeignKey("ideas.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence_id", ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Idea(Lifecycle, RandomId, Versioned, Base):
    """What a provider proposes unasked to all departments at once; what was proposed does not change any more."""

    __tablename__ = "ideas"
    NOUN, INITIAL = "idea", DRAFT
    MOVES = {"propose": move(DRAFT, to=PROPOSED), "withdraw": move(DRAFT, PROPOSED, to=WITHDRAWN)}
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("solution_profiles.id"))
    title: Mapped[str] = mapped_column(String(200))
    # the problem that it would solve, and who has it
    problem: Mapped[str] = mapped_column(Text, default="")
    users: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    # what it would take
    low_pence: Mapped[int | None] = mapped_column(BigInteger)
    high_pence: Mapped[int | None] = mapped_column(BigInteger)
    weeks: Mapped[int | None]
    # the one text that everybody may read, rivals included; the rest is for departments
    public_summary: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    provider: Mapped[Provider] = relationship()
    profile: Mapped[SolutionProfile | None] = relationship()
    capabilities: Mapped[list[Capability]] = relationship(secondary=idea_capabilities, order_by=Capability.name)
    evidence: Mapped[list[Evidence]] = relationship(secondary=idea_evidence, order_by=Evidence.title)
    answers: Mapped[list["IdeaAnswer"]] = relationship(back_populates="idea", order_by="IdeaAnswer.began_at")

    @property
    def lapses_at(self) -> datetime | None:
        """Twelve months after it was proposed; derived, never stored."""
        return self.proposed_at + LASTS if self.proposed_at else None

    @property
    def is_current(self) -> bool:
        """Whether departments are shown it, and may answer it."""
        return self.state == PROPOSED and self.lapses_at is not None and clock.now() < self.lapses_at

    @property
    def shown_state(self) -> str:
        """The state as people see it."""
        return LAPSED if self.state == PROPOSED and not self.is_current else self.state

    def answer_of(self, department_id: str) -> "IdeaAnswer | None":
        """What this department has said so far."""
        return next((each for each in self.answers if each.department_id == department_id), None)


class IdeaAnswer(Lifecycle, RandomId, Versioned, Base):
    """What one department has said to one idea: what it asked back, its interest, its refusal, or the need it began."""

    __tablename__ = "idea_answers"
    __table_args__ = (UniqueConstraint("idea_id", "department_id"),)
    NOUN, INITIAL = "answer", LOOKING
    MOVES = {
        "mark_interest": move(LOOKING, DECLINED, to=INTERESTED),
        "decline": move(LOOKING, INTERESTED, TAKEN_UP, to=DECLINED),
        "take_up": move(LOOKING, INTERESTED, DECLINED, to=TAKEN_UP),
    }
    idea_id: Mapped[str] = mapped_column(ForeignKey("ideas.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    began_at: Mapped[datetime]
    interested_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    # the one thing that a department may ask, and what the provider says to it
    question: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    # the need that began with the idea; the credit stays, whatever becomes of either
    need_id: Mapped[str | None] = mapped_column(ForeignKey("needs.id"), unique=True)
    taken_up_at: Mapped[datetime | None]
    idea: Mapped[Idea] = relationship(back_populates="answers")
    department: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    need: Mapped[Need | None] = relationship()

    @property
    def owes_reply(self) -> bool:
        """Whether the provider was asked something and has not answered."""
        return bool(self.question) and self.replied_at is None

    @property
    def published_need(self) -> Need | None:
        """The need that began with the idea, once everybody can read it."""
        return self.need if self.need is not None and self.need.state != NEED_DRAFT else None
