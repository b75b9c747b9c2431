"""What an officer saw of a match, as plain data: it travels signed through the page, and the decision keeps it."""

from dataclasses import asdict, dataclass
from typing import Any

from app.matching.candidate import Candidate


@dataclass(frozen=True)
class Seen:
    """The score, its parts, the reasons and constraints of one match, and the index version that gave them."""

    need_id: str
    profile_id: str
    person_id: str
    score_milli: int
    parts: dict[str, int]
    reasons: list[dict[str, Any]]
    constraints: list[dict[str, Any]]
    index_version: str

    def as_facts(self) -> dict[str, Any]:
        """Nothing but texts, numbers, lists and dictionaries."""
        return asdict(self)

    def is_of(self, need_id: str, profile_id: str, person_id: str) -> bool:
        """Whether this person saw it, of this match."""
        return (self.need_id, self.profile_id, self.person_id) == (need_id, profile_id, person_id)


def seen(candidate: Candidate, index_version: str, need_id: str, person_id: str) -> Seen:
    """What the page of a candidate shows to a person."""
    facts = candidate.as_facts()
    return Seen(
        need_id=need_id,
        profile_id=candidate.profile.id,
        person_id=person_id,
        score_milli=candidate.score_milli,
        parts=facts["parts"],
        reasons=facts["reasons"],
        constraints=facts["constraints"],
        index_version=index_version,
    )
