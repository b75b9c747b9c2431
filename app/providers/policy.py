"""Who may do what with a provider's page, its solution profiles and its evidence: pure predicates over loaded rows."""

from app.accounts.models import PROVIDER_ROLES, Organisation, Person
from app.providers.models import COUNTERSIGNED, DISPUTED, LIVE, Evidence, Provider, SolutionProfile


def is_staff_of(person: Person | None, provider: Provider) -> bool:
    """Whether the person works for this supplier or in-house team now."""
    return person is not None and person.holds(provider.organisation_id, *PROVIDER_ROLES)


def works_for_a_provider(person: Person | None) -> bool:
    """Whether the person works for any supplier or in-house team now."""
    return person is not None and any(membership.role in PROVIDER_ROLES for membership in person.memberships)


def may_begin_provider(person: Person | None, organisation: Organisation) -> bool:
    """Staff of a supplier or an in-house team may begin its page."""
    return person is not None and organisation.is_provider and person.holds(organisation.id, *PROVIDER_ROLES)


def may_describe_provider(person: Person | None, provider: Provider) -> bool:
    """Its own staff may say who the provider is."""
    return is_staff_of(person, provider)


def may_draft_profile(person: Person | None, provider: Provider) -> bool:
    """Its own staff may draft a solution profile."""
    return is_staff_of(person, provider)


def may_see_profile(person: Person | None, profile: SolutionProfile) -> bool:
    """A live profile is public; drafts and retired ones are their own staff's."""
    return profile.state == LIVE or is_staff_of(person, profile.provider)


def may_change_profile(person: Person | None, profile: SolutionProfile) -> bool:
    """Its own staff may change, publish, retire and revive a profile."""
    return is_staff_of(person, profile.provider)


may_publish_profile = may_retire_profile = may_revive_profile = may_change_profile


def may_see_evidence(person: Person | None, evidence: Evidence, *, is_shown: bool) -> bool:
    """What a buyer spoke on is public, and so is what a live profile shows; the rest is its own staff's."""
    spoken_on = evidence.standing in (COUNTERSIGNED, DISPUTED)
    return spoken_on or is_shown or is_staff_of(person, evidence.provider)


def may_state_evidence(person: Person | None, provider: Provider) -> bool:
    """Its own staff may state evidence."""
    return is_staff_of(person, provider)


def may_change_evidence(person: Person | None, evidence: Evidence) -> bool:
    """Its own staff may change what they stated; what a buyer spoke on stands as it is."""
    return evidence.is_stated and is_staff_of(person, evidence.provider)


may_remove_evidence = may_change_evidence
