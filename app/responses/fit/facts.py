"""What is weighed: plain facts of one need and one provider, as rules and pages use them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from app.kernel.display import plural, pounds
from app.matching.eligibility import AUDIENCE
from app.matching.fitting import FittingNeed
from app.matching.reasons import MISSING
from app.needs.models import MUST, OPEN, Need
from app.providers.models import COUNTERSIGNED, SolutionProfile

# a range of fewer would come near to telling how many answered one of them
FEWEST_NEEDS = 5
DAYS_A_WEEK = 5
# how many weeks of work a price is for; what is not here cannot be held against a need's money
WEEKS_OF = {
    "a person a day": Fraction(1, DAYS_A_WEEK),
    "a unit a day": Fraction(1, DAYS_A_WEEK),
    "a month": Fraction(52, 12),
    "a year": Fraction(52),
}
WHOLE_WORK = "a project"


@dataclass(frozen=True)
class Drawn:
    """How many answers finished needs like this one drew: over how many needs, the middle, the fewest and the most."""

    needs: int
    middle: float
    least: int
    most: int


@dataclass(frozen=True)
class Results:
    """The provider's own answers to needs like this one whose results it was told."""

    told: int = 0
    awarded: int = 0


@dataclass(frozen=True)
class Cost:
    """What the least of this work costs at the profile's lowest price, and how that was reckoned."""

    pence: int
    words: str


@dataclass(frozen=True)
class Facts:
    """All that a verdict rests on."""

    musts: int
    musts_missing: int
    musts_confirmed: int
    unmet: tuple[str, ...]
    constraints: int
    is_inside: bool
    is_open: bool
    days_left: int | None
    high_pence: int | None
    is_money_approved: bool | None
    cost: Cost | None
    drawn: Drawn | None
    results: Results


def drawn_from(counts: Sequence[int]) -> Drawn | None:
    """The middle and the range of these numbers of answers; None where they are too few to name nobody."""
    if len(counts) < FEWEST_NEEDS:
        return None
    return Drawn(len(counts), median(counts), min(counts), max(counts))


def facts_of(fitting: FittingNeed, days_left: int | None, drawn: Drawn | None, results: Results) -> Facts:
    """The facts of one need for one provider."""
    need = fitting.need
    musts = [each for each in fitting.reasons if each.kind == MUST]
    held = [each for each in fitting.constraints if each.name != AUDIENCE]
    return Facts(
        musts=len(musts),
        musts_missing=sum(each.standing == MISSING for each in musts),
        musts_confirmed=sum(each.standing == COUNTERSIGNED for each in musts),
        unmet=tuple(each.name for each in held if not each.is_met),
        constraints=len(held),
        is_inside=all(each.is_met for each in fitting.constraints if each.name == AUDIENCE),
        is_open=need.rung == OPEN,
        days_left=days_left,
        high_pence=need.money[1],
        is_money_approved=need.approved,
        cost=cost_of(need, fitting.profile),
        drawn=drawn,
        results=results,
    )


def cost_of(need: Need, profile: SolutionProfile) -> Cost | None:
    """The lowest price held against the length of the work, for one person; None where the two say nothing."""
    if profile.low_pence is None:
        return None
    if profile.price_unit == WHOLE_WORK:
        return Cost(profile.low_pence, f"Your lowest price is {pounds(profile.low_pence)} {WHOLE_WORK}")
    weeks = WEEKS_OF.get(profile.price_unit)
    if weeks is None or need.length_weeks is None:
        return None
    pence = int(profile.low_pence * need.length_weeks / weeks)
    price = f"{pounds(profile.low_pence)} {profile.price_unit}"
    return Cost(
        pence, f"At your lowest price, {price}, {plural(need.length_weeks, 'week')} cost {pounds(pence)} for one"
    )
