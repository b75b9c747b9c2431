"""Sifting a wallet: which claims of past work somebody looks for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.providers.choices import STANDINGS
from app.providers.models import Evidence

COUNTS, ENDING, ENDED = "counts", "ending", "ended"
VALIDITIES = {COUNTS: "Counts", ENDING: "Expires within six months", ENDED: "Expired"}
# long enough to finish other work and write it down
DAYS_OF_WARNING = 183


@dataclass(frozen=True)
class Sieve:
    """What is looked for: an empty choice lets everything through."""

    words: str = ""
    standings: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    validities: frozenset[str] = frozenset()

    def lets(self, evidence: Evidence, today: date) -> bool:
        """Whether a claim is among what is looked for."""
        held = {capability.id for capability in evidence.capabilities}
        return (
            (not self.standings or evidence.standing in self.standings)
            and (not self.capabilities or bool(self.capabilities & held))
            and (not self.validities or bool(self.validities & validities_of(evidence, today)))
            and _says(evidence, self.words)
        )


def validities_of(evidence: Evidence, today: date) -> set[str]:
    """The keys of VALIDITIES that are true of a claim: what ends soon counts still."""
    if evidence.is_expired(today):
        return {ENDED}
    return {COUNTS, ENDING} if is_ending(evidence, today) else {COUNTS}


def is_ending(evidence: Evidence, today: date) -> bool:
    """Whether it counts today and expires within six months."""
    return not evidence.is_expired(today) and (evidence.expires_on - today).days <= DAYS_OF_WARNING


def _says(evidence: Evidence, words: str) -> bool:
    said = " ".join((evidence.title, evidence.client, evidence.text, evidence.result)).casefold()
    return all(word in said for word in words.casefold().split())


def counts_by_standing(wallet: Iterable[Evidence]) -> dict[str, int]:
    """How many claims there are of each standing."""
    counts = dict.fromkeys(STANDINGS, 0)
    for each in wallet:
        counts[each.standing] += 1
    return counts
