"""A case: one need made ready for matching. What it asks for, what counts towards that, and its own words."""

from collections.abc import Iterable

from app.capabilities.queries import tree
from app.matching.asks import Ask, Kinship, asks_of, weighed
from app.matching.reasons import Reason, Spoken, reason_for
from app.matching.voices import need_text
from app.needs.models import Need


def text_of(need: Need) -> str:
    """The need's own words, which are ranked against those of profiles and evidence."""
    asked = (requirement.text for requirement in need.requirements)
    return need_text(need.title, need.summary, need.problem, need.users, *asked)


class Case:
    """One need with its asks, their kin in the vocabulary, and the names of capabilities."""

    def __init__(self, need: Need) -> None:
        known = tree()
        self.need = need
        self.text = text_of(need)
        self.asks: tuple[Ask, ...] = asks_of(need, known)
        self.kinship = Kinship([each for ask in self.asks for each in ask.capabilities], known)
        self.names = {node.id: node.name for node in known.nodes.values()}

    def reasons(self, spoken: Spoken) -> tuple[Reason, ...]:
        """One for each thing asked for."""
        return tuple(reason_for(ask, spoken, self.kinship, self.names) for ask in self.asks)

    def facts(self, reasons: Iterable[Reason]) -> float:
        """How far the reasons cover what is asked, from 0 to 1."""
        return weighed(self.asks, {reason.requirement_id: reason.coverage_milli / 1000 for reason in reasons})
