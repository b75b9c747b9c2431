"""Which memberships count."""

from sqlalchemy import ColumnElement

from app.accounts.models import Membership


def current(organisation_id: str) -> tuple[ColumnElement[bool], ...]:
    """The memberships of an organisation that have not ended."""
    return Membership.organisation_id == organisation_id, Membership.left_at.is_(None)
