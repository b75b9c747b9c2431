"""Reading demand against supply, how firm the demand is, and what became of what was asked."""

from dataclasses import dataclass
from statistics import median

from sqlalchemy import ColumnElement, Select, case, distinct, func, or_, select

from app.capabilities.models import AREA, SKILL, Capability
from app.kernel import clock
from app.kernel.db import session
from app.needs.firsts.choices import QUESTIONS, Question
from app.needs.firsts.models import FirstAnswer
from app.needs.models import (
    CLOSED,
    COMMITTED,
    LIVE,
    OPEN,
    RUNGS,
    Need,
    Requirement,
    RungMove,
    need_capabilities,
    requirement_capabilities,
)
from app.outcomes.models import BUYER_SIDE, RESULTS, OutcomeReport
from app.outcomes.queries import told_by_both
from app.providers.models import LIVE as OFFERED
from app.providers.models import SolutionProfile, profile_capabilities
from app.reviews.models import NOTIFIED, Review


def is_current() -> ColumnElement[bool]:
    """SQL of a need that is live and not past its deadline."""
    return (Need.state == LIVE) & or_(Need.rung != OPEN, Need.deadline_at.is_(None), Need.deadline_at > clock.now())


def count_current_needs() -> int:
    """How many needs are live now."""
    return session().scalar(select(func.count()).select_from(Need).where(is_current())) or 0


@dataclass(frozen=True)
class Balance:
    """One capability, its skills counted with it: live needs that ask for it, providers that offer it in a profile."""

    capability: Capability
    asking: int
    offering: int


def balances() -> list[Balance]:
    """Every capability that is asked for or offered, the scarcest first: many asking, few offering."""
    asking, offering = _counts(_asking()), _counts(_offering())
    known = session().scalars(select(Capability).where(Capability.level != AREA, Capability.level != SKILL))
    found = [Balance(each, asking.get(each.id, 0), offering.get(each.id, 0)) for each in known]
    used = [balance for balance in found if balance.asking or balance.offering]
    return sorted(used, key=lambda b: (-(b.asking / (b.offering + 1)), -b.asking, b.capability.name))


def _capability() -> ColumnElement[str]:
    """A skill counts for its capability. Grouped by name: PostgreSQL takes the CASE, said again, for another one."""
    return case((Capability.level == SKILL, Capability.parent_id), else_=Capability.id).label("counted_for")


def _asking() -> Select[str, int]:
    """Needs say what they are about as a whole, and by requirement: either counts once."""
    whole = select(need_capabilities.c.need_id, need_capabilities.c.capability_id)
    by_requirement = select(Requirement.need_id, requirement_capabilities.c.capability_id).join(
        requirement_capabilities, Requirement.id == requirement_capabilities.c.requirement_id
    )
    tagged = whole.union(by_requirement).subquery()
    return (
        select(_capability(), func.count(distinct(Need.id)))
        .select_from(tagged)
        .join(Need, Need.id == tagged.c.need_id)
        .join(Capability, Capability.id == tagged.c.capability_id)
        .where(is_current())
        .group_by("counted_for")
    )


def _offering() -> Select[str, int]:
    return (
        select(_capability(), func.count(distinct(SolutionProfile.provider_id)))
        .select_from(profile_capabilities)
        .join(Capability, Capability.id == profile_capabilities.c.capability_id)
        .join(SolutionProfile, SolutionProfile.id == profile_capabilities.c.profile_id)
        .where(SolutionProfile.state == OFFERED)
        .group_by("counted_for")
    )


def _counts(statement: Select[str, int]) -> dict[str, int]:
    return {key: count for key, count in session().execute(statement)}  # noqa: C416 (a row is no pair to mypy)


@dataclass(frozen=True)
class Step:
    """The live needs on one rung: how many, how many of them say what they may cost, and the most these may cost."""

    rung: str
    needs: int
    priced: int
    high_pence: int


def ladder() -> list[Step]:
    """The live needs by rung, the least firm first."""
    columns = (Need.rung, func.count(), func.count(Need.high_pence), func.coalesce(func.sum(Need.high_pence), 0))
    rows = session().execute(select(*columns).where(is_current()).group_by(Need.rung))
    found = {rung: Step(rung, needs, priced, int(high or 0)) for rung, needs, priced, high in rows}
    return [found.get(rung) or Step(rung, 0, 0, 0) for rung in RUNGS]


@dataclass(frozen=True)
class Closing:
    """What became of the needs whose deadline has passed."""

    waiting: int
    concluded: int
    answered_days: float | None


def closing() -> Closing:
    """How many closed needs still owe their respondents an answer, and how long answers took, in days.

    Needs that were brought in from elsewhere owe nobody an answer here.
    """
    is_over = or_(Need.state == CLOSED, (Need.state == LIVE) & ~is_current())
    waiting = select(func.count()).select_from(Need).where(is_over, Need.source.is_(None))
    ended = select(Need.deadline_at, Need.ended_at).join(Review, Review.need_id == Need.id)
    spans = session().execute(ended.where(Review.state == NOTIFIED)).all()
    days = [(end - start).total_seconds() / 86400 for start, end in spans if start and end]
    return Closing(session().scalar(waiting) or 0, len(spans), median(days) if days else None)


def results() -> dict[str, int]:
    """How many partnerships ended in each result, as the buyers recorded it, where both sides have recorded."""
    settled = OutcomeReport.partnership_id.in_(told_by_both())
    said = select(OutcomeReport.result, func.count()).where(OutcomeReport.side == BUYER_SIDE, settled)
    found = _counts(said.group_by(OutcomeReport.result))
    return {result: found.get(result, 0) for result in RESULTS}


@dataclass(frozen=True)
class LookedFirst:
    """One question that firm needs answer first: how many answered each way, and how many have not answered."""

    question: Question
    answers: dict[str, int]
    unanswered: int


def looked_first() -> list[LookedFirst]:
    """How the needs that became committed or open answered each question; those brought in from elsewhere aside."""
    became_firm = select(RungMove.need_id).join(Need, Need.id == RungMove.need_id)
    firm = became_firm.where(RungMove.to_rung.in_((COMMITTED, OPEN)), Need.source.is_(None)).distinct().subquery()
    said = select(FirstAnswer.question, FirstAnswer.answer, func.count(distinct(FirstAnswer.need_id)))
    rows = session().execute(said.join(firm, firm.c.need_id == FirstAnswer.need_id).group_by("question", "answer"))
    counts = {(question, answer): count for question, answer, count in rows}
    total = session().scalar(select(func.count()).select_from(firm)) or 0
    found = []
    for question in QUESTIONS.values():
        answers = {answer.key: counts.get((question.key, answer.key), 0) for answer in question.answers}
        found.append(LookedFirst(question, answers, total - sum(answers.values())))
    return found
