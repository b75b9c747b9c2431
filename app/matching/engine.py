"""The engine: who could meet a need, ranked, with the reasons.

In this order: gather sketches of what could have to do with it, score them all, load the best few, say the reasons,
score those in full, put them in order, keep places for newcomers. Nothing is stored, and the same rows and index give
the same answer, in whatever order they were written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.capabilities.queries import tree
from app.kernel import clock, search
from app.matching.asks import Ask, Kinship, asks_of, covered, weighed
from app.matching.eligibility import Constraint, constraints_of, is_eligible, near_miss
from app.matching.gathering import Sketch, providers_with_countersigned, sketches
from app.matching.places import with_kept_places
from app.matching.reasons import MISSING, Reason, Spoken, reason_for
from app.matching.scoring import Parts, lot, mean_outcome, parts, shrunk
from app.needs.models import Need
from app.providers.models import DISPUTED, Evidence, Provider, SolutionProfile
from app.providers.queries import Record, countersigned_evidence, load_live_profiles, track_records

POOL, NEWCOMERS_IN_POOL, SHOWN = 40, 6, 30


@dataclass(frozen=True)
class Candidate:
    """One provider for one need, with its best profile: the score, what it is the sum of, and all that explains it."""

    profile: SolutionProfile
    parts: Parts
    reasons: tuple[Reason, ...]
    constraints: tuple[Constraint, ...]
    is_newcomer: bool
    has_kept_place: bool = False

    @property
    def provider(self) -> Provider:
        return self.profile.provider

    @property
    def score_milli(self) -> int:
        """Thousandths: 1,000 is the most."""
        return self.parts.score_milli

    @property
    def points(self) -> int:
        """The score as people see it: of 100."""
        return round(self.score_milli / 10)

    @property
    def is_eligible(self) -> bool:
        return is_eligible(self.constraints)

    @property
    def near_miss(self) -> Constraint | None:
        return near_miss(self.constraints)

    @property
    def is_in_house(self) -> bool:
        return self.provider.is_in_house

    @property
    def is_explained(self) -> bool:
        """Whether anything speaks for it; what is not explained is not shown."""
        return any(reason.standing != MISSING for reason in self.reasons)


@dataclass(frozen=True)
class Ranking:
    """The candidates of a need in order, and the version of the index that gave it."""

    index_version: str
    candidates: tuple[Candidate, ...]


def text_of(need: Need) -> str:
    """The need's own words, which are ranked against those of profiles and evidence."""
    said = [need.title, need.title, need.summary, need.problem, need.users]
    return "\n".join([*said, *(requirement.text for requirement in need.requirements)])


class Case:
    """One need, made ready for matching: what it asks for and what counts towards that."""

    def __init__(self, need: Need) -> None:
        known = tree()
        self.need = need
        self.asks: tuple[Ask, ...] = asks_of(need, known)
        self.kinship = Kinship([each for ask in self.asks for each in ask.capabilities], known)
        self.names = {node.id: node.name for node in known.nodes.values()}

    def reasons(self, spoken: Spoken) -> tuple[Reason, ...]:
        """One for each thing asked for."""
        return tuple(reason_for(ask, spoken, self.kinship, self.names) for ask in self.asks)

    def sketched_facts(self, sketch: Sketch) -> float:
        """How far a sketch's claims cover what is asked, from 0 to 1."""
        return weighed(self.asks, {ask.id: covered(ask, sketch.claims, self.kinship) for ask in self.asks})

    def facts(self, reasons: Iterable[Reason]) -> float:
        """How far the reasons cover what is asked, from 0 to 1."""
        return weighed(self.asks, {reason.requirement_id: reason.coverage_milli / 1000 for reason in reasons})


class Field:
    """All that the candidates of one need have in common: the best words, the records, who is new."""

    def __init__(self, found: Mapping[str, Sketch]) -> None:
        self.most_words = max((sketch.words for sketch in found.values()), default=0.0)
        self.records: Mapping[str, Record] = track_records()
        self.mean = mean_outcome(self.records.values())
        self.known = providers_with_countersigned()

    def parts(self, facts: float, sketch: Sketch) -> Parts:
        """The parts of a sketch's score; words count by the share of the strongest in the field."""
        words = sketch.words / self.most_words if self.most_words else 0.0
        return parts(facts, words, shrunk(self.records.get(sketch.provider_id), self.mean))


