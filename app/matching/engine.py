"""The engine: who could meet a need, ranked, with the reasons.

In this order: score every provider in the index as arrays (`field`), load the best few, say the reasons from their
rows, score those in full, put them in order, keep places for newcomers. Nothing is stored, and the same rows and index
give the same answer, in whatever order they were written.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from app.kernel import clock, search
from app.matching.candidate import Candidate, KeptPlace
from app.matching.case import Case
from app.matching.eligibility import Party, constraints_of
from app.matching.field import Field
from app.matching.parties import parties
from app.matching.places import Placed, kept, with_kept_places
from app.matching.reasons import Spoken
from app.matching.scoring import lot
from app.matching.voices import KINDS
from app.matching.wording import words_that_count
from app.needs.models import Need
from app.providers.models import DISPUTED, Evidence, Provider, SolutionProfile
from app.providers.queries import countersigned_evidence, load_live_profiles

POOL, NEWCOMERS_IN_POOL, SHOWN = 40, 20, 30


@dataclass(frozen=True)
class Ranking:
    """The candidates of a need in order, of how many who have anything to do with it, and the index's version."""

    index_version: str
    candidates: tuple[Candidate, ...]
    matched: int = 0

    def as_facts(self) -> dict[str, Any]:
        """The whole ranking as texts, numbers, lists and dictionaries."""
        shown = [{"place": place, **each.as_facts()} for place, each in enumerate(self.candidates, 1)]
        return {"index_version": self.index_version, "matched": self.matched, "candidates": shown}


def candidates(need: Need) -> Ranking:
    """Who could meet the need, at most 30 providers, each with its best profile and the reason for each requirement.

    Eligible ones first; then by whole points of the score; among equal points in-house teams, then the exact score,
    then a lot (SHA-256 of need and provider). Then places are kept for newcomers.
    """
    with _field(need) as field:
        pool = dict.fromkeys([*field.best(POOL), *field.best_newcomers(NEWCOMERS_IN_POOL)])
        found = _best_of_each(need, _candidates(field, pool, ()))
        placed = with_kept_places(found, _chance, lambda each: f"{need.id}:{each.provider.id}:place", kept())
        return Ranking(_version(), _told(field, placed[:SHOWN]), int((field.heights > 0).sum()))


def candidates_among(need: Need, provider_ids: Collection[str], count: int) -> tuple[Candidate, ...]:
    """The best of these providers for whom anything speaks, wherever others stand, in the same order as `candidates`.

    No place is kept for newcomers: so few are asked for that each of them is looked at.
    """
    with _field(need) as field:
        found = _best_of_each(need, _candidates(field, field.best_among(provider_ids, POOL), ()))
        return _told(field, [Placed(each, 0) for each in found[:count]])


def candidate_of(need: Need, profile: SolutionProfile) -> tuple[str, Candidate | None]:
    """This very profile as a candidate, wherever it stands, with the index version."""
    with _field(need) as field:
        found = [each for each in _candidates(field, (), (profile.id,)) if each.profile.id == profile.id]
        return _version(), next(iter(_told(field, [Placed(each, 0) for each in found])), None)


def candidate_of_provider(need: Need, provider: Provider) -> tuple[Candidate | None, tuple[int, int] | None]:
    """The provider's best profile as a candidate, explained or not, and its place by what the index knows."""
    with _field(need) as field:
        found = sorted(_candidates(field, [provider.id], ()), key=lambda each: _order(need, each))
        told = _told(field, [Placed(each, 0) for each in found[:1]])
        return next(iter(told), None), field.place_of(provider.id)


@contextmanager
def _field(need: Need) -> Iterator[Field]:
    with search.groups(KINDS) as groups:
        yield Field(Case(need), groups)


def _chance(each: Candidate) -> float:
    """How likely a candidate is to be drawn for a newcomer's place."""
    return float(1 + each.score_milli) if each.is_newcomer and each.is_eligible else 0.0


def _told(field: Field, placed: Sequence[Placed[Candidate]]) -> tuple[Candidate, ...]:
    """Each with the words that count, and with the place that was kept."""
    words = words_that_count(field, {place.each.provider.id for place in placed})
    return tuple(
        replace(
            place.each,
            words=words.get(place.each.provider.id, ()),
            kept_place=KeptPlace(place.drawn_from, place.by_score) if place.drawn_from else None,
        )
        for place in placed
    )


def _best_of_each(need: Need, found: Sequence[Candidate]) -> list[Candidate]:
    """The best profile of each provider for which anything speaks, in order."""
    best: dict[str, Candidate] = {}
    for each in sorted(found, key=lambda each: _order(need, each)):
        if each.is_explained:
            best.setdefault(each.provider.id, each)
    return list(best.values())


def _order(need: Need, each: Candidate) -> tuple[object, ...]:
    fairly = lot(need.id, each.provider.id), lot(need.id, each.profile.id)
    return (not each.is_eligible, -each.points, not each.is_in_house, -each.score_milli, *fairly)


def _candidates(field: Field, providers: Collection[str], also: Collection[str]) -> list[Candidate]:
    """The most promising profiles of these providers, and those named, with what speaks for them."""
    profiles = load_live_profiles([*field.profiles_of(providers), *also])
    spoken_for = countersigned_evidence({profile.provider_id for profile in profiles.values()})
    known = _parties(field.case.need, profiles.values())
    return [_candidate(field, each, spoken_for, known) for each in profiles.values()]


def _parties(need: Need, profiles: Iterable[SolutionProfile]) -> Mapping[str, Party]:
    """Whom the audience is held to, where there is one."""
    return parties({each.provider.organisation_id for each in profiles}) if need.is_limited else {}


def _candidate(
    field: Field,
    profile: SolutionProfile,
    spoken_for: Mapping[str, Sequence[Evidence]],
    known: Mapping[str, Party],
) -> Candidate:
    countersigned = spoken_for.get(profile.provider_id, [])
    reasons = field.case.reasons(Spoken(profile, that_counts(profile, countersigned)))
    return Candidate(
        profile=profile,
        parts=field.parts(profile.provider_id, field.case.facts(reasons)),
        reasons=reasons,
        constraints=constraints_of(field.case.need, profile, known.get(profile.provider.organisation_id)),
        is_newcomer=field.is_newcomer(profile.provider_id),
        record=field.records.get(profile.provider_id),
    )


def that_counts(profile: SolutionProfile, countersigned: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that speaks for a profile: what buyers countersigned for its provider, then what it shows itself."""
    today, ids = clock.today(), {piece.id for piece in countersigned}
    shown = [piece for piece in profile.evidence if piece.id not in ids and piece.standing != DISPUTED]
    return [piece for piece in (*countersigned, *shown) if not piece.is_expired(today)]


def _version() -> str:
    """The generations of the indexes that were asked."""
    return " ".join(filter(None, (search.index_version(kind) for kind in KINDS)))
