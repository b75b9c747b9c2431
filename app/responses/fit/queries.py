"""Reading what a provider may know before it answers: its own rows, and numbers of finished needs alone."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session
from app.matching.queries import FittingNeed, alike, capabilities_shared, fit_of
from app.needs.models import CONCLUDED, Need
from app.providers.models import Provider
from app.providers.queries import evidence_of
from app.responses import policy
from app.responses.coalitions.models import Part
from app.responses.fit.facts import Drawn, Results, drawn_from, facts_of
from app.responses.fit.mending import Mend, mends
from app.responses.fit.rules import Verdict, verdict
from app.responses.models import AWARDED, DRAFT, NOT_AWARDED, WITHDRAWN, Response

LOOKED_AT = 40


@dataclass(frozen=True)
class Fit:
    """One need for one provider, with all that speaks for an answer and against it."""

    provider: Provider
    fitting: FittingNeed
    mends: list[Mend]
    drawn: Drawn | None
    own: list[Response]
    verdict: Verdict


def find_fit(need: Need, provider: Provider, person: Person) -> Fit | None:
    """How a need fits the provider; None where it has no published profile to go by."""
    fitting = fit_of(need, provider)
    if fitting is None:
        return None
    drawn, own = answers_drawn(need), told_results(need, provider, person)
    results = Results(len(own), sum(each.state == AWARDED for each in own))
    judged = verdict(facts_of(fitting, _days_left(need), drawn, results))
    return Fit(provider, fitting, mends(fitting, evidence_of(provider, person)), drawn, own, judged)


def answers_drawn(need: Need) -> Drawn | None:
    """How many answers concluded needs drew that ask for the same capabilities or close ones.

    Concluded: every respondent has its feedback, and nothing of it is sealed. Needs that were brought in from
    elsewhere were not answered here, so they are left out.
    """
    like = [each.need_id for each in alike(need, CONCLUDED, limit=LOOKED_AT) if each.shares_capability]
    sent = (Response.need_id == Need.id) & Response.state.not_in((DRAFT, WITHDRAWN))
    counted = select(func.count(Response.id)).select_from(Need).outerjoin(Response, sent).group_by(Need.id)
    ended = (Need.id.in_(like), Need.state == CONCLUDED, Need.source.is_(None))
    return drawn_from(list(session().scalars(counted.where(*ended))))


def told_results(need: Need, provider: Provider, person: Person) -> list[Response]:
    """The provider's own answers, also as a partner, to other needs like this one, with results; the last first."""
    joined = select(Part.response_id).where(Part.provider_id == provider.id, Part.joined_at.is_not(None))
    told = select(Response).where(
        (Response.provider_id == provider.id) | Response.id.in_(joined),
        Response.need_id != need.id,
        Response.told_at.is_not(None),
        Response.state.in_((AWARDED, NOT_AWARDED)),
    )
    whole = selectinload(Response.need).options(joinedload(Need.department), selectinload(Need.owners))
    found = list(session().scalars(told.order_by(Response.told_at.desc(), Response.id).options(whole)))
    like = capabilities_shared(need, [each.need_id for each in found])
    return [each for each in found if each.need_id in like and policy.may_speak_for(person, each.need, provider)]


def _days_left(need: Need) -> int | None:
    """Whole days until the deadline of an open need."""
    return (need.deadline_at - clock.now()).days if need.takes_responses and need.deadline_at else None
