"""The other way round: the live needs that fit a provider, with what speaks for its best profile on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, union_all

from app.capabilities.queries import tree
from app.kernel import search
from app.kernel.db import session
from app.matching.asks import Kinship, covered, weighed
from app.matching.case import Case
from app.matching.eligibility import Constraint, Party, constraints_of, is_eligible, near_miss
from app.matching.engine import that_counts
from app.matching.parties import party_of
from app.matching.reasons import MISSING, Reason, Spoken
from app.matching.scoring import FACTS, WORDS, lot
from app.matching.voices import need_text
from app.needs.models import (
    INVITED,
    LIVE,
    Need,
    Requirement,
    need_capabilities,
    need_invited_organisations,
    requirement_capabilities,
)
from app.needs.queries import WHOLE
from app.providers.models import Provider, SolutionProfile
from app.providers.queries import countersigned_evidence, live_profiles_of

BY_CAPABILITY, BY_WORDS, SHOWN = 60, 40, 30


@dataclass(frozen=True)
class FittingNeed:
    """One live need for one provider, with the profile that fits it best and what speaks for that."""

    need: Need
    profile: SolutionProfile
    strength: int
    reasons: tuple[Reason, ...]
    constraints: tuple[Constraint, ...]

    @property
    def is_eligible(self) -> bool:
        return is_eligible(self.constraints)

    @property
    def near_miss(self) -> Constraint | None:
        return near_miss(self.constraints)

    @property
    def count_met(self) -> int:
        """How many of the requirements something speaks for."""
        return sum(reason.standing != MISSING for reason in self.reasons)


Voice = tuple[SolutionProfile, Spoken]


def needs_that_fit(provider: Provider) -> list[FittingNeed]:
    """At most 30 live needs for which something speaks, those whose constraints are met first, then the strongest.

    The strength has the facts and words of a candidate's score, in the same thousandths; ties by lot.
    """
    voices = _voices(provider)
    if not voices:
        return []
    by_words = _by_words([profile for profile, _ in voices])
    most = max(by_words.values(), default=0.0)
    needs = _live({*by_words, *_by_capability(voices)})
    party = party_of(provider)
    found = [_fitting(need, voices, party, by_words.get(need.id, 0.0) / most if most else 0.0) for need in needs]
    explained = [each for each in found if each.count_met]
    return sorted(explained, key=lambda e: (not e.is_eligible, -e.strength, lot(e.need.id, provider.id)))[:SHOWN]


def fit_of(need: Need, provider: Provider) -> FittingNeed | None:
    """One need for one provider, whatever the need's state; None where the provider offers nothing in public.

    It rests on the rows of this need and this provider alone, so nothing of anybody else can show in it.
    """
    voices = _voices(provider)
    return _fitting(need, voices, party_of(provider), 0.0) if voices else None


def _voices(provider: Provider) -> list[Voice]:
    countersigned = countersigned_evidence([provider.id]).get(provider.id, [])
    profiles = live_profiles_of(provider)
    return [(profile, Spoken(profile, that_counts(profile, countersigned))) for profile in profiles]


def _fitting(need: Need, voices: Sequence[Voice], party: Party, words: float) -> FittingNeed:
    case = Case(need)
    profile, spoken = min(voices, key=lambda voice: _preference(case, voice, party))
    reasons = case.reasons(spoken)
    strength = round(FACTS * case.facts(reasons) + WORDS * words)
    return FittingNeed(need, profile, strength, reasons, constraints_of(need, profile, party))


def _preference(case: Case, voice: Voice, party: Party) -> tuple[object, ...]:
    profile, spoken = voice
    facts = weighed(case.asks, {ask.id: covered(ask, spoken.claims, case.kinship) for ask in case.asks})
    return (not is_eligible(constraints_of(case.need, profile, party)), -facts, lot(case.need.id, profile.id))


def _by_words(profiles: Sequence[SolutionProfile]) -> dict[str, float]:
    text = need_text(*(part for p in profiles for part in (p.title, p.problem, p.approach, p.users)))
    found = search.rank("need", text, filters={"state": [LIVE]}, limit=BY_WORDS)
    return {ranked.row_id: ranked.score for ranked in found}


def _by_capability(voices: Sequence[Voice]) -> list[str]:
    """The live needs that ask for the most of what is held, or for something close to it."""
    related = Kinship({claim.capability for _, spoken in voices for claim in spoken.claims}, tree()).related
    whole = select(need_capabilities.c.need_id, need_capabilities.c.capability_id)
    one_by_one = select(Requirement.need_id, requirement_capabilities.c.capability_id).join(requirement_capabilities)
    asked = union_all(whole, one_by_one).subquery()
    counted = func.count(asked.c.capability_id.distinct())
    statement = (
        select(asked.c.need_id)
        .join(Need, Need.id == asked.c.need_id)
        .where(asked.c.capability_id.in_(related), Need.state == LIVE)
        .group_by(asked.c.need_id, Need.published_at)
        .order_by(counted.desc(), Need.published_at.desc(), asked.c.need_id)
    )
    return list(session().scalars(statement.limit(BY_CAPABILITY)))


def needs_invited_to(provider: Provider) -> list[Need]:
    """The live needs in which only invited organisations can take part, and this one was invited; the newest first."""
    return invited_needs([provider.organisation_id])


def invited_needs(organisation_ids: Sequence[str]) -> list[Need]:
    """The same for several organisations."""
    mine = select(need_invited_organisations.c.need_id).where(
        need_invited_organisations.c.organisation_id.in_(organisation_ids)
    )
    wanted = select(Need).where(Need.id.in_(mine), Need.audience == INVITED, Need.state == LIVE)
    found = session().scalars(wanted.order_by(Need.published_at.desc(), Need.id).options(*WHOLE))
    return [need for need in found if not need.is_past_deadline]


def _live(ids: set[str]) -> list[Need]:
    found = session().scalars(select(Need).where(Need.id.in_(ids), Need.state == LIVE).options(*WHOLE))
    return [need for need in found if not need.is_past_deadline]
