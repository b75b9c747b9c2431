"""Rows of templates."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, Person
from app.kernel.db import Base, RandomId
from app.needs.models import Need


class NeedTemplate(RandomId, Base):
    """What a department begins its needs with: the content of one of them, as it was when the template was kept."""

    __tablename__ = "need_templates"
    __table_args__ = (UniqueConstraint("department_id", "key"),)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    # the name without regard to case and spaces; none when it is retired, so that another may have the name
    key: Mapped[str | None] = mapped_column(String(200))
    # when to use it
    note: Mapped[str] = mapped_column(Text, default="")
    # by section, as `sections.stored` tells it
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_from_id: Mapped[str] = mapped_column(ForeignKey("needs.id"))
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    department: Mapped[Organisation] = relationship()
    made_from: Mapped[Need] = relationship()
    made_by: Mapped[Person | None] = relationship()


def key_of(name: str) -> str:
    """A name without regard to case and spaces: `Data  Platform` and `data platform` are one."""
    return " ".join(name.casefold().split())[:200]
