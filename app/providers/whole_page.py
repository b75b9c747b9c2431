"""What a provider's page should say before it is worth reading, and why each part matters: pure rules over facts."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PageFacts:
    """What there is of each part of a provider's page."""

    about: str
    people: int | None
    places: int
    checked_or_stated_numbers: int
    live_profiles: int
    valid_evidence: int
    named_people: int
    claims_without_accreditation: int
    says_what_it_looks_for: bool


@dataclass(frozen=True)
class Part:
    """One part of the page: what to do, why it matters to those who read, and the page on which it is done."""

    says: str
    why: str
    endpoint: str


Rule = tuple[Part, Callable[[PageFacts], bool]]

RULES: tuple[Rule, ...] = (
    (
        Part("Say who you are", "It is the first thing that a department reads of you.", "providers.edit"),
        lambda facts: bool(facts.about),
    ),
    (
        Part(
            "Say how many people work for you",
            "Your size follows from it, and departments look for small firms by size.",
            "providers.edit",
        ),
        lambda facts: facts.people is not None,
    ),
    (
        Part("Say where you work", "A search for a place leaves out who names none.", "providers.edit"),
        lambda facts: facts.places > 0,
    ),
    (
        Part(
            "Give a registration number",
            "With it a department can look you up outside Clarion before it trusts you with work.",
            "registrations.edit",
        ),
        lambda facts: facts.checked_or_stated_numbers > 0,
    ),
    (
        Part(
            "Publish a solution profile",
            "Needs are matched with profiles. Without one, no need finds you.",
            "providers.draft_profile",
        ),
        lambda facts: facts.live_profiles > 0,
    ),
    (
        Part(
            "Write down past work that has not expired",
            "For each requirement a department sees whether you have shown that you can do it, or only say so.",
            "wallet.show",
        ),
        lambda facts: facts.valid_evidence > 0,
    ),
    (
        Part(
            "Name your people",
            "Others see what they can do, in bands. You put them forward in responses without typing them again.",
            "people.of_provider",
        ),
        lambda facts: facts.named_people > 0,
    ),
    (
        Part(
            "Back every standard that you claim with a valid accreditation",
            "A department sees “claimed” where nothing stands behind it, and has to ask.",
            "accreditations.add",
        ),
        lambda facts: facts.claims_without_accreditation == 0,
    ),
    (
        Part(
            "Say what you are looking for",
            "Others who need a partner can find out whether you would be one.",
            "wishes.edit",
        ),
        lambda facts: facts.says_what_it_looks_for,
    ),
)


def standing_of_parts(facts: PageFacts) -> list[tuple[Part, bool]]:
    """Each part and whether it is there, in the order in which they matter."""
    return [(part, is_there(facts)) for part, is_there in RULES]
