"""Reading reviews, and the wall before them: who works for a provider, or worked for a respondent, finds none."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import OFFICER, PROVIDER_ROLES, Membership, Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import CLOSED, DRAFTS, LIVE, OPEN, Need, NeedOwner
from app.needs.queries import get_visible_need, held_by
from app.providers.models import Provider
from app.providers.policy import works_for_a_provider
from app.responses.coalitions.models import Part
from app.responses.coalitions.queries import joined_once
from app.responses.dispositions import answer_due_at, opening_due_at
from app.responses.models import SEALED, Response
from app.responses.queries import PARTS, WHOLE, received_responses
from app.reviews import policy
from app.reviews.models import DECIDED, NOTIFIED, SCORING, Award, Review

FRESH = timedelta(days=14)


def is_of_a_respondent(person: Person | None, need: Need) -> bool:
    """Whether the person works for a provider that began a response to the need, or did since it was begun.

    Never before the deadline: nothing may tell before then who answers.
    """
    if person is None or not need.is_past_deadline:
        return False
    return session().scalar(answered_by(person).where(Need.id == need.id).limit(1)) is not None


def answered_by(person: Person) -> Select[str]:
    """The ids of the needs that a provider answered for which the person works, or did since the answer was begun.

    A partner answers since it joined, and may have left again: what its people read there they know.
    """
    employed = (
        select(Response.need_id).join(Provider).join(Membership, Membership.organisation_id == Provider.organisation_id)
    )
    is_lasting = Membership.left_at.is_(None) | (Membership.left_at >= Response.created_at)
    led = employed.where(Membership.person_id == person.id, Membership.role.in_(PROVIDER_ROLES), is_lasting)
    return select(Need.id).where(or_(Need.id.in_(led), Need.id.in_(joined_once(person))))


def may_find_review(person: Person | None, need: Need) -> bool:
    """Whether the need's review is to be found by this person: for the tab."""
    return policy.may_see_review(person, need) and not is_of_a_respondent(person, need)


def get_need_under_review(need_id: str, person: Person | None) -> Need:
    """The need, unless the person works for a provider, or worked for one that responded."""
    need = get_visible_need(need_id, person)
    if works_for_a_provider(person) or is_of_a_respondent(person, need):
        raise NotFound
    return need


def get_received_response(response_id: str, person: Person | None) -> Response:
    """An opened response, to those who may read it; while it is sealed it does not exist."""
    wanted = select(Response).where(Response.id == response_id, ~Response.state.in_(SEALED)).options(*WHOLE)
    response = session().scalar(wanted) if response_id.isalnum() else None
    if response is None or not policy.may_read_received(person, response) or is_of_a_respondent(person, response.need):
        raise NotFound
    return response


def find_review(need: Need) -> Review | None:
    """The need's review, once its responses are opened."""
    wanted = select(Review).where(Review.need_id == need.id)
    return session().scalar(wanted.options(joinedload(Review.opened_by), joinedload(Review.decided_by)))


def get_review(need: Need) -> Review:
    """The need's review; before the opening there is none."""
    review = find_review(need)
    if review is None:
        raise NotFound
    return review


def awards_of(review: Review) -> list[Award]:
    """The awards, the greatest first."""
    wanted = select(Award).where(Award.review_id == review.id).order_by(Award.value_pence.desc(), Award.id)
    provider = joinedload(Award.response).joinedload(Response.provider).joinedload(Provider.organisation)
    return list(session().scalars(wanted.options(provider)))


def find_award(response: Response) -> Award | None:
    """The award that this response won."""
    return session().scalar(select(Award).where(Award.response_id == response.id))


def feedback_owed(review: Review) -> list[Response]:
    """The opened responses whose providers were not told yet."""
    return [response for response in received_responses(review.need) if response.told_at is None]


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """For officers: responses to open, reviews to decide, feedback that is owed. For respondents: feedback to read."""
    return [*_openings(person, now), *_reviews_under_way(person), *_feedback_to_read(person, now)]


def reviewable(person: Person) -> list[Any]:
    """SQL of `policy.may_review`."""
    if works_for_a_provider(person):
        return [false()]
    departments = [membership.organisation_id for membership in person.memberships if membership.role == OFFICER]
    is_other = func.coalesce(Need.author_id, "") != person.id
    drafted = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id, NeedOwner.duty == DRAFTS)
    return [held_by(departments), is_other, ~Need.id.in_(drafted), ~Need.id.in_(answered_by(person))]


def is_of_own_provider(person: Person) -> ColumnElement[bool]:
    """SQL of a response in which a provider of the person's answers, alone or with others; ask `may_read_response`."""
    employers = [membership.organisation_id for membership in person.memberships if membership.role in PROVIDER_ROLES]
    own = select(Provider.id).where(Provider.organisation_id.in_(employers))
    joined = select(Part.response_id).where(Part.provider_id.in_(own), Part.joined_at.is_not(None))
    return Response.provider_id.in_(own) | Response.id.in_(joined)


def _openings(person: Person, now: datetime) -> list[Awaiting]:
    due = select(Need).where(
        *reviewable(person),
        *(Need.rung == OPEN, Need.state.in_((LIVE, CLOSED)), Need.deadline_at <= now),
        ~Need.id.in_(select(Review.need_id)),
    )
    return [
        _awaiting(f"Open the responses: {need.title}", need, need.deadline_at or now, opening_due_at(need))
        for need in session().scalars(due.order_by(Need.deadline_at, Need.id))
    ]


def _reviews_under_way(person: Person) -> list[Awaiting]:
    states = Review.state.in_((SCORING, DECIDED))
    under_way = select(Review).join(Need).where(*reviewable(person), states).order_by(Review.opened_at, Review.id)
    reviews = list(session().scalars(under_way.options(selectinload(Review.need))))
    owed = _count_owed([review.need_id for review in reviews])
    found = []
    for review in reviews:
        if review.state == SCORING:
            text, since = f"Decide on the responses: {review.need.title}", review.opened_at
        else:
            count = owed.get(review.need_id, 0)
            whom = "1 respondent" if count == 1 else f"{count} respondents"
            text = f"Give feedback to {whom}: {review.need.title}"
            since = review.decided_at or review.opened_at
        found.append(_awaiting(text, review.need, since, answer_due_at(review.need)))
    return found


def _count_owed(need_ids: list[str]) -> dict[str, int]:
    owed = select(Response.need_id, func.count()).where(
        Response.need_id.in_(need_ids), ~Response.state.in_(SEALED), Response.told_at.is_(None)
    )
    return dict(session().execute(owed.group_by(Response.need_id)).all())


def _awaiting(text: str, need: Need, since: datetime, due_at: datetime | None) -> Awaiting:
    return Awaiting(text, "reviews.show", {"need_id": need.id}, since=since, due_at=due_at, group="Reviews")


def _feedback_to_read(person: Person, now: datetime) -> list[Awaiting]:
    told = select(Response).where(is_of_own_provider(person), Response.told_at > now - FRESH)
    options = (selectinload(Response.need).selectinload(Need.owners), joinedload(Response.provider), PARTS)
    return [
        Awaiting(
            f"Read the feedback on your response: {response.need.title}",
            "replies.result",
            {"response_id": response.id},
            since=response.told_at or now,
            group="Responses",
        )
        for response in session().scalars(told.order_by(Response.told_at, Response.id).options(*options))
        if policy.may_read_result(person, response)
    ]


def is_told_to_all(review: Review) -> bool:
    """Whether every respondent knows, so that the decision is no secret any more."""
    return review.state == NOTIFIED
