"""Reading a provider's people: by name for its own staff, in bands for everybody."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.providers.models import Provider, TeamMember, team_member_capabilities
from app.providers.people.bands import band_of
from app.providers.people.policy import may_change_team_member


@dataclass(frozen=True)
class Skilled:
    """A capability, and the band of how many of a provider's people have it."""

    capability_id: str
    name: str
    people: str


def team_of(provider: Provider) -> list[TeamMember]:
    """The provider's people by name, with their capabilities: for its own staff's eyes."""
    wanted = select(TeamMember).where(TeamMember.provider_id == provider.id)
    order = (TeamMember.name, TeamMember.id)
    return list(session().scalars(wanted.order_by(*order).options(selectinload(TeamMember.capabilities))))


def count_team(provider: Provider) -> int:
    """How many people the provider has named."""
    return session().scalar(select(func.count()).where(TeamMember.provider_id == provider.id)) or 0


def skills_of(provider: Provider) -> list[Skilled]:
    """What the provider's people can do, in bands, by the capability's name. The numbers are left behind here."""
    held = team_member_capabilities.c
    counted = (
        select(Capability.id, Capability.name, func.count())
        .join(team_member_capabilities, held.capability_id == Capability.id)
        .join(TeamMember, TeamMember.id == held.team_member_id)
        .where(TeamMember.provider_id == provider.id)
        .group_by(Capability.id, Capability.name)
        .order_by(Capability.name, Capability.id)
    )
    return [Skilled(key, name, band_of(people)) for key, name, people in session().execute(counted)]


def get_team_member(team_member_id: str, person: Person | None) -> TeamMember:
    """One of the provider's people, whom nobody finds but its own staff."""
    wanted = select(TeamMember).where(TeamMember.id == team_member_id)
    whole = (joinedload(TeamMember.provider).joinedload(Provider.organisation), selectinload(TeamMember.capabilities))
    found = session().scalar(wanted.options(*whole))
    if found is None or not may_change_team_member(person, found):
        raise NotFound
    return found
