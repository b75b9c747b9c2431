"""What an owner was shown for the three questions, as plain data: it travels signed through the page."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.needs.firsts.choices import QUESTIONS
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.shown import read_shown
from app.outcomes.firsts.queries import Offered


@dataclass(frozen=True)
class Seen:
    """The candidates that a person was shown for each question of a need, and the versions of the answers there."""

    need_id: str
    person_id: str
    candidates: dict[str, list[dict[str, Any]]]
    versions: dict[str, int]

    def as_facts(self) -> dict[str, Any]:
        """Nothing but texts, numbers, lists and dictionaries."""
        return asdict(self)

    def is_of(self, need_id: str, person_id: str) -> bool:
        """Whether this person saw it, of this need."""
        return (self.need_id, self.person_id) == (need_id, person_id)

    def offered(self) -> dict[str, Offered]:
        """The questions with the candidates that were shown."""
        return {
            key: Offered(question, tuple(read_shown(facts) for facts in self.candidates[key]))
            for key, question in QUESTIONS.items()
            if key in self.candidates
        }


def seen(need_id: str, person_id: str, offered: Mapping[str, Offered], answers: Iterable[FirstAnswer]) -> Seen:
    """What the page shows to a person."""
    candidates = {key: [each.as_facts() for each in found.candidates] for key, found in offered.items()}
    return Seen(need_id, person_id, candidates, {answer.question: answer.version for answer in answers})
