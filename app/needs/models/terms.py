"""What the rows of needs are made of: states and lists in words, tables between rows, and what a signal says."""

from datetime import date

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

DRAFT, LIVE, CLOSED, CONCLUDED, WITHDRAWN = "draft", "live", "closed", "concluded", "withdrawn"
HORIZON, EXPLORING, SHAPING, COMMITTED, OPEN = RUNGS = ("horizon", "exploring", "shaping", "committed", "open")
MUST, NICE = "must", "nice"
EVERYBODY, WITH_CAPABILITIES, INVITED = AUDIENCES = ("all", "capabilities", "invited")
DRAFTS, PUBLISHES, ANSWERS, READS = DUTIES = ("draft", "publish", "answer", "read")
FIRM = (COMMITTED, OPEN)
ASKED, JOINED, DECLINED, TAKEN_BACK, LEFT = ("asked", "joined", "declined", "taken_back", "left")

need_capabilities = Table(
    "need_capabilities",
    Base.metadata,
    Column("need_id", ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
requirement_capabilities = Table(
    "requirement_capabilities",
    Base.metadata,
    Column("requirement_id", ForeignKey("requirements.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
need_audience_capabilities = Table(
    "need_audience_capabilities",
    Base.metadata,
    Column("need_id", ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
need_invited_organisations = Table(
    "need_invited_organisations",
    Base.metadata,
    Column("need_id", ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True, index=True),
)


class Signal:
    """What a department says of its signal: how sure the need and the money are, and when it looks at it again."""

    confidence_need: Mapped[str] = mapped_column(String(10), default="")
    confidence_money: Mapped[str] = mapped_column(String(10), default="")
    # below open: the day on which it expects to open, and the day on which it looks at the signal again
    expected_open_on: Mapped[date | None]
    review_on: Mapped[date | None]


SIGNAL = ("confidence_need", "confidence_money", "expected_open_on", "review_on")
