"""Reading matching: decisions on matches, invitations, and what awaits people. Candidates come from the engine."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.accounts.models import OFFICER, Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.matching.asking import Standing, standings
from app.matching.candidate import Candidate
from app.matching.engine import Ranking, candidate_of, candidates, candidates_among
from app.matching.fitting import FittingNeed, fit_of, needs_invited_to, needs_that_fit
from app.matching.models import INVITE, MatchDecision
from app.matching.policy import may_decide_match
from app.matching.sideways import (
    Partner,
    SimilarNeed,
    alike,
    capabilities_shared,
    partners_of,
    similar_needs,
    words_shared,
)
from app.matching.together import CoalitionsFor, coalitions_for
from app.needs.models import LIVE, OPEN, Need
from app.needs.queries import WHOLE, held_by
from app.providers.models import Provider, SolutionProfile
from app.providers.queries import providers_of

__all__ = [
    "Candidate",
    "CoalitionsFor",
    "FittingNeed",
    "Partner",
    "Ranking",
    "SimilarNeed",
    "Standing",
    "alike",
    "awaiting",
    "candidate_of",
    "candidates",
    "candidates_among",
    "capabilities_shared",
    "coalitions_for",
    "decisions_on",
    "find_invitation",
    "fit_of",
    "invitations_of",
    "needs_invited_to",
    "needs_that_fit",
    "partners_of",
    "similar_needs",
    "standings",
    "words_shared",
]

WITH_PROFILE = joinedload(MatchDecision.profile).joinedload(SolutionProfile.provider).joinedload(Provider.organisation)


def decisions_on(need: Need) -> list[MatchDecision]:
    """Every decision on the need's matches, the last first."""
    wanted = select(MatchDecision).where(MatchDecision.need_id == need.id)
    newest = wanted.order_by(MatchDecision.decided_at.desc(), MatchDecision.id)
    return list(session().scalars(newest.options(WITH_PROFILE, joinedload(MatchDecision.decided_by))))


def find_invitation(need: Need, provider: Provider) -> MatchDecision | None:
    """The invitation of this provider to this need, where there is one."""
    wanted = select(MatchDecision).join(MatchDecision.profile)
    mine = (SolutionProfile.provider_id == provider.id, MatchDecision.need_id == need.id, MatchDecision.verb == INVITE)
    first = wanted.where(*mine).order_by(MatchDecision.decided_at, MatchDecision.id)
    return session().scalars(first.options(WITH_PROFILE)).first()


def invitations_of(provider: Provider) -> list[MatchDecision]:
    """The provider's invitations to needs that are live still, the last first; need and profile are loaded."""
    return _invitations([provider.id])


def _invitations(provider_ids: list[str]) -> list[MatchDecision]:
    wanted = select(MatchDecision).join(MatchDecision.profile).join(MatchDecision.need)
    live = (SolutionProfile.provider_id.in_(provider_ids), MatchDecision.verb == INVITE, Need.state == LIVE)
    newest = wanted.where(*live).order_by(MatchDecision.decided_at.desc(), MatchDecision.id)
    need = joinedload(MatchDecision.need).selectinload(Need.department)
    return [each for each in session().scalars(newest.options(WITH_PROFILE, need)) if not each.need.is_past_deadline]


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Invitations to the person's providers, and open needs of an officer whose matches nobody has looked at."""
    return [*_invitations_awaiting(person), *_needs_awaiting(person, now)]


def _invitations_awaiting(person: Person) -> list[Awaiting]:
    invitations = _invitations([provider.id for provider in providers_of(person)])
    return [
        Awaiting(
            text=f"You were invited: {each.need.title}",
            endpoint="needs.show",
            values={"need_id": each.need_id},
            since=each.decided_at,
            due_at=each.need.deadline_at if each.need.rung == OPEN else None,
            group="Invitations",
        )
        for each in invitations
    ]


def _needs_awaiting(person: Person, now: datetime) -> list[Awaiting]:
    departments = [each.organisation_id for each in person.memberships if each.role == OFFICER]
    decided = exists().where(MatchDecision.need_id == Need.id)
    wanted = select(Need).where(held_by(departments), Need.state == LIVE, Need.rung == OPEN, ~decided)
    needs = session().scalars(wanted.where(Need.deadline_at > now).order_by(Need.deadline_at, Need.id).options(*WHOLE))
    return [
        Awaiting(
            text=f"See who could meet your need: {need.title}",
            endpoint="matching.candidates",
            values={"need_id": need.id},
            since=need.published_at or need.created_at,
            due_at=need.deadline_at,
            group="Matches",
        )
        for need in needs
        if may_decide_match(person, need)
    ]
