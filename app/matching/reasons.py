"""Reasons: for each thing that is asked for, what of a profile speaks to it, in which words, and who says so. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.matching.asks import STRENGTH, Ask, Claim, Covering, Kinship, covered
from app.matching.passages import Passage, best_passage, passages_of, share_of_words, stems_in, words_in_common
from app.providers.models import COUNTERSIGNED, STATED, Evidence, SolutionProfile

MISSING = "missing"
# a text that has the words of a requirement counts half as much as one that names its capability
WORDS_ALONE = 0.5


@dataclass(frozen=True)
class Reason:
    """What speaks to one requirement: `standing` is countersigned, stated or missing, `coverage_milli` 0 to 1,000."""

    requirement_id: str
    text: str
    kind: str
    standing: str
    coverage_milli: int
    capabilities: tuple[str, ...] = ()
    passage: str = ""
    words: tuple[str, ...] = ()
    source: str = ""
    evidence_id: str | None = None


class Spoken:
    """What one profile and the evidence that counts for it have to say, read once for all requirements."""

    def __init__(self, profile: SolutionProfile, evidence: Sequence[Evidence]) -> None:
        self.passages = passages_of(profile, evidence)
        self.titles: dict[str | None, str] = {None: profile.title, **{piece.id: piece.title for piece in evidence}}
        self.claims = [Claim(capability.id, "profile") for capability in profile.capabilities]
        for piece in evidence:
            self.claims += [Claim(capability.id, piece.standing, piece.id) for capability in piece.capabilities]

    def passages_from(self, evidence_id: str | None) -> list[Passage]:
        """The passages of one source."""
        return [passage for passage in self.passages if passage.evidence_id == evidence_id]


def reason_for(ask: Ask, spoken: Spoken, kinship: Kinship, names: Mapping[str, str]) -> Reason:
    """The best that there is for one requirement: a capability that is shown, or else a text that has its words."""
    stems = stems_in(ask.text)
    coverings = [found for each in ask.capabilities if (found := kinship.best(each, spoken.claims))]
    if coverings:
        return _by_capability(ask, stems, coverings, spoken, kinship, names)
    passage = best_passage(stems, spoken.passages)
    share = share_of_words(stems, passage) if passage else 0.0
    if passage is None or not share:
        return Reason(ask.id, ask.text, ask.kind, MISSING, 0)
    coverage = WORDS_ALONE * share * STRENGTH[passage.standing]
    return _reason(ask, passage, coverage, (), spoken)


def _by_capability(
    ask: Ask,
    stems: frozenset[str],
    coverings: Sequence[Covering],
    spoken: Spoken,
    kinship: Kinship,
    names: Mapping[str, str],
) -> Reason:
    strongest = max(coverings, key=lambda covering: covering.worth)
    passage = best_passage(stems, spoken.passages_from(strongest.claim.evidence_id))
    told = tuple(named(covering, names) for covering in coverings)
    coverage = covered(ask, spoken.claims, kinship)
    if passage is None:
        return Reason(ask.id, ask.text, ask.kind, _said_by(strongest.claim.standing), round(1000 * coverage), told)
    return _reason(ask, passage, coverage, told, spoken)


def _reason(ask: Ask, passage: Passage, coverage: float, told: tuple[str, ...], spoken: Spoken) -> Reason:
    return Reason(
        ask.id,
        ask.text,
        ask.kind,
        _said_by(passage.standing),
        round(1000 * coverage),
        told,
        passage.text,
        words_in_common(ask.text, passage.text),
        spoken.titles[passage.evidence_id],
        passage.evidence_id,
    )


def _said_by(standing: str) -> str:
    return COUNTERSIGNED if standing == COUNTERSIGNED else STATED


def named(covering: Covering, names: Mapping[str, str]) -> str:
    """The capability that is held, in words, and what it is close to where it is not the one asked for."""
    asked, held = covering.asked, covering.claim.capability
    return (
        names.get(held, held)
        if asked == held
        else f"{names.get(held, held)}, which is close to {names.get(asked, asked)}"
    )
