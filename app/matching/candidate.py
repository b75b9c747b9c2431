"""A candidate: one provider for one need, and all that explains where it stands. Plain data but for its profile."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.matching.eligibility import Constraint, is_eligible, near_miss
from app.matching.reasons import MISSING, Reason
from app.matching.scoring import Parts
from app.providers.models import Provider, SolutionProfile
from app.providers.queries import Record


@dataclass(frozen=True)
class KeptPlace:
    """A place among ten that a newcomer was given: from how many it was drawn, and where it stands by score alone."""

    drawn_from: int
    by_score: int


@dataclass(frozen=True)
class Moved:
    """One thing that moved the place: what, by how many thousandths of the score, and why, in words."""

    name: str
    milli: int
    why: str


@dataclass(frozen=True)
class Candidate:
    """One provider for one need, with its best profile: the score, what it is the sum of, and all that explains it.

    `words` are those of the need that add most, each with the thousandths that it adds; `pairs` what neighbours add.
    """

    profile: SolutionProfile
    parts: Parts
    reasons: tuple[Reason, ...]
    constraints: tuple[Constraint, ...]
    is_newcomer: bool
    record: Record | None = None
    words: tuple[tuple[str, int], ...] = ()
    kept_place: KeptPlace | None = None

    @property
    def provider(self) -> Provider:
        return self.profile.provider

    @property
    def score_milli(self) -> int:
        """Thousandths: 1,000 is the most."""
        return self.parts.score_milli

    @property
    def points(self) -> int:
        """The score as people see it: of 100."""
        return round(self.score_milli / 10)

    @property
    def is_eligible(self) -> bool:
        return is_eligible(self.constraints)

    @property
    def near_miss(self) -> Constraint | None:
        return near_miss(self.constraints)

    @property
    def is_in_house(self) -> bool:
        return self.provider.is_in_house

    @property
    def is_explained(self) -> bool:
        """Whether anything speaks for it; what is not explained is not shown."""
        return any(reason.standing != MISSING for reason in self.reasons)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What the place comes from; the thousandths add up to the score."""
        shown = sum(reason.standing != MISSING for reason in self.reasons)
        found = [
            Moved("What they can do and show", self.parts.facts, f"shows {shown} of {len(self.reasons)} asked for"),
            Moved("Words", self.parts.words, self._said()),
            Moved("Record", self.parts.record, self._recorded()),
        ]
        if self.kept_place:
            found.append(Moved("Newcomer’s place", 0, _placed(self.kept_place)))
        return tuple(found)

    def as_facts(self) -> dict[str, Any]:
        """All of it as texts, numbers, lists and dictionaries: what pages, exports and decisions show alike."""
        return {
            "provider": {"id": self.provider.id, "name": self.provider.name, "kind": self.provider.organisation.kind},
            "profile": {"id": self.profile.id, "title": self.profile.title},
            "score_milli": self.score_milli,
            "parts": asdict(self.parts),
            "moved": [asdict(moved) for moved in self.moved],
            "words": [{"word": word, "milli": milli} for word, milli in self.words],
            "reasons": [_plain(asdict(reason)) for reason in self.reasons],
            "constraints": [asdict(constraint) for constraint in self.constraints],
            "is_eligible": self.is_eligible,
            "near_miss": asdict(self.near_miss) if self.near_miss else None,
            "is_newcomer": self.is_newcomer,
            "kept_place": asdict(self.kept_place) if self.kept_place else None,
        }

    def _said(self) -> str:
        return ", ".join(word for word, _ in self.words) or "none of the need’s telling words"

    def _recorded(self) -> str:
        if self.record is None:
            return "no measured outcome yet: the average of all"
        noun = "outcome" if self.record.count == 1 else "outcomes"
        share = round(100 * self.record.achieved / self.record.count)
        return f"{self.record.count} measured {noun}, {share}% of what was wanted, drawn to the average of all"


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def _placed(kept: KeptPlace) -> str:
    return f"drawn by lot from {kept.drawn_from} eligible with little record; by score alone it stands {kept.by_score}."
