"""What a rule of clarity is: what it looks at, what it tells, why it matters, and how to mend it."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.needs.clarity.prose import Reading


@dataclass(frozen=True)
class Spot:
    """One place where a rule is not met: in which way, where, and the very words for its sentences."""

    way: str
    section: str
    field: str
    label: str
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a look saw: how far the rule is met, from 0 to 1, where it is not, and how many words that took."""

    met: float
    spots: tuple[Spot, ...] = ()
    flagged_words: int = 0


# None: nobody can tell
Look = Callable[[Reading], Seen | None]


@dataclass(frozen=True)
class Way:
    """A way in which a rule is not met: what was found, and how to mend it. `{…}` holds words of the spot.

    A way that tells of something absent is silent on a rung that does not ask for it yet.
    """

    says: str
    mend: str
    is_absence: bool = False


@dataclass(frozen=True)
class Rule:
    """One part of the score.

    `rung` is the lowest rung that asks for it. A rule that reads English is left out of the score of a need in another
    language; one that needs words has no points before there are enough of them.
    """

    key: str
    part: str
    section: str
    points: int
    rung: str
    look: Look
    why: str
    ways: Mapping[str, Way]
    reads_english: bool = False
    needs_words: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing to mend, in sentences."""

    rule: str
    section: str
    field: str
    label: str
    says: str
    why: str
    mend: str


def finding(rule: Rule, spot: Spot) -> Finding:
    """A spot in the sentences of its rule."""
    way = rule.ways[spot.way]
    says, mend = way.says.format_map(spot.words), way.mend.format_map(spot.words)
    return Finding(rule.key, spot.section, spot.field, spot.label, says, rule.why, mend)
