"""Reading providers: their pages, solution profiles and evidence, as far as the person may see them."""

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import IN_HOUSE_TEAM, PROVIDER_ROLES, Organisation, Person
from app.kernel import clock
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.providers import policy
from app.providers.models import (
    COUNTERSIGNED,
    DRAFT,
    LIVE,
    STATED,
    YEARS_OF_EVIDENCE,
    Evidence,
    Provider,
    SolutionProfile,
    profile_evidence,
)

Row = TypeVar("Row", Provider, SolutionProfile, Evidence, Organisation)

WITH_ORGANISATION = (joinedload(Provider.organisation),)
WHOLE_PROFILE = (
    joinedload(SolutionProfile.provider).joinedload(Provider.organisation),
    selectinload(SolutionProfile.capabilities),
    selectinload(SolutionProfile.evidence).selectinload(Evidence.capabilities),
)
WHOLE_EVIDENCE = (
    joinedload(Evidence.provider).joinedload(Provider.organisation),
    selectinload(Evidence.capabilities),
)


def _get(model: type[Row], row_id: str, options: Sequence[ORMOption]) -> Row:
    """The row of this id."""
    row = session().scalar(select(model).where(model.id == row_id).options(*options))
    if row is None:
        raise NotFound
    return row


# Providers


def get_provider(provider_id: str, person: Person | None = None) -> Provider:
    """A provider's page is public."""
    return _get(Provider, provider_id, WITH_ORGANISATION)


def get_organisation_without_page(organisation_id: str, person: Person | None) -> Organisation:
    """An organisation of the person's own that could have a provider's page."""
    organisation = _get(Organisation, organisation_id, ())
    if not policy.may_begin_provider(person, organisation):
        raise NotFound
    return organisation


def find_provider_of(organisation_id: str) -> Provider | None:
    """The provider's page of this organisation, where it was begun."""
    return session().scalar(
        select(Provider).where(Provider.organisation_id == organisation_id).options(*WITH_ORGANISATION)
    )


def providers_of(person: Person | None) -> list[Provider]:
    """The providers that the person works for, by name."""
    if person is None:
        return []
    ids = [organisation.id for organisation in person.organisations(*PROVIDER_ROLES)]
    found = session().scalars(select(Provider).where(Provider.organisation_id.in_(ids)).options(*WITH_ORGANISATION))
    return sorted(found, key=lambda provider: (provider.name, provider.id))


def organisations_without_page(person: Person) -> list[Organisation]:
    """Suppliers and in-house teams of the person whose page was not begun yet."""
    begun = {provider.organisation_id for provider in providers_of(person)}
    return [o for o in person.organisations(*PROVIDER_ROLES) if o.is_provider and o.id not in begun]


def provider_ids_of(organisation_ids: Iterable[str]) -> list[str]:
    """The ids of the providers that these organisations are, as far as they have begun a page."""
    ids = list(organisation_ids)
    return list(session().scalars(select(Provider.id).where(Provider.organisation_id.in_(ids)))) if ids else []


def count_providers() -> int:
    """How many providers have a page."""
    return session().scalar(select(func.count()).select_from(Provider)) or 0


def load_providers(ids: Iterable[str]) -> dict[str, Provider]:
    """The providers of these ids that are there, by id."""
    found = session().scalars(select(Provider).where(Provider.id.in_(list(ids))).options(*WITH_ORGANISATION))
    return {provider.id: provider for provider in found}


def in_house_provider_ids() -> list[str]:
    """The ids of the pages of all in-house teams that are open."""
    of_teams = select(Provider.id).join(Provider.organisation)
    is_open = Organisation.closed_at.is_(None)
    return list(session().scalars(of_teams.where(Organisation.kind == IN_HOUSE_TEAM, is_open).order_by(Provider.id)))


# Solution profiles


def get_visible_profile(profile_id: str, person: Person | None) -> SolutionProfile:
    """A solution profile that the person may see, whole."""
    profile = _get(SolutionProfile, profile_id, WHOLE_PROFILE)
    if not policy.may_see_profile(person, profile):
        raise NotFound
    return profile


def profiles_of(provider: Provider, person: Person | None) -> list[SolutionProfile]:
    """The provider's profiles that the person may see, by title: live ones, and to its own staff all."""
    wanted = select(SolutionProfile).where(SolutionProfile.provider_id == provider.id)
    if not policy.is_staff_of(person, provider):
        wanted = wanted.where(SolutionProfile.state == LIVE)
    return list(session().scalars(wanted.order_by(SolutionProfile.title, SolutionProfile.id).options(*WHOLE_PROFILE)))


def live_profiles_of(provider: Provider) -> list[SolutionProfile]:
    """The provider's live profiles, by title."""
    return profiles_of(provider, None)


def load_live_profiles(ids: Iterable[str], *options: ORMOption) -> dict[str, SolutionProfile]:
    """The live profiles among these ids, whole, by id."""
    wanted = select(SolutionProfile).where(SolutionProfile.id.in_(list(ids)), SolutionProfile.state == LIVE)
    found = session().scalars(wanted.options(*WHOLE_PROFILE, *options))
    return {profile.id: profile for profile in found}


