"""The need itself, its success measures, requirements, owners, partners, moves and amendments."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, Person
from app.capabilities.models import Capability
from app.kernel import clock
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models.terms import (
    ASKED,
    CLOSED,
    CONCLUDED,
    DECLINED,
    DRAFT,
    EVERYBODY,
    INVITED,
    JOINED,
    LEFT,
    LIVE,
    OPEN,
    TAKEN_BACK,
    WITH_CAPABILITIES,
    WITHDRAWN,
    Signal,
    need_audience_capabilities,
    need_capabilities,
    need_invited_organisations,
    requirement_capabilities,
)


class Need(Lifecycle, Signal, RandomId, Versioned, Base):
    """One department's demand signal. Sections of a draft may be empty; publishing checks the whole."""

    __tablename__ = "needs"
    NOUN, INITIAL = "need", DRAFT
    MOVES = {
        "publish": move(DRAFT, to=LIVE),
        "close": move(LIVE, to=CLOSED),
        "withdraw": move(LIVE, to=WITHDRAWN),
        "conclude": move(CLOSED, to=CONCLUDED),
    }
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    rung: Mapped[str] = mapped_column(String(20), index=True)
    # problem and who has it
    problem: Mapped[str] = mapped_column(Text, default="")
    users: Mapped[str] = mapped_column(Text, default="")
    # what was done already, and who supplies it today
    done_already: Mapped[str] = mapped_column(Text, default="")
    supplied_today: Mapped[str] = mapped_column(Text, default="")
    # procurement route (a key of needs.choices.ROUTES), and the price's share of the points
    route: Mapped[str] = mapped_column(String(40), default="")
    price_weight: Mapped[int] = mapped_column(default=0)
    # constraints
    clearance: Mapped[str] = mapped_column(String(20), default="")
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    remote: Mapped[bool | None]
    standards: Mapped[list[str]] = mapped_column(JSON, default=list)
    # money
    low_pence: Mapped[int | None] = mapped_column(BigInteger)
    high_pence: Mapped[int | None] = mapped_column(BigInteger)
    approved: Mapped[bool | None]
    payment: Mapped[str] = mapped_column(String(40), default="")
    # time
    wanted_by: Mapped[date | None]
    length_weeks: Mapped[int | None]
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    created_at: Mapped[datetime]
    # moves with every change, of the rows below too, so that the row's version tells that something changed
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    # where an imported need comes from: unique, so that a second import changes the same row
    source: Mapped[str | None] = mapped_column(String(120), unique=True)
    source_url: Mapped[str] = mapped_column(String(300), default="")
    # who may take part (one of AUDIENCES), the coded reason for inviting (a key of needs.choices), and why, in words
    audience: Mapped[str] = mapped_column(String(20), default=EVERYBODY)
    audience_reason: Mapped[str] = mapped_column(String(40), default="")
    audience_note: Mapped[str] = mapped_column(Text, default="")
    # the published need whose words this one began with
    copied_from_id: Mapped[str | None] = mapped_column(ForeignKey("needs.id"), index=True)
    # questions: until when suppliers may ask while the need is open; imported needs have none
    questions_until: Mapped[datetime | None]
    department: Mapped[Organisation] = relationship()
    copied_from: Mapped["Need | None"] = relationship(remote_side="Need.id")
    author: Mapped[Person | None] = relationship()
    # loaded with every need, since who holds it decides who sees it
    partners: Mapped[list["NeedPartner"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedPartner.asked_at", lazy="selectin"
    )
    # what the whole need is about; requirements carry their own
    capabilities: Mapped[list[Capability]] = relationship(secondary=need_capabilities, order_by=Capability.name)
    measures: Mapped[list["SuccessMeasure"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="SuccessMeasure.position"
    )
    requirements: Mapped[list["Requirement"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="Requirement.position"
    )
    owners: Mapped[list["NeedOwner"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedOwner.id"
    )
    # whoever has one of these, or something beneath it, may take part where the audience is by capabilities
    audience_capabilities: Mapped[list[Capability]] = relationship(
        secondary=need_audience_capabilities, order_by=Capability.name
    )
    invited_organisations: Mapped[list[Organisation]] = relationship(
        secondary=need_invited_organisations, order_by=Organisation.name
    )

    @property
    def joined(self) -> list["NeedPartner"]:
        """The departments that hold the need together with the one that leads."""
        return [each for each in self.partners if each.state == JOINED]

    @property
    def departments(self) -> list[Organisation]:
        """The departments that hold the need, the one that leads first."""
        return [self.department, *(each.department for each in self.joined)]

    @property
    def department_ids(self) -> list[str]:
        """Their ids."""
        return [self.department_id, *(each.department_id for each in self.joined)]

    @property
    def money(self) -> tuple[int | None, int | None]:
        """The lowest and the highest amount in pence, of all its departments together; None where none says one."""
        lines: list[Need | NeedPartner] = [self, *self.joined]
        lows = [each.low_pence for each in lines if each.low_pence is not None]
        highs = [each.high_pence for each in lines if each.high_pence is not None]
        return sum(lows) if lows else None, sum(highs) if highs else None

    @property
    def is_past_deadline(self) -> bool:
        """Whether an open call is over; at the deadline itself is late, whether or not the clock's job has run."""
        return self.rung == OPEN and self.deadline_at is not None and clock.now() >= self.deadline_at

    @property
    def takes_responses(self) -> bool:
        """Whether a formal response may be sent at this moment."""
        return self.state == LIVE and self.rung == OPEN and not self.is_past_deadline

    @property
    def shown_state(self) -> str:
        """The state as people see it: a live need whose deadline has passed is closed to them at once."""
        return CLOSED if self.state == LIVE and self.is_past_deadline else self.state

    @property
    def is_limited(self) -> bool:
        """Whether some may not take part; everybody may read it all the same."""
        return self.audience in (WITH_CAPABILITIES, INVITED)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the deadline is said."""
        return ZoneInfo(self.time_zone)

    @property
    def local_deadline(self) -> datetime | None:
        """The deadline on the clocks of the need's own place."""
        return self.deadline_at.astimezone(self.zone) if self.deadline_at else None

    @property
    def all_capabilities(self) -> list[Capability]:
        """Every capability that the need or one of its requirements is tagged with, once, by name."""
        tagged = [*self.capabilities, *(each for row in self.requirements for each in row.capabilities)]
        return sorted({each.id: each for each in tagged}.values(), key=lambda each: each.name)

    @property
    def points(self) -> int:
        """Requirement weights and the price's share together; 100 when the sum is right."""
        return self.price_weight + sum(row.weight for row in self.requirements)


class SuccessMeasure(RandomId, Base):
    """One outcome wanted, and how it will be known: where we are, where we want to be, by when."""

    __tablename__ = "success_measures"
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    position: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    baseline: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    need: Mapped[Need] = relationship(back_populates="measures")


class Requirement(RandomId, Base):
    """One thing a need asks for, with its weight in points; all weights and the price's share total 100."""

    __tablename__ = "requirements"
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))
    weight: Mapped[int]
    need: Mapped[Need] = relationship(back_populates="requirements")
    capabilities: Mapped[list[Capability]] = relationship(secondary=requirement_capabilities, order_by=Capability.name)


class NeedOwner(RandomId, Base):
    """A duty of a person for a need; a need never rests on one person alone."""

    __tablename__ = "need_owners"
    __table_args__ = (UniqueConstraint("need_id", "person_id", "duty"),)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    duty: Mapped[str] = mapped_column(String(10))
    need: Mapped[Need] = relationship(back_populates="owners")
    person: Mapped[Person] = relationship()


class NeedPartner(Lifecycle, RandomId, Base):
    """A department that holds a need together with the one that leads it, or asked to; with its own money line."""

    __tablename__ = "need_partners"
    __table_args__ = (
        Index(
            "uq_need_partners_current",
            "need_id",
            "department_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'joined')"),
            postgresql_where=text("state IN ('asked', 'joined')"),
        ),
    )
    NOUN, INITIAL = "joining of a department", ASKED
    MOVES = {
        "accept": move(ASKED, to=JOINED),
        "decline": move(ASKED, to=DECLINED),
        "take_back": move(ASKED, to=TAKEN_BACK),
        "leave": move(JOINED, to=LEFT),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    low_pence: Mapped[int | None] = mapped_column(BigInteger)
    high_pence: Mapped[int | None] = mapped_column(BigInteger)
    approved: Mapped[bool | None]
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    # while it held the need, its people stood on the buyer's side, and they stay there
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[Need] = relationship(back_populates="partners")
    department: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    asked_by: Mapped[Person] = relationship()


class RungMove(Signal, RandomId, Base):
    """One published step of a need on the ladder, with its reason and what was said of it then.

    The first has no rung before it; a look at the signal that left it where it was has the same one twice.
    """

    __tablename__ = "rung_moves"
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    from_rung: Mapped[str] = mapped_column(String(20), default="")
    to_rung: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    need: Mapped[Need] = relationship()


class Amendment(RandomId, Base):
    """One change of a published need: why, and what was and is, as readable lines."""

    __tablename__ = "amendments"
    __table_args__ = (UniqueConstraint("need_id", "number"),)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    # [{"what": "Deadline", "was": "…", "is": "…"}]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # the published answer to a supplier's question that it followed from
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("public_answers.id"))
    at: Mapped[datetime]
    need: Mapped[Need] = relationship()
