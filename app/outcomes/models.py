"""Rows of outcomes: partnerships, and each side's record of how they went against the need's own measures."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId, Versioned
from app.kernel.lifecycle import Lifecycle, move
from app.needs.models import Need, SuccessMeasure
from app.providers.models import Provider

AGREED, RUNNING, COMPLETED, ENDED_EARLY = "agreed", "running", "completed", "ended_early"
BUYER_SIDE, PROVIDER_SIDE = SIDES = ("buyer", "provider")
RESULTS = {"delivered": "Delivered", "partly": "Partly delivered", "not": "Not delivered", "ended_early": "Ended early"}


class Partnership(Lifecycle, RandomId, Versioned, Base):
    """What an award started: a department and a provider, a value, from when to when."""

    __tablename__ = "partnerships"
    NOUN, INITIAL = "partnership", AGREED
    MOVES = {
        "start": move(AGREED, to=RUNNING),
        "complete": move(RUNNING, to=COMPLETED),
        "end_early": move(AGREED, RUNNING, to=ENDED_EARLY),
    }
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    value_pence: Mapped[int | None] = mapped_column(BigInteger)
    agreed_at: Mapped[datetime]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    # the audit name of the award, or an importer's own key: unique, so that nothing starts twice
    source: Mapped[str] = mapped_column(String(120), unique=True)
    # the draft that the clock began when the end of the contract came near
    next_need_id: Mapped[str | None] = mapped_column(ForeignKey("needs.id"), index=True, unique=True)
    need: Mapped[Need] = relationship(foreign_keys=need_id)
    next_need: Mapped[Need | None] = relationship(foreign_keys=next_need_id)
    provider: Mapped[Provider] = relationship()
    reports: Mapped[list["OutcomeReport"]] = relationship(back_populates="partnership", cascade="all, delete-orphan")

    def report_of(self, side: str | None) -> "OutcomeReport | None":
        """What one side recorded so far."""
        return next((report for report in self.reports if report.side == side), None)

    @property
    def is_settled(self) -> bool:
        """Whether both sides have recorded how it went: then each sees the other's, and nothing changes any more."""
        return {report.side for report in self.reports} == set(SIDES)

    @property
    def takes_reports(self) -> bool:
        """Whether a side may record how it went: the work began, and the two have not both spoken yet."""
        began = self.state == RUNNING or (self.state == ENDED_EARLY and self.starts_on is not None)
        return began and not self.is_settled


class OutcomeReport(RandomId, Versioned, Base):
    """How one side says the partnership went."""

    __tablename__ = "outcome_reports"
    __table_args__ = (UniqueConstraint("partnership_id", "side"),)
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnerships.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(String(20))
    helped: Mapped[str] = mapped_column(Text)
    hindered: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    partnership: Mapped[Partnership] = relationship(back_populates="reports")
    recorded_by: Mapped[Person] = relationship()
    results: Mapped[list["MeasureResult"]] = relationship(back_populates="report", cascade="all, delete-orphan")


class MeasureResult(RandomId, Base):
    """What one side says a success measure of the need reached."""

    __tablename__ = "measure_results"
    __table_args__ = (UniqueConstraint("report_id", "measure_id"),)
    report_id: Mapped[str] = mapped_column(ForeignKey("outcome_reports.id"), index=True)
    measure_id: Mapped[str] = mapped_column(ForeignKey("success_measures.id"), index=True)
    value: Mapped[str] = mapped_column(String(200))
    reached: Mapped[bool]
    report: Mapped[OutcomeReport] = relationship(back_populates="results")
    measure: Mapped[SuccessMeasure] = relationship()
