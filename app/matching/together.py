"""Together: the coalitions that could meet a need which nobody meets alone, from what the index knows of everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.kernel import clock, search
from app.kernel.search import Groups
from app.matching.asks import Ask
from app.matching.case import Case
from app.matching.coalitions import Coalition, Coalitions, coalitions
from app.matching.coverage import coverage
from app.matching.eligibility import eligible_providers
from app.matching.scoring import lot
from app.matching.voices import KINDS, PROFILE
from app.needs.models import Need
from app.providers.models import Provider
from app.providers.queries import load_providers, oldest_valid

SHOWN, LARGEST, SECONDS = 5, 6, 0.25
SMALL = ("micro", "small")
# a must counts as covered by at least this much: more than a text that only has its words
COVERS_MILLI = 300


@dataclass(frozen=True)
class Share:
    """One must, who of the coalition covers it best, and how far in thousandths."""

    text: str
    provider: Provider
    coverage_milli: int


@dataclass(frozen=True)
class Together:
    """One coalition: who, what each covers, and the mean coverage of the musts in thousandths."""

    members: tuple[Provider, ...]
    shares: tuple[Share, ...]
    strength_milli: int


@dataclass(frozen=True)
class CoalitionsFor:
    """The best few, the musts that nobody covers, and how far from the best the first may be (0: proven the best)."""

    found: tuple[Together, ...]
    uncovered: tuple[str, ...]
    gap: float
    is_exact: bool


def coalitions_for(need: Need) -> CoalitionsFor:
    """The best few sets of eligible providers that together cover all musts which anybody covers."""
    case = Case(need)
    musts = [ask for ask in case.asks if ask.is_must]
    with search.groups(KINDS) as groups:
        found = _solved(need, case, musts, groups)
    texts = {ask.id: ask.text for ask in musts}
    known = load_providers({member for each in found.found for member in each.members})
    told = [_told(each, texts, known) for each in found.found if set(each.members) <= set(known)]
    return CoalitionsFor(tuple(told), tuple(texts[each] for each in found.uncovered), found.gap, found.is_exact)


def _solved(need: Need, case: Case, musts: Sequence[Ask], groups: Groups) -> Coalitions:
    """Small firms go first among equals, then the lot."""
    covered = coverage(groups, musts, case.kinship, oldest_valid(clock.today()))
    milli = np.rint(1000 * covered).astype(np.int64)
    milli[milli < COVERS_MILLI] = 0
    able = np.flatnonzero(eligible_providers(need, groups) & milli.any(axis=0))
    ids = [groups.ids[at] for at in able.tolist()]
    profiles = groups.snapshots.get(PROFILE)
    small = groups.any(PROFILE, profiles.passing({"size": SMALL})) if profiles else np.zeros(groups.size, np.bool_)
    return coalitions(
        milli[:, able],
        [ask.id for ask in musts],
        ids,
        [lot(need.id, each) for each in ids],
        is_small=small[able],
        wanted=SHOWN,
        largest=LARGEST,
        seconds=SECONDS,
    )


def _told(each: Coalition, texts: Mapping[str, str], known: Mapping[str, Provider]) -> Together:
    shares = (Share(texts[must], known[provider], milli) for must, provider, milli in each.covers)
    return Together(tuple(known[member] for member in each.members), tuple(shares), each.strength_milli)
