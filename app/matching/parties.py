"""Parties: providers as far as an audience looks at them, read from their rows."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, select

from app.capabilities.queries import with_broader
from app.kernel.db import session
from app.matching.eligibility import Party, is_in_audience
from app.needs.models import Need
from app.providers.models import LIVE, Provider, SolutionProfile, profile_capabilities


def parties(organisation_ids: Collection[str]) -> dict[str, Party]:
    """A party for each of these organisations, whether it has begun a provider's page or not."""
    held: dict[str, set[str]] = defaultdict(set)
    for organisation_id, capability_id in session().execute(_held_by(organisation_ids)):
        held[organisation_id].add(capability_id)
    return {each: Party(each, frozenset(with_broader(sorted(held[each])))) for each in organisation_ids}


def party_of(provider: Provider) -> Party:
    """One provider as an audience sees it."""
    return parties([provider.organisation_id])[provider.organisation_id]


def organisations_inside(need: Need, organisation_ids: Collection[str]) -> set[str]:
    """Which of these organisations may take part in the need; one query, and none where everybody may."""
    if not need.is_limited:
        return set(organisation_ids)
    return {each.organisation_id for each in parties(organisation_ids).values() if is_in_audience(need, each)}


def may_take_part(need: Need, provider: Provider) -> bool:
    """Whether the provider may register interest, ask questions and respond, as far as the audience goes."""
    return bool(organisations_inside(need, [provider.organisation_id]))


def _held_by(organisation_ids: Collection[str]) -> Select[str, str]:
    """SQL of the capabilities of their live profiles, each with the organisation's id."""
    of = profile_capabilities.c
    profiles = select(Provider.organisation_id, of.capability_id).join_from(Provider, SolutionProfile)
    held = profiles.join(profile_capabilities, of.profile_id == SolutionProfile.id)
    return held.where(Provider.organisation_id.in_(list(organisation_ids)), SolutionProfile.state == LIVE).distinct()
