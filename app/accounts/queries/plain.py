"""Text from addresses of pages, as databases take it."""

from sqlalchemy import ColumnElement

from app.accounts.models import Membership


def plain(text: str) -> str:
    """Text of an address without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "\ufffd")


def current(organisation_id: str) -> tuple[ColumnElement[bool], ...]:
    """The memberships of an organisation that have not ended."""
    return Membership.organisation_id == organisation_id, Membership.left_at.is_(None)
