"""All that a provider's page shows to one person: gathered here from the rooms of its parts."""

from dataclasses import dataclass
from datetime import date

from app.accounts.models import Person
from app.kernel import clock
from app.providers.accreditations.models import Accreditation
from app.providers.accreditations.queries import Claim, accreditations_of, claims_behind
from app.providers.models import COUNTERSIGNED, DISPUTED, LIVE, STATED, Evidence, Provider, SolutionProfile
from app.providers.people.queries import Skilled, count_team, skills_of
from app.providers.policy import is_staff_of
from app.providers.queries import evidence_of, profiles_of
from app.providers.registrations.queries import Known, known_numbers_of
from app.providers.whole_page import PageFacts, Part, standing_of_parts
from app.providers.wishes.models import ProviderWish
from app.providers.wishes.queries import find_wish_of


@dataclass(frozen=True)
class Portrait:
    """A provider's page: the evidence by standing, and to its own staff alone the parts that are there or missing."""

    profiles: list[SolutionProfile]
    countersigned: list[Evidence]
    stated: list[Evidence]
    disputed: list[Evidence]
    skills: list[Skilled]
    registrations: list[Known]
    accreditations: list[Accreditation]
    claims: list[Claim]
    wish: ProviderWish | None
    parts: list[tuple[Part, bool]]


def portrait_of(provider: Provider, person: Person | None) -> Portrait:
    """The page as this person sees it."""
    profiles, evidence = profiles_of(provider, person), evidence_of(provider, person)
    accreditations, today = accreditations_of(provider), clock.today()
    claimed = {standard for profile in profiles if profile.state == LIVE for standard in profile.standards}
    by_standing = {standing: [each for each in evidence if each.standing == standing] for standing in _STANDINGS}
    portrait = Portrait(
        profiles=profiles,
        countersigned=by_standing[COUNTERSIGNED],
        stated=by_standing[STATED],
        disputed=by_standing[DISPUTED],
        skills=skills_of(provider),
        registrations=known_numbers_of(provider),
        accreditations=accreditations,
        claims=claims_behind(claimed, accreditations, today),
        wish=find_wish_of(provider),
        parts=[],
    )
    if is_staff_of(person, provider):
        portrait.parts.extend(standing_of_parts(_facts(provider, portrait, today)))
    return portrait


_STANDINGS = (COUNTERSIGNED, STATED, DISPUTED)


def _facts(provider: Provider, portrait: Portrait, today: date) -> PageFacts:
    evidence = [*portrait.countersigned, *portrait.stated]
    return PageFacts(
        about=provider.about,
        people=provider.people,
        places=len(provider.places),
        checked_or_stated_numbers=sum(each.is_checked for each in portrait.registrations[:1])
        + len(portrait.registrations[1:]),
        live_profiles=sum(profile.state == LIVE for profile in portrait.profiles),
        valid_evidence=sum(not each.is_expired(today) for each in evidence),
        named_people=count_team(provider),
        claims_without_accreditation=sum(claim.accreditation is None for claim in portrait.claims),
        says_what_it_looks_for=portrait.wish is not None and not portrait.wish.is_empty,
    )
