"""Offering: which of a provider's own claims fit one requirement best, each with the reason. Pure over facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.capabilities.queries import tree
from app.kernel import clock
from app.kernel.display import day, words
from app.matching.asks import STRENGTH, Ask, Claim, Covering, Kinship, ask_of, covered
from app.matching.passages import Passage, best_passage, sentences, share_of_words, stems_in, words_in_common
from app.matching.reasons import WORDS_ALONE, named
from app.needs.models import Requirement
from app.providers.choices import STANDINGS
from app.providers.models import DISPUTED, STATED, Evidence

MOST_WORDS_TOLD = 5


@dataclass(frozen=True)
class Offered:
    """One claim for one requirement: how far it covers it, from 0 to 1,000, the words they share, and why it fits.

    What is disputed may still be chosen, but it is not counted as fitting and comes after all others.
    """

    evidence: Evidence
    coverage_milli: int
    words: tuple[str, ...]
    why: str

    @property
    def fits(self) -> bool:
        """Whether it is worth offering first."""
        return self.coverage_milli > 0 and self.evidence.standing != DISPUTED


def offered_for(requirement: Requirement, evidence: Sequence[Evidence]) -> list[Offered]:
    """The claims that have not expired, what fits the requirement best first.

    A capability that the requirement names, or one near it in the tree, counts as it does in a match; without one, its
    words count half. Of equals more shared words, then the better standing, then the newer work come first.
    """
    known, today = tree(), clock.today()
    ask = ask_of(requirement, known)
    kinship = Kinship(ask.capabilities, known)
    names = {node.id: node.name for node in known.nodes.values()}
    found = [_offered(ask, each, kinship, names) for each in evidence if not each.is_expired(today)]
    return sorted(found, key=_order)


def _order(each: Offered) -> tuple[object, ...]:
    piece = each.evidence
    strength = STRENGTH.get(piece.standing, 0.0)
    is_newer = -piece.finished_on.toordinal()
    is_disputed = piece.standing == DISPUTED
    return (is_disputed, -each.coverage_milli, -len(each.words), -strength, is_newer, piece.title, piece.id)


def _offered(ask: Ask, piece: Evidence, kinship: Kinship, names: dict[str, str]) -> Offered:
    """A disputed claim is measured as a stated one, and told as disputed."""
    standing = piece.standing if piece.standing in STRENGTH else STATED
    claims = [Claim(capability.id, standing, piece.id) for capability in piece.capabilities]
    coverings = [found for each in ask.capabilities if (found := kinship.best(each, claims))]
    stems = stems_in(ask.text)
    passage = best_passage(stems, _passages(piece, standing))
    share = share_of_words(stems, passage) if passage else 0.0
    shared = words_in_common(ask.text, passage.text) if passage and share else ()
    coverage = covered(ask, claims, kinship) or WORDS_ALONE * share * STRENGTH[standing]
    return Offered(piece, round(1000 * coverage), shared, _why(piece, coverings, shared, names))


def _passages(piece: Evidence, standing: str) -> list[Passage]:
    texts = sentences(piece.title, piece.text, piece.result)
    return [Passage(text, stems_in(text), piece.id, standing) for text in texts]


def _why(piece: Evidence, coverings: Sequence[Covering], shared: Sequence[str], names: dict[str, str]) -> str:
    told = list(dict.fromkeys(named(each, names) for each in coverings))
    said = [f"Shows {words(told)}."] if told else []
    if shared:
        said.append(f"Shares the words {words(f'“{each}”' for each in shared[:MOST_WORDS_TOLD])}.")
    whose = f", for {piece.client}" if piece.client else ""
    said.append(f"{STANDINGS[piece.standing]}{whose}.")
    said.append(f"Finished on {day(piece.finished_on)}; it counts until {day(piece.expires_on)}.")
    return " ".join(said)
