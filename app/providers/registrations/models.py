"""Rows of registrations."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, RandomId
from app.providers.models import Provider


class Registration(RandomId, Base):
    """A number that a provider says it has in a scheme, beside the one by which Clarion knows its organisation."""

    __tablename__ = "registrations"
    # not unique among all providers: who claims another's number must not keep that one from stating it
    __table_args__ = (UniqueConstraint("provider_id", "scheme", "number"),)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    # a key of registrations.schemes.SCHEMES
    scheme: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    provider: Mapped[Provider] = relationship()
