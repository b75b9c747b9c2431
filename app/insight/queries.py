"""Reading demand against supply: by capability, how many live needs ask and how many live profiles offer."""

from dataclasses import dataclass
from statistics import median

from sqlalchemy import Select, distinct, func, select

from app.capabilities.models import AREA, Capability
from app.kernel.db import session
from app.needs.models import CLOSED, CONCLUDED, LIVE, Need, Requirement, requirement_capabilities
from app.providers.models import LIVE as OFFERED
from app.providers.models import SolutionProfile, profile_capabilities
from app.reviews.models import NOTIFIED, Review


@dataclass(frozen=True)
class Balance:
    """One capability: live needs that ask for it, and providers that offer it in a live profile."""

    capability: Capability
    asking: int
    offering: int


def balances() -> list[Balance]:
    """Every capability that is asked for or offered, the scarcest first: many asking, few offering."""
    asking, offering = _counts(_asking()), _counts(_offering())
    ids = {*asking, *offering}
    known = session().scalars(select(Capability).where(Capability.id.in_(ids), Capability.level != AREA))
    found = [Balance(each, asking.get(each.id, 0), offering.get(each.id, 0)) for each in known]
    return sorted(found, key=lambda b: (-(b.asking / (b.offering + 1)), -b.asking, b.capability.name))


def _asking() -> Select[str, int]:
    return (
        select(requirement_capabilities.c.capability_id, func.count(distinct(Need.id)))
        .join(Requirement, Requirement.id == requirement_capabilities.c.requirement_id)
        .join(Need, Need.id == Requirement.need_id)
        .where(Need.state == LIVE)
        .group_by(requirement_capabilities.c.capability_id)
    )


def _offering() -> Select[str, int]:
    return (
        select(profile_capabilities.c.capability_id, func.count(distinct(SolutionProfile.provider_id)))
        .join(SolutionProfile, SolutionProfile.id == profile_capabilities.c.profile_id)
        .where(SolutionProfile.state == OFFERED)
        .group_by(profile_capabilities.c.capability_id)
    )


def _counts(statement: Select[str, int]) -> dict[str, int]:
    return {key: count for key, count in session().execute(statement)}  # noqa: C416 (a row is no pair to mypy)


@dataclass(frozen=True)
class Closing:
    """What became of the needs whose deadline has passed."""

    waiting: int
    concluded: int
    answered_days: float | None


def closing() -> Closing:
    """How many closed needs still owe their respondents an answer, and how long answers took, in days."""
    by_state = _counts(select(Need.state, func.count()).group_by(Need.state))
    ended = select(Need.deadline_at, Need.ended_at).join(Review, Review.need_id == Need.id)
    spans = session().execute(ended.where(Review.state == NOTIFIED, Need.ended_at.is_not(None))).all()
    days = [(end - start).total_seconds() / 86400 for start, end in spans if start and end]
    return Closing(by_state.get(CLOSED, 0), by_state.get(CONCLUDED, 0), median(days) if days else None)
