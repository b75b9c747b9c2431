"""Eligible: which constraints of a need a solution profile meets. All that asks, asks here.

A constraint is a list of demands, each of them met by any of some values of one facet of a profile. One profile is held
to them by its own facets, and all profiles at once by the masks of the index, which has the same facets.

Who is outside the need's audience is not eligible. An audience looks at the provider as a whole: at all of its live
profiles together, or at who it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.kernel.search import Groups, Snapshot
from app.matching.voices import PROFILE
from app.needs.choices import AUDIENCES
from app.needs.models import INVITED, WITH_CAPABILITIES, Need
from app.providers.index import REMOTE, constraint_facets
from app.providers.models import SolutionProfile
from app.providers.queries import provider_ids_of

AUDIENCE = "Audience"
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

    def documents(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        """(documents,): the live profiles in the index that meet every demand."""
        mask = snapshot.live
        for demand in self.demands:
            mask = mask & snapshot.passing({self.facet: sorted(demand)})
        return mask

    def is_met_by(self, held: Sequence[str]) -> bool:
        """Whether somebody with these values of the facet meets every demand."""
        return all(demand & set(held) for demand in self.demands)


@dataclass(frozen=True)
class Party:
    """A provider as an audience sees it: what its live profiles can do together, with all that is above that."""

    organisation_id: str
    capabilities: frozenset[str]


def wanted_of(need: Need) -> tuple[Wanted, ...]:
    """Every constraint that the need sets, in the order in which its page shows them."""
    return (*_clearance(need), *_place(need), *_standards(need))


def constraints_of(need: Need, profile: SolutionProfile, party: Party | None) -> tuple[Constraint, ...]:
    """Every constraint of the need, held to one profile, and its audience to the party; nobody known is outside."""
    held = constraint_facets(profile)
    met = tuple(
        Constraint(each.name, each.words, _offered(each, profile, held), each.is_met_by(held[each.facet]))
        for each in wanted_of(need)
    )
    return (*_audience(need, party), *met) if need.is_limited else met


def eligible_documents(need: Need, snapshot: Snapshot) -> NDArray[np.bool_]:
    """(documents,): the profiles in the index that meet every constraint; whose they are is not looked at."""
    return reduce(np.logical_and, (each.documents(snapshot) for each in wanted_of(need)), snapshot.live)


def eligible_providers(need: Need, groups: Groups) -> NDArray[np.bool_]:
    """(groups,): who may take part, and has a live profile that meets every constraint."""
    snapshot = groups.snapshots.get(PROFILE)
    if snapshot is None:
        return np.zeros(groups.size, np.bool_)
    return groups.any(PROFILE, eligible_documents(need, snapshot)) & providers_in_audience(need, groups)


# The audience


def is_in_audience(need: Need, party: Party) -> bool:
    """Whether it is invited, or has one of the capabilities named or something beneath it; everybody, if all may."""
    if need.audience == WITH_CAPABILITIES:
        return not party.capabilities.isdisjoint(each.id for each in need.audience_capabilities)
    if need.audience == INVITED:
        return party.organisation_id in {each.id for each in need.invited_organisations}
    return True


def providers_in_audience(need: Need, groups: Groups) -> NDArray[np.bool_]:
    """(groups,): the same of all providers at once; the index has each profile under all that its capabilities are."""
    snapshot = groups.snapshots.get(PROFILE)
    if need.audience == WITH_CAPABILITIES and snapshot is not None and need.audience_capabilities:
        named = sorted(each.id for each in need.audience_capabilities)
        return groups.any(PROFILE, snapshot.passing({"capability": named}))
    inside = np.full(groups.size, not need.is_limited, np.bool_)
    if need.audience == INVITED:
        found = provider_ids_of(each.id for each in need.invited_organisations)
        inside[[groups.numbers[each] for each in found if each in groups.numbers]] = True
    return inside


def audience_words(need: Need) -> str:
    """Who may take part, in a few words."""
    if need.audience == WITH_CAPABILITIES:
        return "any of " + ", ".join(each.name for each in need.audience_capabilities)
    return AUDIENCES.get(need.audience, "").lower()


def _audience(need: Need, party: Party | None) -> tuple[Constraint, ...]:
    is_met = party is not None and is_in_audience(need, party)
    words = audience_words(need)
    other = "Not invited" if need.audience == INVITED else "None of these"
    return (Constraint(AUDIENCE, words, words if is_met else other, is_met),)


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
