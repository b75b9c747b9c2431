"""Rows of matching: an officer's decision on a match, with what the officer saw. Matches themselves are computed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.needs.models import Need
from app.providers.models import SolutionProfile

INVITE, PASS_OVER, NOTE = DECISIONS = ("invite", "pass_over", "note")


class MatchDecision(RandomId, Base):
    """One decision on one match, keeping the score, the reasons and the index version that the officer saw."""

    __tablename__ = "match_decisions"
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    profile_id: Mapped[str] = mapped_column(ForeignKey("solution_profiles.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    # thousandths, so that a replay compares whole numbers; `parts` are what it is the sum of
    score_milli: Mapped[int]
    parts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    constraints: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    index_version: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime]
    need: Mapped[Need] = relationship()
    profile: Mapped[SolutionProfile] = relationship()
    decided_by: Mapped[Person] = relationship()