def candidates(need: Need) -> Ranking:
    """Who could meet the need, at most 30 providers, each with its best profile and the reason for each requirement.

    Eligible ones first; then by whole points of the score; among equal points in-house teams, then the exact score,
    then a lot (SHA-256 of need and provider). Then places are kept for newcomers.
    """
    version, found = _version(), _candidates(Case(need), ())
    placed, given = with_kept_places(found, lambda each: each.is_newcomer and each.is_eligible)
    marked = [replace(each, has_kept_place=True) if at in given else each for at, each in enumerate(placed)]
    return Ranking(version, tuple(marked[:SHOWN]))


def candidate_of(need: Need, profile: SolutionProfile) -> tuple[str, Candidate | None]:
    """This very profile as a candidate, wherever it stands, with the index version: "why this one, or why not?"."""
    version = _version()
    found = _candidates(Case(need), (profile.id,))
    return version, next((each for each in found if each.profile.id == profile.id), None)


def _candidates(case: Case, also: Collection[str]) -> list[Candidate]:
    found = sketches(text_of(case.need), case.kinship.related, also)
    field = Field(found)
    pool = _pool(case, field, found, also)
    profiles = load_live_profiles([sketch.id for sketch in pool])
    spoken_for = countersigned_evidence({sketch.provider_id for sketch in pool})
    made = [
        _candidate(case, field, sketch, profiles[sketch.id], spoken_for.get(sketch.provider_id, []))
        for sketch in pool
        if sketch.id in profiles
    ]
    explained = [each for each in made if each.is_explained or each.profile.id in also]
    return sorted(explained, key=lambda each: _order(case.need, each))


def _order(need: Need, each: Candidate) -> tuple[object, ...]:
    return (not each.is_eligible, -each.points, not each.is_in_house, -each.score_milli, lot(need.id, each.provider.id))


def _pool(case: Case, field: Field, found: Mapping[str, Sketch], also: Collection[str]) -> list[Sketch]:
    """The best profile of each of the best providers by sketch, newcomers among them, and what was named."""
    keyed = []
    for sketch in found.values():
        score = field.parts(case.sketched_facts(sketch), sketch).score_milli
        is_able = is_eligible(constraints_of(case.need, sketch.offer))
        keyed.append((sketch.id not in also, not is_able, -score, lot(case.need.id, sketch.id), sketch))
    keyed.sort(key=lambda each: each[:4])
    best: dict[str, tuple[bool, Sketch]] = {}
    for _, is_unable, _, _, sketch in keyed:
        best.setdefault(sketch.provider_id, (is_unable, sketch))
    ordered = list(best.values())
    newcomers = [s for is_unable, s in ordered[POOL:] if not is_unable and s.provider_id not in field.known]
    return [*(sketch for _, sketch in ordered[:POOL]), *newcomers[:NEWCOMERS_IN_POOL]]


def _candidate(
    case: Case, field: Field, sketch: Sketch, profile: SolutionProfile, countersigned: Sequence[Evidence]
) -> Candidate:
    reasons = case.reasons(Spoken(profile, that_counts(profile, countersigned)))
    return Candidate(
        profile=profile,
        parts=field.parts(case.facts(reasons), sketch),
        reasons=reasons,
        constraints=constraints_of(case.need, profile),
        is_newcomer=sketch.provider_id not in field.known,
    )


def that_counts(profile: SolutionProfile, countersigned: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that speaks for a profile: what buyers countersigned for its provider, then what it shows itself."""
    today, ids = clock.today(), {piece.id for piece in countersigned}
    shown = [piece for piece in profile.evidence if piece.id not in ids and piece.standing != DISPUTED]
    return [piece for piece in (*countersigned, *shown) if not piece.is_expired(today)]


def _version() -> str:
    """The generations of the two indexes that were asked."""
    return f"{search.index_version('profile')} {search.index_version('evidence')}".strip()
