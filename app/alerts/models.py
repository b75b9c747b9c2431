"""Rows of alerts: what one person was told."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.kernel.notices import Notice


class Notification(RandomId, Base):
    """A notice as it reached one person, and when it was read."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(200))
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    notice: Mapped[Notice] = relationship()
    person: Mapped[Person] = relationship()
