"""Who reads and keeps the list of a provider's people: its own staff alone."""

from app.accounts.models import Person
from app.providers.models import Provider, TeamMember
from app.providers.policy import is_staff_of


def may_keep_team(person: Person | None, provider: Provider) -> bool:
    """Its own staff see who is named there, and add people."""
    return is_staff_of(person, provider)


def may_change_team_member(person: Person | None, member: TeamMember) -> bool:
    """Its own staff change and remove them."""
    return is_staff_of(person, member.provider)
