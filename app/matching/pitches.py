"""Pitches: which live needs a text with capabilities would fit, and why. Computed, not stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from app.capabilities.queries import tree
from app.capabilities.tree import Tree
from app.kernel import search
from app.matching.asks import SAME, Kinship, asks_of
from app.matching.scoring import FACTS, WORDS, lot
from app.matching.sideways import FEWEST_WORDS, FEWEST_WORDS_ALONE, WORDS_TOLD
from app.matching.wording import telling
from app.needs.models import EXPLORING, HORIZON, LIVE, OPEN, Need

EARLY = (HORIZON, EXPLORING)
# what fits so well that somebody should be told: one of its capabilities is asked for as such
WELL = FACTS // 2


@dataclass(frozen=True)
class Pitch:
    """Something that was written for nobody's need: its id, its words and its capabilities."""

    id: str
    text: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class PitchFit:
    """One need that a pitch fits: the capabilities that both name, the words that both use, and how strong that is."""

    need: Need
    capabilities: tuple[str, ...]
    words: tuple[str, ...]
    strength: int
    is_exact: bool

    @property
    def is_early(self) -> bool:
        """Whether the need still takes shape: there an idea changes most."""
        return self.need.rung in EARLY

    @property
    def is_well(self) -> bool:
        """Whether it is worth a notice."""
        return self.is_exact and self.strength >= WELL and len(self.words) >= FEWEST_WORDS

    @property
    def order(self) -> tuple[bool, int]:
        """What comes first: signals that still take shape, then the strongest."""
        return (not self.is_early, -self.strength)


def takes_pitches(need: Need) -> bool:
    """Whether a need is put beside pitches: it is live below open, where sealed responses are not the only way in."""
    return need.state == LIVE and need.rung != OPEN


def fits_of(pitches: Iterable[Pitch], needs: Collection[Need]) -> dict[str, list[PitchFit]]:
    """For each pitch that fits any of the needs, those needs, the first one first; ties by lot."""
    known = tree()
    asked = [(need, _asked(need, known)) for need in needs if takes_pitches(need)]
    found: dict[str, list[PitchFit]] = {}
    for pitch in pitches:
        shared = search.explain("need", pitch.text, [need.id for need, _ in asked])
        fits = [fit for need, kinship in asked if (fit := _fit(pitch, need, kinship, known, shared))]
        if fits:
            found[pitch.id] = sorted(fits, key=lambda fit: (*fit.order, lot(fit.need.id, pitch.id)))
    return found


def capabilities_asked(needs: Iterable[Need]) -> list[str]:
    """The ids of the capabilities that count towards what any of these needs asks for."""
    known = tree()
    return sorted({each for need in needs if takes_pitches(need) for each in _asked(need, known).related})


def _asked(need: Need, known: Tree) -> Kinship:
    by_part = {each for ask in asks_of(need, known) for each in ask.capabilities}
    return Kinship(sorted(by_part | {each.id for each in need.capabilities}), known)


def _fit(pitch: Pitch, need: Need, kinship: Kinship, known: Tree, shared: Mapping[str, search.Why]) -> PitchFit | None:
    degrees = {each: degree for each in pitch.capabilities if (degree := kinship.closest(each))}
    words = telling(shared[need.id].words, WORDS_TOLD) if need.id in shared else ()
    if not degrees and len(words) < FEWEST_WORDS_ALONE:
        return None
    names = tuple(sorted(known.nodes[each].name for each in degrees if each in known.nodes))
    is_exact = SAME in degrees.values()
    return PitchFit(need, names, words, _strength(pitch.capabilities, list(degrees.values()), words), is_exact)


def _strength(wanted: Sequence[str], degrees: Sequence[float], words: Sequence[str]) -> int:
    """In thousandths, as a candidate's: how far its capabilities are asked for, and how many words are shared."""
    facts = fsum(degrees) / len(wanted) if wanted else 0.0
    return round(FACTS * facts + WORDS * len(words) / WORDS_TOLD)
