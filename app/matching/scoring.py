"""The score of a match: facts, then words, then the track record, in thousandths that add up. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from app.providers.queries import Record

FACTS, WORDS, RECORD = 600, 250, 150
WHOLE = FACTS + WORDS + RECORD
PRIOR_OUTCOMES = 4
UNKNOWN_MEAN = 0.7


@dataclass(frozen=True)
class Parts:
    """What a score is the sum of, each in thousandths of the whole."""

    facts: int
    words: int
    record: int

    @property
    def score_milli(self) -> int:
        """From 0 to 1,000."""
        return self.facts + self.words + self.record


def parts(facts: float, words: float, record: float) -> Parts:
    """Three shares, each from 0 to 1, as thousandths of a score: 600 for facts, 250 for words, 150 for the record."""
    return Parts(round(FACTS * facts), round(WORDS * words), round(RECORD * record))


def mean_outcome(records: Iterable[Record]) -> float:
    """How far outcomes went on the whole platform, from 0 to 1; 0.7 before there are any."""
    known = list(records)
    count = sum(record.count for record in known)
    return fsum(sorted(record.achieved for record in known)) / count if count else UNKNOWN_MEAN


def shrunk(record: Record | None, mean: float) -> float:
    """The track record, drawn towards the mean of all while outcomes are few: from 0 to 1.

    (achieved + k * mean) / (count + k) with k = 4: the posterior mean of a proportion under a beta prior worth k
    outcomes (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4; the idea is Efron and Morris, 1975). Who has
    none gets the mean itself, neither more nor less.
    """
    count, achieved = (record.count, record.achieved) if record else (0, 0.0)
    return (achieved + PRIOR_OUTCOMES * mean) / (count + PRIOR_OUTCOMES)


def lot(need_id: str, provider_id: str) -> str:
    """Who goes first among equals: SHA-256 of need and provider, so that no name, id or age is favoured twice."""
    return hashlib.sha256(f"{need_id}:{provider_id}".encode()).hexdigest()
