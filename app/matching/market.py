"""The market for a need, counted before it is published: who looks eligible, and what removes most of the others.

Everything is counted from the index's masks over all providers at once. Leaving one thing out is counting what is
unmet: whoever lacks that thing alone would be eligible without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.kernel import clock, search
from app.kernel.search import Groups, Snapshot
from app.matching.asks import Ask
from app.matching.case import Case
from app.matching.coverage import shows_any
from app.matching.eligibility import Wanted, audience_words, providers_in_audience, wanted_of
from app.matching.voices import KINDS, PROFILE
from app.needs.market import Barrier, Market
from app.needs.models import Need
from app.providers.queries import oldest_valid

Mask = NDArray[np.bool_]
LONGEST_WORDS = 60


def market_of(need: Need) -> Market | None:
    """The market for a need, or for one as it would be; None while an index is not ready.

    *Offering* has a live profile, and may take part. *Eligible* has one live profile that meets every constraint, as
    eligibility says, and claims something for every must. A provider claims something for a must when any of its live
    profiles, or its valid evidence, is tagged with one of the must's capabilities or their kin, as coverage says: one
    is enough, and kin count, because a count that warns of a thin market must not leave out whom the ranking would show
    as covering part of it. Words do not count here: that a text has some words of a must is too little to say that
    somebody can do it, and a market that looks wider than it is would keep the warning back. A must in which no
    capability is named or recognised removes nobody, since nothing can be counted for it. A need without requirements
    is held to its own capabilities.
    """
    try:
        with search.groups(KINDS) as groups:
            return _counted(need, groups) if set(groups.snapshots) == set(KINDS) else None
    except search.Broken:
        return None


@dataclass(frozen=True)
class _Unmet:
    """What providers lack: of the constraints (constraints, documents), of audience and musts (things, groups)."""

    groups: Groups
    live: Mask
    by_document: Mask
    by_provider: Mask

    def count(self, *, constraint: int | None = None, thing: int | None = None) -> int:
        """How many providers are left, without one of the constraints or one of the other things."""
        documents = self.by_document.sum(axis=0)
        providers = self.by_provider.sum(axis=0)
        if constraint is not None:
            documents = documents - self.by_document[constraint]
        if thing is not None:
            providers = providers - self.by_provider[thing]
        return int((self.groups.any(PROFILE, self.live & (documents == 0)) & (providers == 0)).sum())


def _counted(need: Need, groups: Groups) -> Market:
    snapshot, case = groups.snapshots[PROFILE], Case(need)
    musts = [ask for ask in case.asks if ask.is_must]
    inside = providers_in_audience(need, groups)
    able = shows_any(groups, musts, case.kinship, oldest_valid(clock.today()))
    constraints = wanted_of(need)
    unmet = _Unmet(groups, snapshot.live, _unmet_by_document(constraints, snapshot), ~np.vstack([inside, able]))
    eligible = unmet.count()
    barriers = [
        *(_of_constraint(each, unmet.count(constraint=at)) for at, each in enumerate(constraints)),
        _of_audience(need, unmet.count(thing=0)),
        *(_of_must(case, each, unmet.count(thing=at)) for at, each in enumerate(musts, start=1)),
    ]
    removing = sorted((each for each in barriers if each.left_without > eligible), key=lambda each: -each.left_without)
    offering = int((groups.any(PROFILE, snapshot.live) & inside).sum())
    return Market(offering, eligible, tuple(removing))


def _unmet_by_document(constraints: Sequence[Wanted], snapshot: Snapshot) -> Mask:
    unmet = np.zeros((len(constraints), snapshot.size), np.bool_)
    for at, each in enumerate(constraints):
        unmet[at] = ~each.documents(snapshot)
    return unmet


def _of_constraint(wanted: Wanted, left: int) -> Barrier:
    return Barrier("constraints", wanted.name, wanted.words, left)


def _of_audience(need: Need, left: int) -> Barrier:
    return Barrier("audience", "Who can take part", audience_words(need), left)


def _of_must(case: Case, ask: Ask, left: int) -> Barrier:
    named = ", ".join(case.names[each] for each in ask.capabilities if each in case.names)
    if not case.need.requirements:
        return Barrier("basics", "What the need is about", named, left)
    return Barrier("requirements", f"Requirement “{_shortened(ask.text)}”", named, left)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_WORDS else line[:LONGEST_WORDS].rsplit(" ", 1)[0] + "…"
