"""What a need asks for, one thing at a time, and how far what a provider holds covers it: pure rules over ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from app.capabilities.models import AREA
from app.capabilities.tree import Tree
from app.needs.models import MUST, NICE, Need, Requirement

# how much a capability counts towards another: the same, one beneath it (a part of it), one above it (it in general)
SAME, NARROWER, BROADER = 1.0, 0.75, 0.5
# how much a claim counts by who makes it
STRENGTH = {"countersigned": 1.0, "stated": 0.8, "profile": 0.6}
MUST_COUNTS = 2


@dataclass(frozen=True)
class Ask:
    """One thing asked for: a requirement, or the need as a whole where it has none."""

    id: str
    text: str
    kind: str
    weight: float
    capabilities: tuple[str, ...]

    @property
    def is_must(self) -> bool:
        return self.kind == MUST


@dataclass(frozen=True)
class Claim:
    """One capability that something of a profile shows: the profile itself, or a piece of evidence."""

    capability: str
    standing: str
    evidence_id: str | None = None


@dataclass(frozen=True)
class Covering:
    """How far a claim covers a capability that is asked for, from 0 to 1."""

    asked: str
    claim: Claim
    degree: float

    @property
    def worth(self) -> float:
        return self.degree * STRENGTH[self.claim.standing]


def asks_of(need: Need, tree: Tree) -> tuple[Ask, ...]:
    """The need's requirements, a must counting double; what has no capability of its own is read for names of some."""
    if not need.requirements:
        tagged = sorted({c.id for c in need.capabilities}) or sorted(
            tree.matcher.recognise(f"{need.title} {need.summary}")
        )
        return (Ask(need.id, need.title, MUST, 1.0, tuple(tagged)),)
    weighed = any(row.weight for row in need.requirements)
    asks = []
    # sorting keeps the rows' own order among equals, also where they are not yet rows and have no position
    for row in sorted(need.requirements, key=lambda row: (row.kind == NICE, -row.weight)):
        weight = float(row.weight if weighed else 1) * (MUST_COUNTS if row.kind == MUST else 1)
        asks.append(ask_of(row, tree, weight))
    return tuple(asks)


def ask_of(row: Requirement, tree: Tree, weight: float = 1.0) -> Ask:
    """One requirement by itself; where it is tagged with nothing, its text is read for names of capabilities."""
    tagged = sorted({c.id for c in row.capabilities}) or sorted(tree.matcher.recognise(row.text))
    return Ask(row.id, row.text, row.kind, weight, tuple(tagged))


class Kinship:
    """Which capabilities count towards those that are asked for, and how much."""

    def __init__(self, asked: Iterable[str], tree: Tree) -> None:
        self._degrees: dict[str, dict[str, float]] = {each: _kin(each, tree) for each in dict.fromkeys(asked)}

    @property
    def related(self) -> list[str]:
        """Every capability that counts towards any."""
        return sorted({held for kin in self._degrees.values() for held in kin})

    def of(self, asked: str) -> Mapping[str, float]:
        """The capabilities that count towards one that is asked for, each with how much."""
        return self._degrees.get(asked, {})

    def degree(self, asked: str, held: str) -> float:
        """From 0 (nothing to do with it) to 1 (the same)."""
        return self._degrees.get(asked, {}).get(held, 0.0)

    def closest(self, held: str) -> float:
        """How much a capability counts towards whatever asks for it most."""
        return max((kin.get(held, 0.0) for kin in self._degrees.values()), default=0.0)

    def best(self, asked: str, claims: Sequence[Claim]) -> Covering | None:
        """The claim that covers it furthest; of equals the better standing, then the id of the evidence."""
        kin = self._degrees.get(asked, {})
        covering = [Covering(asked, claim, kin[claim.capability]) for claim in claims if claim.capability in kin]
        return min(
            covering, key=lambda c: (-c.worth, -STRENGTH[c.claim.standing], c.claim.evidence_id or ""), default=None
        )


def _kin(asked: str, tree: Tree) -> dict[str, float]:
    kin = {asked: SAME}
    beneath = [node.id for node in tree.below(asked)]
    while beneath:
        kin.update((each, NARROWER) for each in beneath)
        beneath = [node.id for each in beneath for node in tree.below(each)]
    kin.update((node.id, BROADER) for node in tree.above(asked) if node.level != AREA)
    return kin


def covered(ask: Ask, claims: Sequence[Claim], kinship: Kinship) -> float:
    """How far the claims cover the ask, from 0 to 1: the mean over its capabilities of the best claim for each."""
    if not ask.capabilities:
        return 0.0
    worths = (covering.worth for each in ask.capabilities if (covering := kinship.best(each, claims)))
    return fsum(worths) / len(ask.capabilities)


def weighed(asks: Sequence[Ask], coverage: Mapping[str, float]) -> float:
    """The mean coverage of all asks by weight, from 0 to 1."""
    total = fsum(ask.weight for ask in asks)
    return fsum(ask.weight * coverage[ask.id] for ask in asks) / total if total else 0.0
