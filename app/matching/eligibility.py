"""Eligible: which constraints of a need a solution profile meets. All that asks, asks here.

A constraint is a list of demands, each of them met by any of some values of one facet of a profile. One profile is held
to them by its own facets, and all profiles at once by the masks of the index, which has the same facets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.kernel.search import Groups, Snapshot
from app.matching.voices import PROFILE
from app.needs.models import Need
from app.providers.index import REMOTE, constraint_facets
from app.providers.models import SolutionProfile

RISING = list(CLEARANCES)
# who holds the first meets the second too
IMPLIED = {"cyber_essentials_plus": "cyber_essentials"}


@dataclass(frozen=True)
class Constraint:
    """One constraint of a need: what it asks for, what the profile offers, and whether that will do."""

    name: str
    wanted: str
    offered: str
    is_met: bool


@dataclass(frozen=True)
class Wanted:
    """A constraint before anybody is held to it: for each demand, any of these values of the facet will do."""

    name: str
    words: str
    facet: str
    demands: tuple[frozenset[str], ...]

    def is_met_by(self, held: Sequence[str]) -> bool:
        """Whether somebody with these values of the facet meets every demand."""
        return all(demand & set(held) for demand in self.demands)


def wanted_of(need: Need) -> tuple[Wanted, ...]:
    """Every constraint that the need sets, in the order in which its page shows them."""
    return (*_clearance(need), *_place(need), *_standards(need))


def constraints_of(need: Need, profile: SolutionProfile) -> tuple[Constraint, ...]:
    """Every constraint of the need, held to one profile."""
    held = constraint_facets(profile)
    return tuple(
        Constraint(each.name, each.words, _offered(each, profile, held), each.is_met_by(held[each.facet]))
        for each in wanted_of(need)
    )


def eligible_documents(need: Need, snapshot: Snapshot) -> NDArray[np.bool_]:
    """(documents,): the profiles in the index that meet every constraint."""
    mask = snapshot.live
    for each in wanted_of(need):
        for demand in each.demands:
            mask = mask & snapshot.passing({each.facet: sorted(demand)})
    return mask


def eligible_providers(need: Need, groups: Groups) -> NDArray[np.bool_]:
    """(groups,): who has a live profile that meets every constraint."""
    snapshot = groups.snapshots.get(PROFILE)
    if snapshot is None:
        return np.zeros(groups.size, np.bool_)
    return groups.any(PROFILE, eligible_documents(need, snapshot))


def is_eligible(constraints: Sequence[Constraint]) -> bool:
    """Whether all are met; a need without constraints takes everybody."""
    return all(constraint.is_met for constraint in constraints)


def near_miss(constraints: Sequence[Constraint]) -> Constraint | None:
    """The one constraint that would have to be relaxed, where it is only one."""
    unmet = [constraint for constraint in constraints if not constraint.is_met]
    return unmet[0] if len(unmet) == 1 else None


def _clearance(need: Need) -> list[Wanted]:
    if need.clearance in ("", "none"):
        return []
    enough = frozenset(RISING[RISING.index(need.clearance) :])
    return [Wanted("Security clearance", CLEARANCES[need.clearance], "clearance", (enough,))]


def _place(need: Need) -> list[Wanted]:
    """Work that can be remote wants people who work remotely, or in all its places; other work wants all its places."""
    if not need.places and not need.remote:
        return []
    remote = frozenset({REMOTE} if need.remote else ())
    demands = tuple(remote | {place} for place in need.places) or (remote,)
    return [Wanted("Place", _where(need.places, bool(need.remote)), "place", demands)]


def _standards(need: Need) -> list[Wanted]:
    return [
        Wanted("Standard", words, "standard", (frozenset({each, *(a for a, b in IMPLIED.items() if b == each)}),))
        for each, words in STANDARDS.items()
        if each in need.standards
    ]


def _offered(wanted: Wanted, profile: SolutionProfile, held: Mapping[str, Sequence[str]]) -> str:
    if wanted.facet == "clearance":
        return CLEARANCES.get(profile.clearance, "Not stated")
    if wanted.facet == "place":
        return _where(profile.places, bool(profile.remote))
    return wanted.words if wanted.is_met_by(held[wanted.facet]) else "Not stated"


def _where(places: Sequence[str], remote: bool) -> str:
    named = [PLACES[place] for place in PLACES if place in places]
    return ", ".join([*named, *(["Remote"] if remote else [])]) or "Not stated"
