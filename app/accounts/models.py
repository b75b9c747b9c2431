"""Rows of accounts: organisations from the register, people, memberships, invitations, claims."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move

DEPARTMENT, SUPPLIER, IN_HOUSE_TEAM = "department", "supplier", "in_house_team"
KINDS = {DEPARTMENT: "Department", SUPPLIER: "Supplier", IN_HOUSE_TEAM: "In-house team"}

BUYER, OFFICER = "buyer", "officer"
STAFF, LEAD = "supplier_staff", "supplier_lead"
ROLES = {BUYER: "Buyer", OFFICER: "Procurement officer", STAFF: "Supplier staff", LEAD: "Supplier lead"}
DEPARTMENT_ROLES, PROVIDER_ROLES = (BUYER, OFFICER), (STAFF, LEAD)

GOVUK, COMPANIES_HOUSE, CHARITIES, OWN = "GB-GOVUK", "GB-COH", "GB-CHC", "own"
REGISTERS = {
    GOVUK: "GOV.UK organisations",
    COMPANIES_HOUSE: "Companies House",
    CHARITIES: "Charity Commission",
    OWN: "Clarion's own register",
}

WAITING, ACCEPTED, REFUSED, CANCELLED = "waiting", "accepted", "refused", "cancelled"


class Organisation(RandomId, Versioned, Base):
    """A department, a supplier or a department's in-house team, known by its number in a register."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("register", "number"),)
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    register: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(200))
    abbreviation: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    # viewonly: who leads now is told by memberships, which begin and end by themselves
    leads: Mapped[list["Membership"]] = relationship(
        viewonly=True,
        primaryjoin="and_(Organisation.id == Membership.organisation_id, Membership.left_at.is_(None), "
        f"Membership.role == '{LEAD}')",
    )

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that fit this kind of organisation, the one that manages its people last."""
        return DEPARTMENT_ROLES if self.is_department else PROVIDER_ROLES

    @property
    def is_department(self) -> bool:
        return self.kind == DEPARTMENT

    @property
    def is_provider(self) -> bool:
        return self.kind in (SUPPLIER, IN_HOUSE_TEAM)


class MailDomain(RandomId, Base):
    """A mail domain whose holders may register as staff of a department; the operator edits the table."""

    __tablename__ = "mail_domains"
    domain: Mapped[str] = mapped_column(String(200), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation: Mapped[Organisation] = relationship()


class Person(RandomId, Versioned, Base):
    """Somebody who can sign in; all that names a person stands in this row alone."""

    __tablename__ = "people"
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    is_operator: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    # viewonly: ending a membership must never blank the row's person, which a writable collection would do
    memberships: Mapped[list["Membership"]] = relationship(
        viewonly=True, primaryjoin="and_(Person.id == Membership.person_id, Membership.left_at.is_(None))"
    )
    # ended ones too: leaving must not change the side that somebody stood on
    all_memberships: Mapped[list["Membership"]] = relationship(viewonly=True)

    # Flask-Login's protocol: a changed epoch signs every browser of this person out.
    is_active = is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}.{self.session_epoch}"

    def holds(self, organisation_id: str, *roles: str) -> bool:
        """Whether the person is in this organisation now, in one of the roles (in any, where none is named)."""
        return any(m.organisation_id == organisation_id and (not roles or m.role in roles) for m in self.memberships)

    def organisations(self, *roles: str) -> list[Organisation]:
        """The organisations the person is in now, in one of the roles (in any, where none is named)."""
        found = {m.organisation_id: m.organisation for m in self.memberships if not roles or m.role in roles}
        return sorted(found.values(), key=lambda organisation: organisation.name)


class Membership(RandomId, Base):
    """A person's one role in an organisation, from when to when; leaving ends it, and the row stays."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_current",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Invitation(Lifecycle, RandomId, Base):
    """A role in an organisation, offered to a mail address; the mailed link carries a secret whose hash stands here."""

    __tablename__ = "invitations"
    NOUN, INITIAL = "invitation", WAITING
    MOVES = {"accept": move(WAITING, to=ACCEPTED), "cancel": move(WAITING, to=CANCELLED)}
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[Person] = relationship()


class Claim(Lifecycle, RandomId, Base):
    """A person's wish to join a supplier that is in the register already; its lead or the operator answers."""

    __tablename__ = "claims"
    __table_args__ = (
        Index(
            "uq_claims_waiting",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    NOUN, INITIAL = "request to join", WAITING
    MOVES = {
        "accept": move(WAITING, to=ACCEPTED),
        "refuse": move(WAITING, to=REFUSED),
        "withdraw": move(WAITING, to=CANCELLED),
    }
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class SignInAttempt(RandomId, Base):
    """One failed try to sign in, counted by address and by mail address; old ones are swept."""

    __tablename__ = "sign_in_attempts"
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
