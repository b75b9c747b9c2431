"""The score of a need, from 0 to 100: its parts, what counts on its rung, and what to mend.

What a rung does not ask for yet, and what nobody can tell, is left out, and the rest is scaled to 100.
"""

from dataclasses import dataclass
from math import floor
from typing import Any

from app.needs.clarity.prose import Reading
from app.needs.clarity.rule import Finding, Rule, Seen, finding
from app.needs.clarity.rules import RULES
from app.needs.market import Market, market_of
from app.needs.models import RUNGS

COUNTED, LATER, UNTOLD, FOREIGN, THIN = "counted", "later", "untold", "foreign", "thin"
# below this there is too little to call plain
ENOUGH_WORDS = 30


@dataclass(frozen=True)
class Part:
    """One part of a score: how far its rule is met, and whether it counts; if not, why not."""

    rule: Rule
    standing: str
    met: float
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> bool:
        return self.standing in (COUNTED, THIN)

    @property
    def earned(self) -> float:
        return self.met * self.rule.points if self.counts else 0.0


@dataclass(frozen=True)
class Clarity:
    """How clear a need is: its parts in the order of the rules."""

    parts: tuple[Part, ...]

    @property
    def most(self) -> int:
        """The points of the parts that count."""
        return sum(part.rule.points for part in self.parts if part.counts)

    @property
    def earned(self) -> float:
        """The points that they earn."""
        return sum(part.earned for part in self.parts)

    @property
    def score(self) -> int | None:
        """From 0 to 100, and 100 only where every part that counts is met; None where none counts."""
        return floor(100 * self.earned / self.most + 1e-9) if self.most else None

    @property
    def findings(self) -> list[Finding]:
        """What to mend, in the order of the rules."""
        return [each for part in self.parts for each in part.findings]

    def to_mend(self, section: str = "") -> list[tuple[Part, list[Finding]]]:
        """The parts with something to mend (in one section, where one is named), and what it is."""
        found = [
            (part, [each for each in part.findings if section in ("", each.section)])
            for part in sorted(self.parts, key=lambda part: not part.counts)
        ]
        return [(part, findings) for part, findings in found if findings]

    def has(self, standing: str) -> bool:
        """Whether a part stands so."""
        return any(part.standing == standing for part in self.parts)


def clarity_of(need: Any) -> Clarity:
    """How clear a need is, or one as it would be, in the market of today."""
    return clarity_in(need, market_of(need))


def clarity_in(need: Any, market: Market | None) -> Clarity:
    """How clear a need is in a market that is given."""
    read = Reading(need, market)
    height = RUNGS.index(need.rung) if need.rung in RUNGS else 0
    looks = [(rule, rule.look(read)) for rule in RULES]
    # without the words that findings are about, so that to take one out never leaves too few
    plain_words = read.word_count - sum(seen.flagged_words for _, seen in looks if seen)
    has_enough = plain_words >= ENOUGH_WORDS
    return Clarity(tuple(_part(rule, seen, read, height, has_enough) for rule, seen in looks))


def _part(rule: Rule, seen: Seen | None, read: Reading, height: int, has_enough: bool) -> Part:
    if rule.reads_english and not read.is_english:
        return Part(rule, FOREIGN, 0, ())
    if RUNGS.index(rule.rung) > height:
        told = [spot for spot in (seen.spots if seen else ()) if not rule.ways[spot.way].is_absence]
        return Part(rule, LATER, seen.met if seen else 0, tuple(finding(rule, spot) for spot in told))
    if seen is None:
        return Part(rule, UNTOLD, 0, ())
    findings = tuple(finding(rule, spot) for spot in seen.spots)
    if rule.needs_words and not has_enough:
        return Part(rule, THIN, 0, findings)
    return Part(rule, COUNTED, seen.met, findings)
