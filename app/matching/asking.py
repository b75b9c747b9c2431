"""Why not this one? Where any provider stands for a need, and what keeps it from standing higher."""

from dataclasses import dataclass

from app.kernel import search
from app.matching.candidate import Candidate
from app.matching.eligibility import Constraint
from app.matching.engine import POOL, candidate_of_provider
from app.matching.reasons import MISSING
from app.needs.models import Need
from app.providers.models import Provider
from app.providers.queries import load_providers

FOUND = 5


@dataclass(frozen=True)
class Standing:
    """One provider for a need: its place by what the index knows, of how many, and why it is not higher, in words."""

    provider: Provider
    candidate: Candidate | None
    place: tuple[int, int] | None
    why: tuple[str, ...]


def standings(need: Need, name: str) -> list[Standing]:
    """The five providers whose names fit best what was typed, each with where it stands."""
    hits = search.find("provider", name, size=FOUND).hits if name.strip() else []
    known = load_providers(hit.row_id for hit in hits)
    return [_standing(need, known[hit.row_id]) for hit in hits if hit.row_id in known]


def _standing(need: Need, provider: Provider) -> Standing:
    candidate, place = candidate_of_provider(need, provider)
    return Standing(provider, candidate, place, tuple(_whys(candidate, place)))


def _whys(candidate: Candidate | None, place: tuple[int, int] | None) -> list[str]:
    if candidate is None:
        return ["It has no published solution profile that the index knows."]
    found = [_unmet(each) for each in candidate.constraints if not each.is_met]
    found += [f"Nothing was found for: {reason.text}" for reason in candidate.reasons if reason.standing == MISSING]
    if not candidate.is_explained:
        found.append("So nothing speaks for it, and what cannot be explained is not shown.")
    elif place and place[0] > POOL:
        found.append(f"{place[0] - 1} others stand before it, and the best {POOL} are looked at closely.")
    return found or ["All that was asked for is shown, and every constraint is met."]


def _unmet(constraint: Constraint) -> str:
    return f"Constraint not met: {constraint.name} ({constraint.wanted} is wanted; offered: {constraint.offered})."
