"""Complements: who shows what a provider lacks for one need, from what the index knows of everybody in public.

Who answers the need, or is interested in it, is not looked at. Where only those invited by name may take part, nobody
is proposed: a proposal would tell who was invited.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.kernel import clock, search
from app.kernel.search import Groups
from app.matching.case import Case
from app.matching.coverage import coverage
from app.matching.eligibility import eligible_providers
from app.matching.engine import candidates_among
from app.matching.reasons import MISSING, Reason
from app.matching.scoring import lot
from app.matching.together import COVERS_MILLI, SMALL
from app.matching.voices import KINDS
from app.needs.models import INVITED, Need
from app.providers.models import Provider
from app.providers.queries import oldest_valid

PROPOSED = 8
# coverage is compared in tenths: whoever differs by less is an equal
EQUAL_MILLI = 100


@dataclass(frozen=True)
class Complement:
    """A provider that shows some of what is lacking, the public reason for each, and whether it is a small firm."""

    provider: Provider
    fills: tuple[Reason, ...]
    is_small: bool


@dataclass(frozen=True)
class Complements:
    """The ids of the requirements that a provider shows itself, and of those that it lacks, and who shows these."""

    covered: tuple[str, ...]
    lacking: tuple[str, ...]
    proposed: tuple[Complement, ...]


def complements_for(
    need: Need, provider: Provider, *, beside: Collection[str] = (), without: Collection[str] = ()
) -> Complements:
    """Eligible providers that show what this one lacks, at most eight, those of `without` left out.

    `beside` are its partners already: what they show is not lacking any more.

    Who shows more musts comes first, then more of all that is lacking, then who covers it further in tenths; among
    equals small firms, then the lot (SHA-256 of need and provider).
    """
    if not need.requirements:
        return Complements((), (), ())
    case = Case(need)
    with search.groups(KINDS) as groups:
        milli = _covered(case, groups)
        own = [groups.numbers[each] for each in (provider.id, *beside) if each in groups.numbers]
        shown = np.any(milli[:, own] > 0, axis=1)
        fills = np.where(shown[:, None], 0, milli) * eligible_providers(need, groups)
        chosen = [] if need.audience == INVITED else _in_order(case, groups, fills, {provider.id, *beside, *without})
    covered = {ask.id for ask, is_shown in zip(case.asks, shown.tolist(), strict=True) if is_shown}
    lacking = tuple(row.id for row in need.requirements if row.id not in covered)
    return Complements(
        tuple(row.id for row in need.requirements if row.id in covered), lacking, _told(need, chosen, lacking)
    )


def coverage_of(need: Need, provider_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """How far each of these providers shows each requirement, in thousandths: by requirement, then by provider."""
    case = Case(need)
    with search.groups(KINDS) as groups:
        milli = _covered(case, groups)
        known = [(each, groups.numbers[each]) for each in provider_ids if each in groups.numbers]
    return {ask.id: {each: int(milli[at, number]) for each, number in known} for at, ask in enumerate(case.asks)}


def _covered(case: Case, groups: Groups) -> NDArray[np.int64]:
    """(asks, groups): thousandths, none below what counts as covered."""
    found = coverage(groups, case.asks, case.kinship, oldest_valid(clock.today()))
    milli = np.rint(1000 * found).astype(np.int64)
    milli[milli < COVERS_MILLI] = 0
    return milli


def _in_order(case: Case, groups: Groups, fills: NDArray[np.int64], without: Collection[str]) -> list[tuple[str, bool]]:
    """Provider ids with whether each is a small firm."""
    musts = np.array([ask.is_must for ask in case.asks], np.bool_)
    small = _small(groups)
    counts, count_musts = (fills > 0).sum(axis=0), (fills[musts] > 0).sum(axis=0)
    tenths = np.rint(fills.sum(axis=0) / EQUAL_MILLI).astype(np.int64)
    able = [at for at in np.flatnonzero(counts).tolist() if groups.ids[at] not in without]

    def place(at: int) -> tuple[object, ...]:
        merits = -int(count_musts[at]), -int(counts[at]), -int(tenths[at])
        return (*merits, not small[at], lot(case.need.id, groups.ids[at]))

    return [(groups.ids[at], bool(small[at])) for at in sorted(able, key=place)[:PROPOSED]]


def _small(groups: Groups) -> NDArray[np.bool_]:
    profiles = groups.snapshots.get("profile")
    return groups.any("profile", profiles.passing({"size": SMALL})) if profiles else np.zeros(groups.size, np.bool_)


def _told(need: Need, chosen: Sequence[tuple[str, bool]], lacking: Collection[str]) -> tuple[Complement, ...]:
    """Each with the reasons that its rows give for what is lacking; who is not explained is not shown."""
    ids = [each for each, _ in chosen]
    found = {each.provider.id: each for each in candidates_among(need, ids, len(ids))} if ids else {}
    reasons: Mapping[str, tuple[Reason, ...]] = {
        key: tuple(each for each in candidate.reasons if each.requirement_id in lacking and each.standing != MISSING)
        for key, candidate in found.items()
    }
    return tuple(
        Complement(found[key].provider, reasons[key], is_small) for key, is_small in chosen if reasons.get(key)
    )
