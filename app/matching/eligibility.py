"""Eligible: which constraints of a need a solution profile meets. All that asks, asks here."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.needs.models import Need
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


def constraints_of(need: Need, profile: SolutionProfile) -> tuple[Constraint, ...]:
    """Every constraint that the need sets, in the order in which its page shows them."""
    found = [_clearance(need, profile), _place(need, profile), *_standards(need, profile)]
    return tuple(constraint for constraint in found if constraint is not None)


def is_eligible(constraints: Sequence[Constraint]) -> bool:
    """Whether all are met; a need without constraints takes everybody."""
    return all(constraint.is_met for constraint in constraints)


def near_miss(constraints: Sequence[Constraint]) -> Constraint | None:
    """The one constraint that would have to be relaxed, where it is only one."""
    unmet = [constraint for constraint in constraints if not constraint.is_met]
    return unmet[0] if len(unmet) == 1 else None


def _clearance(need: Need, profile: SolutionProfile) -> Constraint | None:
    if need.clearance in ("", "none"):
        return None
    offered = CLEARANCES.get(profile.clearance, "Not stated")
    return Constraint(
        "Security clearance", CLEARANCES[need.clearance], offered, _rank(profile) >= RISING.index(need.clearance)
    )


def _rank(profile: SolutionProfile) -> int:
    return RISING.index(profile.clearance) if profile.clearance in RISING else -1


def _place(need: Need, profile: SolutionProfile) -> Constraint | None:
    """Work that can be remote wants people who work remotely, or in all its places; other work wants all its places."""
    if not need.places and not need.remote:
        return None
    covers_all = bool(need.places) and set(need.places) <= set(profile.places)
    is_met = covers_all or bool(need.remote and profile.remote)
    return Constraint("Place", _where(need.places, need.remote), _where(profile.places, profile.remote), is_met)


def _where(places: Sequence[str], remote: bool | None) -> str:
    named = [PLACES[place] for place in PLACES if place in places]
    return ", ".join([*named, *(["Remote"] if remote else [])]) or "Not stated"


def _standards(need: Need, profile: SolutionProfile) -> list[Constraint]:
    held = {*profile.standards, *(IMPLIED[each] for each in profile.standards if each in IMPLIED)}
    return [
        Constraint("Standard", STANDARDS[each], STANDARDS[each] if each in held else "Not stated", each in held)
        for each in STANDARDS
        if each in need.standards
    ]
