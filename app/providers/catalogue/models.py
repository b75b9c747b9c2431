"""Rows of catalogues."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, RandomId
from app.kernel.lifecycle import Lifecycle, move
from app.providers.models import Provider

WAITING, BROUGHT_IN = "waiting", "brought_in"


class CatalogueUpload(Lifecycle, RandomId, Base):
    """One file of solution profiles that a provider's staff sent, as it was read; nothing is changed by it yet.

    Once it is brought in only its name and its date stay.
    """

    __tablename__ = "catalogue_uploads"
    NOUN, INITIAL = "catalogue", WAITING
    MOVES = {"bring_in": move(WAITING, to=BROUGHT_IN)}
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    # [{"row": 2, "cells": {"title": "…"}}, {"row": 3, "column": "", "says": "It has …"}]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    uploaded_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    uploaded_at: Mapped[datetime]
    brought_in_at: Mapped[datetime | None]
    provider: Mapped[Provider] = relationship()
    uploaded_by: Mapped[Person] = relationship()