def count_live_profiles() -> int:
    """How many solution profiles are live."""
    return session().scalar(select(func.count()).select_from(SolutionProfile).where(SolutionProfile.state == LIVE)) or 0


# Evidence


def is_shown_by_live_profile(evidence: Evidence) -> bool:
    """Whether a live profile shows this evidence."""
    shown = select(profile_evidence).join(SolutionProfile, SolutionProfile.id == profile_evidence.c.profile_id)
    wanted = shown.where(profile_evidence.c.evidence_id == evidence.id, SolutionProfile.state == LIVE)
    return bool(session().scalar(select(exists(wanted.subquery().select()))))


def _public() -> Any:
    """SQL of what is public: a buyer spoke on it, or a live profile shows it."""
    shown = (
        select(profile_evidence.c.evidence_id)
        .join(SolutionProfile, SolutionProfile.id == profile_evidence.c.profile_id)
        .where(SolutionProfile.state == LIVE)
    )
    return (Evidence.standing != STATED) | Evidence.id.in_(shown)


def get_visible_evidence(evidence_id: str, person: Person | None) -> Evidence:
    """A piece of evidence that the person may see."""
    evidence = _get(Evidence, evidence_id, WHOLE_EVIDENCE)
    if not policy.may_see_evidence(person, evidence, is_shown=is_shown_by_live_profile(evidence)):
        raise NotFound
    return evidence


def evidence_of(provider: Provider, person: Person | None) -> list[Evidence]:
    """The provider's evidence that the person may see: countersigned first, then the newest."""
    wanted = select(Evidence).where(Evidence.provider_id == provider.id)
    if not policy.is_staff_of(person, provider):
        wanted = wanted.where(_public())
    order = (Evidence.standing != COUNTERSIGNED, Evidence.finished_on.desc(), Evidence.id)
    return list(session().scalars(wanted.order_by(*order).options(*WHOLE_EVIDENCE)))


def load_evidence(ids: Iterable[str]) -> dict[str, Evidence]:
    """The evidence of these ids that is public, by id."""
    wanted = select(Evidence).where(Evidence.id.in_(list(ids)), _public()).options(*WHOLE_EVIDENCE)
    return {evidence.id: evidence for evidence in session().scalars(wanted)}


def countersigned_evidence(provider_ids: Iterable[str]) -> dict[str, list[Evidence]]:
    """What buyers countersigned for each of these providers and has not expired, the newest first."""
    wanted = _valid_countersigned().where(Evidence.provider_id.in_(list(provider_ids)))
    found: dict[str, list[Evidence]] = {}
    order = (Evidence.finished_on.desc(), Evidence.title, Evidence.id)
    for evidence in session().scalars(wanted.order_by(*order).options(selectinload(Evidence.capabilities))):
        found.setdefault(evidence.provider_id, []).append(evidence)
    return found


def count_countersigned() -> dict[str, int]:
    """How many pieces of evidence a buyer countersigned that have not expired, for each provider that has any."""
    valid = _valid_countersigned().subquery()
    counted = select(valid.c.provider_id, func.count().label("pieces")).group_by(valid.c.provider_id)
    return {row.provider_id: row.pieces for row in session().execute(counted)}


def _valid_countersigned() -> Select[Evidence]:
    return select(Evidence).where(
        Evidence.standing == COUNTERSIGNED, Evidence.finished_on > oldest_valid(clock.today())
    )


def oldest_valid(today: date) -> date:
    """Evidence finished on this day or before has expired: the counterpart of `Evidence.expires_on` for SQL."""
    year = today.year - YEARS_OF_EVIDENCE
    if (today.month, today.day) in ((2, 28), (2, 29)):
        return date(year, 2, 29 if isleap(year) else 28)
    return today.replace(year=year)


# Track record


@dataclass(frozen=True)
class Record:
    """How many countersigned outcomes, and the sum of how far they went (each from 0 to 1)."""

    count: int
    achieved: float


def track_records() -> dict[str, Record]:
    """The record of every provider that has one: countersigned, not expired, with a measured outcome."""
    measured = _valid_countersigned().where(Evidence.achieved_percent.is_not(None)).subquery()
    columns = (measured.c.provider_id, func.count(), func.sum(measured.c.achieved_percent))
    rows = session().execute(select(*columns).group_by(measured.c.provider_id))
    return {provider_id: Record(count, float(percent) / 100) for provider_id, count, percent in rows}


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Drafts of the person's providers that wait to be finished."""
    ids = [provider.id for provider in providers_of(person)]
    drafts = select(SolutionProfile).where(SolutionProfile.provider_id.in_(ids), SolutionProfile.state == DRAFT)
    return [
        Awaiting(
            text=f"Finish the solution profile “{draft.title}”",
            endpoint="providers.show_profile",
            values={"profile_id": draft.id},
            since=draft.created_at,
            group="Drafts",
        )
        for draft in session().scalars(drafts.order_by(SolutionProfile.created_at, SolutionProfile.id))
    ]
