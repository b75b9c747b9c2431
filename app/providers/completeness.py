"""What a solution profile must say before it is published: pure rules over one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.providers.models import SolutionProfile

OFFER, CAPABILITIES, PRICE, CONSTRAINTS, EVIDENCE = SECTIONS = (
    "offer",
    "capabilities",
    "price",
    "constraints",
    "evidence",
)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: the section and field in which it is mended, and what to do there."""

    section: str
    field: str
    says: str


Rule = tuple[Gap, Callable[[Any], bool]]

RULES: tuple[Rule, ...] = (
    (Gap(OFFER, "title", "Enter a title"), lambda p: bool(p.title)),
    (Gap(OFFER, "problem", "Describe the problem that you solve"), lambda p: bool(p.problem)),
    (Gap(OFFER, "approach", "Describe how you solve it"), lambda p: bool(p.approach)),
    (Gap(OFFER, "users", "Say for whom it is"), lambda p: bool(p.users)),
    (Gap(CAPABILITIES, "capabilities", "Select at least one capability"), lambda p: bool(p.capabilities)),
    (Gap(PRICE, "low_pence", "Enter the lowest price"), lambda p: p.low_pence is not None),
    (Gap(PRICE, "price_unit", "Select what the price is for"), lambda p: bool(p.price_unit)),
    (Gap(CONSTRAINTS, "clearance", "Select the security clearance that your people hold"), lambda p: bool(p.clearance)),
    (Gap(CONSTRAINTS, "remote", "Say whether you can work remotely"), lambda p: p.remote is not None),
    (
        Gap(CONSTRAINTS, "places", "Select where you work, or say that you can work remotely"),
        lambda p: bool(p.places or p.remote),
    ),
)


class Proposed:
    """A profile as it would be with other content in some of its attributes."""

    def __init__(self, profile: SolutionProfile, content: Mapping[str, Any]) -> None:
        self._profile, self._content = profile, content

    def __getattr__(self, name: str) -> Any:
        return self._content[name] if name in self._content else getattr(self._profile, name)


def gaps(profile: SolutionProfile | Proposed) -> list[Gap]:
    """What is missing, in the order of the page. Evidence is never asked for: a newcomer has none."""
    return [gap for gap, is_met in RULES if not is_met(profile)]
