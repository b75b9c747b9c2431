"""Reading the provider's people, of whom a team is named."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.kernel.db import session
from app.providers.models import Provider, TeamMember


def people_of(provider: Provider) -> list[TeamMember]:
    """The provider's people, by name: for its own staff alone."""
    wanted = select(TeamMember).where(TeamMember.provider_id == provider.id).order_by(TeamMember.name, TeamMember.id)
    return list(session().scalars(wanted.options(selectinload(TeamMember.capabilities))))
