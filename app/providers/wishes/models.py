"""Rows of wishes."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.capabilities.models import Capability
from app.kernel.db import Base, RandomId, Versioned
from app.providers.models import Provider

wished_partner_capabilities = Table(
    "wished_partner_capabilities",
    Base.metadata,
    Column("wish_id", ForeignKey("provider_wishes.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)
wished_need_capabilities = Table(
    "wished_need_capabilities",
    Base.metadata,
    Column("wish_id", ForeignKey("provider_wishes.id", ondelete="CASCADE"), primary_key=True),
    Column("capability_id", ForeignKey("capabilities.id"), primary_key=True, index=True),
)


class ProviderWish(RandomId, Versioned, Base):
    """What a provider says it is looking for: partners, and kinds of need. One for each provider."""

    __tablename__ = "provider_wishes"
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), unique=True)
    wants_partners: Mapped[bool | None]
    # keys of wishes.choices.RUNGS
    rungs: Mapped[list[str]] = mapped_column(JSON, default=list)
    low_pence: Mapped[int | None] = mapped_column(BigInteger)
    high_pence: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime]
    provider: Mapped[Provider] = relationship()
    partner_capabilities: Mapped[list[Capability]] = relationship(
        secondary=wished_partner_capabilities, order_by=Capability.name
    )
    need_capabilities: Mapped[list[Capability]] = relationship(
        secondary=wished_need_capabilities, order_by=Capability.name
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        kinds = (self.rungs, self.need_capabilities, self.words, self.low_pence, self.high_pence)
        return self.wants_partners is None and not any(kinds)
