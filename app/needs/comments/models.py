"""Rows of comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.needs.models import Need


class Comment(RandomId, Base):
    """What somebody said about a section of a draft; settled when it was dealt with."""

    __tablename__ = "need_comments"
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    # a key of needs.sections.SECTIONS
    section: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    said_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]
    settled_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    need: Mapped[Need] = relationship()
    said_by: Mapped[Person] = relationship(foreign_keys=said_by_id)
    settled_by: Mapped[Person | None] = relationship(foreign_keys=settled_by_id)
