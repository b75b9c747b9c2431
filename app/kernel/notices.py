"""Notices: what happened that others should hear of. Alerts resolves who hears it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import audit, clock, jobs
from app.kernel.db import Base, RandomId, session


class Notice(RandomId, Base):
    """One thing that happened (`need.withdrawn`), told in the transaction of the deed."""

    __tablename__ = "notices"
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)


def post(kind: str, *, subject: audit.Identified, facts: dict[str, Any] | None = None) -> None:
    """Write a notice in the current transaction; `facts` names ids, never sealed content."""
    notice = Notice(kind=kind, subject=audit.name_of(subject), facts=facts or {}, at=clock.now())
    session().add(notice)
    session().flush()
    jobs.enqueue("notices.deliver", {"notice_id": notice.id})
