"""What is missing, and where it is mended: in the wallet, in the profile, or together with somebody else. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.display import day
from app.matching.eligibility import AUDIENCE, Constraint
from app.matching.fitting import FittingNeed
from app.matching.offering import offered_for
from app.matching.reasons import MISSING, Reason
from app.needs.models import WITH_CAPABILITIES, Need, Requirement
from app.providers.completeness import CAPABILITIES, CONSTRAINTS, EVIDENCE
from app.providers.models import Evidence


@dataclass(frozen=True)
class Mend:
    """One thing that is missing, what can be done, and where: in a section of the profile, or by showing past work."""

    missing: str
    advice: str
    section: str = ""
    is_shown_by_work: bool = False


def mends(fitting: FittingNeed, wallet: Sequence[Evidence]) -> list[Mend]:
    """What keeps the provider from meeting all that is asked, requirements first."""
    asked = {each.id: each for each in fitting.need.requirements}
    lacking = [each for each in fitting.reasons if each.standing == MISSING]
    found = [_of_requirement(each, asked.get(each.requirement_id), wallet) for each in lacking]
    return found + [_of_constraint(fitting.need, each) for each in fitting.constraints if not each.is_met]


def _of_requirement(reason: Reason, requirement: Requirement | None, wallet: Sequence[Evidence]) -> Mend:
    best = next((each for each in offered_for(requirement, wallet) if each.fits), None) if requirement else None
    if best is not None:
        return Mend(reason.text, f"Your evidence “{best.evidence.title}” fits. Show it in your profile.", EVIDENCE)
    old = _expired(requirement, wallet) if requirement else None
    if old is not None:
        told = f"Your evidence “{old.title}” expired on {day(old.expires_on)}. State newer work if you have some."
        return Mend(reason.text, told, is_shown_by_work=True)
    advice = "State past work that shows it, or look for a partner who has it."
    return Mend(reason.text, advice, is_shown_by_work=True)


def _expired(requirement: Requirement, wallet: Sequence[Evidence]) -> Evidence | None:
    """Evidence that names one of the capabilities asked for and that the offering leaves out as too old."""
    offered = {each.evidence.id for each in offered_for(requirement, wallet)}
    asked = {each.id for each in requirement.capabilities}
    return next(
        (each for each in wallet if each.id not in offered and asked & {held.id for held in each.capabilities}), None
    )


def _of_constraint(need: Need, constraint: Constraint) -> Mend:
    missing = f"{constraint.name}: {constraint.wanted}"
    if constraint.name != AUDIENCE:
        return Mend(missing, "If you meet this, say so in your profile.", CONSTRAINTS)
    if need.audience == WITH_CAPABILITIES:
        return Mend(missing, "If you have one of these capabilities, say so in your profile.", CAPABILITIES)
    return Mend(missing, "Only the organisations that the department invited can take part.")
