"""Rows of coalitions: who takes part in which response, who answers what, and invitations to partners.

What belongs to the sealed answer stands sealed as the answer itself does.
"""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, Requirement
from app.providers.models import Provider
from app.responses.models import Response
from app.responses.sealed import Sealed, Sealing

SENT, ACCEPTED, JOINED, DECLINED, TAKEN_BACK = "sent", "accepted", "joined", "declined", "taken_back"
LEFT, PARTED, RELEASED = "left", "parted", "released"
WAITING = (SENT, ACCEPTED)

invitation_requirements = Table(
    "partner_invitation_requirements",
    Base.metadata,
    Column("invitation_id", ForeignKey("partner_invitations.id", ondelete="CASCADE"), primary_key=True),
    Column("requirement_id", ForeignKey("requirements.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Part(RandomId, Versioned, Sealing, Base):
    """One provider's part in one response: the lead's from its start, a partner's from its acceptance.

    A provider has one part in a need, alone or as a partner. A partner that accepted joins when the lead confirms it.
    """

    __tablename__ = "response_parts"
    __table_args__ = (UniqueConstraint("need_id", "provider_id"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"))
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    is_lead: Mapped[bool]
    joined_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    response: Mapped[Response] = relationship(back_populates="parts")
    provider: Mapped[Provider] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="part", cascade="all, delete-orphan")
    # shares tell of prices, so that they are sealed as words are
    share_percent = Sealed[int | None](None)
    liability = Sealed[str]("")
    # what the partner confirmed: it holds as long as the terms are still these
    agreed_terms = Sealed[str]("")

    def __init__(self, *, response: Response, provider: Provider, is_lead: bool, joined_at: datetime | None) -> None:
        ids = {"need_id": response.need.id, "provider_id": provider.id}
        super().__init__(**ids, provider=provider, is_lead=is_lead, joined_at=joined_at, response=response)

    @property
    def requirement_ids(self) -> set[str]:
        """The requirements that it answers."""
        return {each.requirement_id for each in self.assignments}


class Assignment(RandomId, Base):
    """Who of a coalition answers one requirement."""

    __tablename__ = "response_assignments"
    __table_args__ = (UniqueConstraint("response_id", "requirement_id"),)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"))
    requirement_id: Mapped[str] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"), index=True)
    part_id: Mapped[str] = mapped_column(ForeignKey("response_parts.id", ondelete="CASCADE"), index=True)
    part: Mapped[Part] = relationship(back_populates="assignments")


class PartnerInvitation(Lifecycle, RandomId, Sealing, Base):
    """A lead's question to one provider whether it would answer some requirements with it, and what became of that."""

    __tablename__ = "partner_invitations"
    __table_args__ = (UniqueConstraint("response_id", "provider_id"),)
    NOUN, INITIAL = "invitation", SENT
    MOVES = {
        "accept": move(SENT, to=ACCEPTED),
        "decline": move(SENT, ACCEPTED, to=DECLINED),
        "take_back": move(SENT, ACCEPTED, to=TAKEN_BACK),
        "confirm": move(ACCEPTED, to=JOINED),
        "leave": move(JOINED, to=LEFT),
        "part": move(JOINED, to=PARTED),
        "release": move(JOINED, to=RELEASED),
        "send_again": move(TAKEN_BACK, LEFT, PARTED, RELEASED, to=SENT),
    }
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    # the first time that its people could read the shared response: kept, since who read it reviews nothing of it
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    response: Mapped[Response] = relationship()
    need: Mapped[Need] = relationship()
    provider: Mapped[Provider] = relationship()
    requirements: Mapped[list[Requirement]] = relationship(
        secondary=invitation_requirements, order_by=Requirement.position
    )
    words = Sealed[str]("")
    # why it ended, for the other side
    ending = Sealed[str]("")

    @property
    def is_lapsed(self) -> bool:
        """Whether it was never answered in time: derived from the deadline."""
        return self.state in WAITING and not self.need.takes_responses
