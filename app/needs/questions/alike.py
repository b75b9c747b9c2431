"""Which questions are alike: those that share a good part of their words, by the stems of the search."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel.search import words_of
from app.needs.questions.models import Question

LEAST_WORDS, LEAST_SHARE = 2, 1 / 3
# what many questions are made of says nothing of what they are about
_OFTEN = "could would should what which when where who whom how why do does did please we our you us"
ASKING = frozenset(_OFTEN.split(" "))


@dataclass(frozen=True)
class Likeness:
    """Another question, the words that it shares with this one, and which part of the shorter one's words they are."""

    question: Question
    shared: tuple[str, ...]
    share: float

    @property
    def is_alike(self) -> bool:
        return len(self.shared) >= LEAST_WORDS and self.share >= LEAST_SHARE


def ranked(question: Question, others: Iterable[Question]) -> list[Likeness]:
    """The other questions, the likest first, and those that are equally like in the order in which they arrived."""
    found = [_likeness(question, other) for other in others if other.id != question.id]
    return sorted(found, key=lambda each: (not each.is_alike, -each.share, each.question.asked_at, each.question.id))


def _likeness(question: Question, other: Question) -> Likeness:
    mine, theirs = _words(question.text), _words(other.text)
    shared = tuple(word for stem, word in mine.items() if stem in theirs)
    return Likeness(other, shared, len(shared) / max(1, min(len(mine), len(theirs))))


def _words(text: str) -> dict[str, str]:
    """The stems of a text, each with the first word that has it as it was typed."""
    found: dict[str, str] = {}
    for word in words_of(text):
        typed = text[word.start : word.end]
        if typed.lower() not in ASKING:
            found.setdefault(word.stem, typed)
    return found
