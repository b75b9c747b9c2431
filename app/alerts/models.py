"""Rows of alerts: what one person was told, what they wish to hear of, and what of it was found and mailed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.kernel.notices import Notice
from app.needs.models import Need
from app.providers.models import Provider

NEVER, AT_ONCE, DAILY, WEEKLY = "never", "at_once", "daily", "weekly"
HOW_OFTEN = {
    AT_ONCE: "At once",
    DAILY: "Once a day, at 7am",
    WEEKLY: "Once a week, on Monday at 7am",
    NEVER: "Never: I look at the page",
}
SEARCH, FIT, FOLLOW = "search", "fit", "follow"


class Digest(RandomId, Base):
    """One mail that told one person what their alerts found in one period: a day, a week, or a batch told at once."""

    __tablename__ = "digests"
    # of any number of workers, one writes the digest of a period
    __table_args__ = (UniqueConstraint("person_id", "how_often", "period"),)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    how_often: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime]


class Notification(RandomId, Base):
    """A notice as it reached one person, and when it was read."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("notice_id", "person_id"),
        Index("ix_notifications_mail_digest_id", "mail", "digest_id"),
        Index("ix_notifications_person_id_read_at", "person_id", "read_at"),
    )
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(200))
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # how its mail goes (one of HOW_OFTEN), and the digest that told of it
    mail: Mapped[str] = mapped_column(String(10), default=NEVER)
    digest_id: Mapped[str | None] = mapped_column(ForeignKey("digests.id"))
    notice: Mapped[Notice] = relationship()
    person: Mapped[Person] = relationship()


class Alert(RandomId, Base):
    """One thing that one person wishes to hear of: what a search finds, needs that fit a provider, or one need.

    Nobody else sees it: what somebody looks for, or follows, says what they plan.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("person_id", "provider_id"),
        UniqueConstraint("person_id", "need_id"),
        Index("ix_alerts_kind_how_often", "kind", "how_often"),
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    how_often: Mapped[str] = mapped_column(String(10))
    # a saved search: its name, and what stands after the question mark of the needs page's address
    name: Mapped[str] = mapped_column(String(100), default="")
    query: Mapped[str] = mapped_column(String(2000), default="")
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    need_id: Mapped[str | None] = mapped_column(ForeignKey("needs.id"), index=True)
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    # what was published before is no news: since the alert was made, resumed, or changed from never
    active_since: Mapped[datetime]
    # when the person last said that they have seen what is there
    looked_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    provider: Mapped[Provider | None] = relationship()
    need: Mapped[Need | None] = relationship()

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_search(self) -> bool:
        return self.kind == SEARCH

    @property
    def is_follow(self) -> bool:
        return self.kind == FOLLOW

    @property
    def title(self) -> str:
        """What its owner knows it by."""
        if self.need is not None:
            return self.need.title
        return f"Needs that fit {self.provider.name}" if self.provider else self.name


class AlertFinding(RandomId, Base):
    """One need that one alert found, why, and the digest that told of it: each need is told once for each alert."""

    __tablename__ = "alert_findings"
    __table_args__ = (UniqueConstraint("alert_id", "need_id"),)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    found_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    digest_id: Mapped[str | None] = mapped_column(ForeignKey("digests.id"), index=True)
    alert: Mapped[Alert] = relationship()
    need: Mapped[Need] = relationship()


class MailChoice(RandomId, Base):
    """How one person wants the mail about one topic of notifications, where they chose."""

    __tablename__ = "mail_choices"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    topic: Mapped[str] = mapped_column(String(40))
    how_often: Mapped[str] = mapped_column(String(10))
