"""Passages: the sentences of a profile and its evidence, and the one that best speaks to what is asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.kernel.search import words_of
from app.providers.models import Evidence, SolutionProfile

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
LONGEST = 300
# words alone show that a text speaks of something when it has these many of its words, and this share of them
FEWEST_WORDS, LEAST_SHARE = 2, 1 / 3


@dataclass(frozen=True)
class Passage:
    """One sentence, of a piece of evidence or (without its id) of the profile; `stems` are its indexed words."""

    text: str
    stems: frozenset[str]
    evidence_id: str | None
    standing: str


@lru_cache(maxsize=20_000)
def stems_in(text: str) -> frozenset[str]:
    """The stems of a text, as the index has them."""
    return frozenset(word.stem for word in words_of(text))


def sentences(*texts: str) -> list[str]:
    """The sentences of some texts, each at most 300 characters long."""
    found = (part.strip() for text in texts for part in SENTENCE.split(text or ""))
    return [part if len(part) <= LONGEST else part[:LONGEST].rsplit(" ", 1)[0] + " …" for part in found if part]


def passages_of(profile: SolutionProfile, evidence: Iterable[Evidence]) -> list[Passage]:
    """Every passage that can be shown: the evidence's first, in the order given, then the profile's own."""
    found = []
    for piece in evidence:
        texts = sentences(piece.title, piece.text, piece.result)
        found += [Passage(text, stems_in(text), piece.id, piece.standing) for text in texts]
    own = sentences(profile.title, profile.problem, profile.approach, profile.users, ", ".join(profile.technologies))
    return found + [Passage(text, stems_in(text), None, "profile") for text in own]


def best_passage(stems: frozenset[str], passages: Sequence[Passage]) -> Passage | None:
    """The passage with the most of the stems; of equals the first. None without passages."""
    return max(passages, key=lambda passage: len(passage.stems & stems), default=None)


def share_of_words(stems: frozenset[str], passage: Passage) -> float:
    """How much of what is asked the passage has the words of, from 0 to 1; 0 when too little to mean anything."""
    common = len(passage.stems & stems)
    share = common / len(stems) if stems else 0.0
    return share if common >= min(FEWEST_WORDS, len(stems)) and share >= LEAST_SHARE else 0.0


def words_in_common(text: str, passage: str) -> tuple[str, ...]:
    """The words of the passage, as written there, that the text has too."""
    wanted = stems_in(text)
    found = {
        word.stem: passage[word.start : word.end] for word in reversed(list(words_of(passage))) if word.stem in wanted
    }
    return tuple(sorted(found.values(), key=passage.index))
