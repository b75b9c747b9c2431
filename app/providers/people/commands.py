"""Naming a provider's people, and taking names away."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities as capabilities_by_id
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.providers.models import Provider, TeamMember

MOST_PEOPLE = 500


def add_team_member(
    provider: Provider, *, name: str, job: str, capabilities: Iterable[Capability | str], by: Person | None
) -> TeamMember:
    """Name one of the provider's people, who can then be put forward in responses."""
    named = session().scalar(select(func.count()).where(TeamMember.provider_id == provider.id)) or 0
    if named >= MOST_PEOPLE:
        raise Conflict(f"You have named {MOST_PEOPLE} people, which is as many as there can be. Remove somebody first.")
    member = TeamMember(provider=provider, name=name, job=job, added_at=clock.now())
    member.capabilities = _rows(capabilities)
    session().add(member)
    # the audit is kept for ever and tells no names: a person must be forgettable
    audit.record("add_team_member", member, by=by, facts={"provider": provider.id})
    return member


def change_team_member(
    member: TeamMember, *, name: str, job: str, capabilities: Iterable[Capability | str], by: Person
) -> None:
    """Say something else of one of the provider's people; answers that named them keep what they said."""
    before = [each.id for each in member.capabilities]
    renamed = [field for field, value in (("name", name), ("job", job)) if getattr(member, field) != value]
    member.name, member.job, member.capabilities = name, job, _rows(capabilities)
    after = [each.id for each in member.capabilities]
    audit.record("change", member, by=by, facts={"changed": renamed, "before": before, "after": after})


def remove_team_member(member: TeamMember, *, by: Person) -> None:
    """Take somebody off the list; answers that named them keep what they said."""
    audit.record("remove", member, by=by, facts={"provider": member.provider_id})
    session().delete(member)


def _rows(capabilities: Iterable[Capability | str]) -> list[Capability]:
    ids = [each if isinstance(each, str) else each.id for each in capabilities]
    return sorted(capabilities_by_id(ids), key=lambda capability: capability.name)
