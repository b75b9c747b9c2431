"""Rows of the vocabulary: capabilities in areas, their synonyms, and the outside codes they stand for."""

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, RandomId

AREA, CAPABILITY, SKILL = "area", "capability", "skill"


class Capability(Base):
    """A node of the vocabulary (area > capability > skill), known by a readable slug."""

    __tablename__ = "capabilities"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    level: Mapped[str] = mapped_column(String(20), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("capabilities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    retired: Mapped[bool] = mapped_column(default=False)
    parent: Mapped["Capability | None"] = relationship(remote_side="Capability.id")
    synonyms: Mapped[list["Synonym"]] = relationship(cascade="all, delete-orphan", order_by="Synonym.phrase")
    codes: Mapped[list["CapabilityCode"]] = relationship(
        cascade="all, delete-orphan", order_by="CapabilityCode.scheme, CapabilityCode.code"
    )


class Synonym(RandomId, Base):
    """Another phrase for a capability, in lower case; a phrase means one capability only."""

    __tablename__ = "synonyms"
    capability_id: Mapped[str] = mapped_column(ForeignKey("capabilities.id"), index=True)
    phrase: Mapped[str] = mapped_column(String(120), unique=True)


class CapabilityCode(RandomId, Base):
    """A link from a capability to a code of an outside scheme (CPV, DDAT)."""

    __tablename__ = "capability_codes"
    __table_args__ = (UniqueConstraint("capability_id", "scheme", "code"),)
    capability_id: Mapped[str] = mapped_column(ForeignKey("capabilities.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(120), index=True)


class OutsideCode(RandomId, Base):
    """What an outside scheme calls a code: brought in by an importer, so that links show a label."""

    __tablename__ = "outside_codes"
    __table_args__ = (UniqueConstraint("scheme", "code"),)
    scheme: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(120))
    label: Mapped[str] = mapped_column(String(300))
    parent_code: Mapped[str] = mapped_column(String(120), default="")
