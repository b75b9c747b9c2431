"""What of providers is searchable: live solution profiles, providers, and evidence that is public.

Whether evidence has expired is as of the day of indexing; pages and matching look at the date again.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organisation
from app.capabilities.models import AREA, Capability
from app.kernel import clock, search
from app.kernel.db import session
from app.providers.models import (
    LIVE,
    Evidence,
    Provider,
    SolutionProfile,
    evidence_capabilities,
    profile_capabilities,
    profile_evidence,
)

NONE = "none"
REMOTE = "remote"
FacetValue = str | Sequence[str] | None


def with_ancestors(capabilities: Iterable[Capability]) -> list[Capability]:
    """The capabilities and all above them, each once, by id."""
    found: dict[str, Capability] = {}
    for capability in capabilities:
        node: Capability | None = capability
        while node is not None and node.id not in found:
            found[node.id] = node
            node = node.parent
    return [found[each] for each in sorted(found)]


def _capability_facets(capabilities: Iterable[Capability]) -> dict[str, FacetValue]:
    nodes = with_ancestors(capabilities)
    return {
        "area": [node.id for node in nodes if node.level == AREA],
        "capability": [node.id for node in nodes if node.level != AREA],
    }


def _provider_facets(provider: Provider) -> dict[str, FacetValue]:
    return {"kind": provider.organisation.kind, "size": provider.size or None}


def constraint_facets(profile: SolutionProfile) -> dict[str, Sequence[str]]:
    """The values of a profile that the constraints of needs are held against."""
    return {
        "place": [*profile.places, *([REMOTE] if profile.remote else [])],
        "clearance": [profile.clearance] if profile.clearance else [],
        "standard": list(profile.standards),
    }


def standings(evidence: Iterable[Evidence]) -> list[str]:
    """The standings of what has not expired, or *none*."""
    today = clock.today()
    return sorted({each.standing for each in evidence if not each.is_expired(today)}) or [NONE]


def profile_document(profile: SolutionProfile) -> search.Document | None:
    """A live profile."""
    if profile.state != LIVE:
        return None
    names = ", ".join(capability.name for capability in profile.capabilities)
    said = [profile.problem, profile.approach, profile.users, ", ".join(profile.technologies), names]
    return search.Document(
        title=profile.title,
        text=[text for text in said if text],
        names=[profile.provider.name],
        capabilities=[capability.id for capability in profile.capabilities],
        facets={
            **_capability_facets(profile.capabilities),
            **_provider_facets(profile.provider),
            **constraint_facets(profile),
            "standing": standings(profile.evidence),
        },
        group=profile.provider_id,
        sort={"newest": profile.published_at},
    )


def provider_document(provider: Provider) -> search.Document:
    """A provider, with what it offers in the words of its live profiles."""
    live = [profile for profile in provider.profiles if profile.state == LIVE]
    capabilities = list({c.id: c for profile in live for c in profile.capabilities}.values())
    names = ", ".join(sorted(capability.name for capability in capabilities))
    said = [provider.about, *(profile.title for profile in live), names]
    public = [each for each in provider.evidence if not each.is_stated]
    shown = [each for profile in live for each in profile.evidence]
    return search.Document(
        title=provider.name,
        text=[text for text in said if text],
        names=[name for name in (provider.organisation.abbreviation,) if name],
        capabilities=[capability.id for capability in capabilities],
        facets={
            **_capability_facets(capabilities),
            **_provider_facets(provider),
            "place": provider.places,
            "standing": standings([*public, *shown]),
        },
        sort={"newest": max((p.published_at for p in live if p.published_at), default=None)},
    )


def evidence_document(evidence: Evidence) -> search.Document | None:
    """Evidence that a buyer spoke on, or that a live profile shows."""
    if evidence.is_stated and not any(profile.state == LIVE for profile in evidence.profiles):
        return None
    names = ", ".join(capability.name for capability in evidence.capabilities)
    return search.Document(
        title=evidence.title,
        text=[text for text in (evidence.text, evidence.result, evidence.client, names) if text],
        names=[evidence.provider.name],
        capabilities=[capability.id for capability in evidence.capabilities],
        facets={
            **_capability_facets(evidence.capabilities),
            **_provider_facets(evidence.provider),
            "standing": evidence.standing,
        },
        group=evidence.provider_id,
        sort={"newest": evidence.finished_on},
    )


# Which documents a changed row changes


def _ids(statement: Select[str]) -> Sequence[str]:
    return session().scalars(statement).all()


def _of_organisation(ids: Select[str]) -> Callable[[Organisation], Sequence[str]]:
    """Of the rows of a kind (`ids`, joined to Provider), those of a changed supplier or in-house team."""

    def touched(row: Organisation) -> Sequence[str]:
        return _ids(ids.where(Provider.organisation_id == row.id)) if row.is_provider else []

    return touched


def _parents() -> Any:
    return joinedload(Capability.parent).joinedload(Capability.parent)


def _profiles_with(capability: Capability) -> Sequence[str]:
    table = profile_capabilities.c
    return _ids(select(table.profile_id).where(table.capability_id == capability.id))


def _providers_with(capability: Capability) -> Sequence[str]:
    table = profile_capabilities.c
    with_it = select(table.profile_id).where(table.capability_id == capability.id)
    return _ids(select(SolutionProfile.provider_id).where(SolutionProfile.id.in_(with_it)).distinct())


def _evidence_with(capability: Capability) -> Sequence[str]:
    table = evidence_capabilities.c
    return _ids(select(table.evidence_id).where(table.capability_id == capability.id))


def _profiles_showing(evidence: Evidence) -> Sequence[str]:
    table = profile_evidence.c
    return _ids(select(table.profile_id).where(table.evidence_id == evidence.id))


def _shown_by(profile: SolutionProfile) -> Sequence[str]:
    if "evidence" in profile.__dict__:
        return [each.id for each in profile.evidence]
    table = profile_evidence.c
    return _ids(select(table.evidence_id).where(table.profile_id == profile.id))


search.register(
    search.Searchable(
        kind="profile",
        model=SolutionProfile,
        document=profile_document,
        options=(
            joinedload(SolutionProfile.provider).joinedload(Provider.organisation),
            selectinload(SolutionProfile.capabilities).options(_parents()),
            selectinload(SolutionProfile.evidence),
        ),
        touched_by={
            Organisation: _of_organisation(select(SolutionProfile.id).join(Provider)),
            Provider: lambda row: _ids(select(SolutionProfile.id).where(SolutionProfile.provider_id == row.id)),
            Evidence: _profiles_showing,
            Capability: _profiles_with,
        },
    )
)
search.register(
    search.Searchable(
        kind="provider",
        model=Provider,
        document=provider_document,
        options=(
            joinedload(Provider.organisation),
            selectinload(Provider.evidence),
            selectinload(Provider.profiles).options(
                selectinload(SolutionProfile.capabilities).options(_parents()), selectinload(SolutionProfile.evidence)
            ),
        ),
        touched_by={
            Organisation: _of_organisation(select(Provider.id)),
            SolutionProfile: lambda row: [row.provider_id],
            Evidence: lambda row: [row.provider_id],
            Capability: _providers_with,
        },
    )
)
search.register(
    search.Searchable(
        kind="evidence",
        model=Evidence,
        document=evidence_document,
        options=(
            joinedload(Evidence.provider).joinedload(Provider.organisation),
            selectinload(Evidence.capabilities).options(_parents()),
            selectinload(Evidence.profiles),
        ),
        touched_by={
            Organisation: _of_organisation(select(Evidence.id).join(Provider)),
            Provider: lambda row: _ids(select(Evidence.id).where(Evidence.provider_id == row.id)),
            SolutionProfile: _shown_by,
            Capability: _evidence_with,
        },
    )
)
