"""Rows of accreditations, and of the reminders that they end."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.capabilities.choices import STANDARDS
from app.kernel.db import Base, RandomId, Versioned
from app.providers.accreditations.standing import EXPIRED, NOT_YET, standing_on
from app.providers.models import Provider


class Accreditation(RandomId, Versioned, Base):
    """A certificate of the provider: what it was examined against, by whom, and until when that holds."""

    __tablename__ = "accreditations"
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    # a key of capabilities.choices.STANDARDS, or "" where the scheme is another and has its name below
    standard: Mapped[str] = mapped_column(String(40), default="")
    scheme: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(120), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date | None]
    # the last day on which it holds; None where it has no end
    valid_until: Mapped[date | None] = mapped_column(index=True)
    link: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime]
    # the day on which these dates were written: whoever wrote them knows what is past
    dated_on: Mapped[date]
    provider: Mapped[Provider] = relationship()

    @property
    def title(self) -> str:
        return STANDARDS.get(self.standard, self.scheme)

    @property
    def key(self) -> str:
        """What two accreditations share of which one replaces the other."""
        return self.standard or self.scheme.casefold()

    def standing(self, today: date) -> str:
        """A key of STANDINGS in `accreditations.standing`, derived from the dates."""
        return standing_on(today, self.valid_from, self.valid_until)

    def is_valid(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.standing(today) not in (EXPIRED, NOT_YET)


class AccreditationReminder(RandomId, Base):
    """The staff of a provider were told, once, that an accreditation ends or has ended."""

    __tablename__ = "accreditation_reminders"
    __table_args__ = (UniqueConstraint("accreditation_id", "valid_until", "days_after"),)
    accreditation_id: Mapped[str] = mapped_column(ForeignKey("accreditations.id", ondelete="CASCADE"))
    valid_until: Mapped[date]
    # counted from the last day on which it holds: -28 is four weeks before
    days_after: Mapped[int]
    sent_at: Mapped[datetime]
