"""Rows of providers: the provider's page, solution profiles, evidence."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import IN_HOUSE_TEAM, Organisation
from app.capabilities.models import Capability
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move

DRAFT, LIVE, RETIRED = "draft", "live", "retired"
STATED, COUNTERSIGNED, DISPUTED = "stated", "countersigned", "disputed"
YEARS_OF_EVIDENCE = 5

profile_capabilities = Table(
    "profile_capabilities",
    Base.metadata,
    Column("profile_id", ForeignKey("solution_profiles.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
evidence_capabilities = Table(
    "evidence_capabilities",
    Base.metadata,
    Column("evidence_id", ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
profile_evidence = Table(
    "profile_evidence",
    Base.metadata,
    Column("profile_id", ForeignKey("solution_profiles.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence_id", ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True, index=True),
)
team_member_capabilities = Table(
    "team_member_capabilities",
    Base.metadata,
    Column("team_member_id", ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)


class Provider(RandomId, Versioned, Base):
    """What a supplier or an in-house team says of itself: one page for each organisation."""

    __tablename__ = "providers"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), unique=True)
    about: Mapped[str] = mapped_column(Text, default="")
    people: Mapped[int | None]
    # the band of `people` (a key of providers.choices.SIZES), or told without a number
    size: Mapped[str] = mapped_column(String(20), default="")
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    organisation: Mapped[Organisation] = relationship()
    profiles: Mapped[list["SolutionProfile"]] = relationship(viewonly=True, order_by="SolutionProfile.title")
    evidence: Mapped[list["Evidence"]] = relationship(viewonly=True, order_by="Evidence.finished_on.desc()")

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def is_in_house(self) -> bool:
        return self.organisation.kind == IN_HOUSE_TEAM


class SolutionProfile(Lifecycle, RandomId, Versioned, Base):
    """One thing a provider offers: the problem it solves, how, for whom, at what price, within which constraints."""

    __tablename__ = "solution_profiles"
    __table_args__ = (Index("uq_solution_profiles_reference", "provider_id", "reference", unique=True),)
    NOUN, INITIAL = "solution profile", DRAFT
    MOVES = {"publish": move(DRAFT, to=LIVE), "retire": move(LIVE, to=RETIRED), "revive": move(RETIRED, to=DRAFT)}
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text, default="")
    approach: Mapped[str] = mapped_column(Text, default="")
    users: Mapped[str] = mapped_column(Text, default="")
    technologies: Mapped[list[str]] = mapped_column(JSON, default=list)
    low_pence: Mapped[int | None] = mapped_column(BigInteger)
    high_pence: Mapped[int | None] = mapped_column(BigInteger)
    price_unit: Mapped[str] = mapped_column(String(40), default="")
    clearance: Mapped[str] = mapped_column(String(20), default="")
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    remote: Mapped[bool | None]
    standards: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(String(120), unique=True)
    source_url: Mapped[str] = mapped_column(String(300), default="")
    provider: Mapped[Provider] = relationship()
    capabilities: Mapped[list[Capability]] = relationship(secondary=profile_capabilities, order_by=Capability.name)
    evidence: Mapped[list["Evidence"]] = relationship(secondary=profile_evidence, order_by="Evidence.title")
    # what an import said last, field by field: what differs from it was changed by the provider since, and stays
    source_said: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # the licences under which it may be used, as SPDX names them
    licence: Mapped[str] = mapped_column(String(200), default="")
    # the provider's own name for it in its catalogue, by which a file finds it again
    reference: Mapped[str | None] = mapped_column(String(60))


class Evidence(RandomId, Versioned, Base):
    """A claim of past work: stated by the provider, or countersigned (or disputed) through an outcome."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("achieved_percent BETWEEN 0 AND 100", name="achieved_percent"),)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    client: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, default="")
    finished_on: Mapped[date]
    standing: Mapped[str] = mapped_column(String(20), default=STATED, index=True)
    # how much of what the buyer wanted came, as the outcome says; None on what is only stated
    achieved_percent: Mapped[int | None]
    # the audit name of what countersigned it (`partnerships:…`): the way up the story is not a foreign key
    source: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    provider: Mapped[Provider] = relationship()
    capabilities: Mapped[list[Capability]] = relationship(secondary=evidence_capabilities, order_by=Capability.name)
    profiles: Mapped[list[SolutionProfile]] = relationship(secondary=profile_evidence, viewonly=True)

    @property
    def expires_on(self) -> date:
        """Five years after the work finished; derived, never stored. From 29 February it is 28 February."""
        year = self.finished_on.year + YEARS_OF_EVIDENCE
        is_leap_day = (self.finished_on.month, self.finished_on.day) == (2, 29)
        return self.finished_on.replace(year=year, day=28 if is_leap_day else self.finished_on.day)

    def is_expired(self, today: date) -> bool:
        """Whether the claim has grown too old to prove anything; on the day itself it has."""
        return today >= self.expires_on

    @property
    def is_stated(self) -> bool:
        return self.standing == STATED


class TeamMember(RandomId, Versioned, Base):
    """One of the provider's people, known to its own staff: others see how many can do what, in bands.

    Named in a response, they are copied into it, so that removing somebody here changes no answer.
    """

    __tablename__ = "team_members"
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    job: Mapped[str] = mapped_column(String(120), default="")
    added_at: Mapped[datetime]
    provider: Mapped[Provider] = relationship()
    capabilities: Mapped[list[Capability]] = relationship(secondary=team_member_capabilities, order_by=Capability.name)
