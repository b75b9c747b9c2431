"""Reading clarifications: beside the response for reviewers, and one's own for a respondent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import Need
from app.responses.models import Response
from app.responses.policy import may_read_response
from app.responses.queries import PARTS, WHOLE
from app.reviews.clarifications import policy
from app.reviews.clarifications.models import Clarification
from app.reviews.queries import is_of_own_provider


def clarifications_of(responses: Iterable[Response]) -> dict[str, list[Clarification]]:
    """What was asked of each of these responses, by the response's id, in the order of asking."""
    ids = [response.id for response in responses]
    wanted = select(Clarification).where(Clarification.response_id.in_(ids)).options(joinedload(Clarification.asked_by))
    found: dict[str, list[Clarification]] = defaultdict(list)
    for each in session().scalars(wanted.order_by(Clarification.asked_at, Clarification.id)):
        found[each.response_id].append(each)
    return found


def may_find_clarifications(person: Person | None, response: Response) -> bool:
    """Whether anything was asked of a response of the person's own provider: for the tab."""
    wanted = select(Clarification.id).where(Clarification.response_id == response.id).limit(1)
    return may_read_response(person, response) and session().scalar(wanted) is not None


def find_own_clarification(clarification_id: str, person: Person | None) -> Clarification | None:
    """A clarification, to the staff of the provider that was asked; for everybody else it does not exist."""
    if person is None:
        return None
    wanted = select(Clarification).where(Clarification.id == clarification_id)
    found = session().scalar(wanted.options(joinedload(Clarification.response).options(*WHOLE)))
    if found is None or not policy.may_answer_clarification(person, found):
        raise NotFound
    return found


def find_waiting(need: Need, now: datetime) -> Clarification | None:
    """The clarification of this need that can be answered longest, while one still can."""
    open_ones = select(Clarification).join(Response).where(Response.need_id == need.id, *_waiting(now))
    return session().scalar(open_ones.order_by(Clarification.answer_until.desc()).limit(1))


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Clarification.answered_at.is_(None), Clarification.answer_until > now)


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """For respondents: clarifications that they can still answer."""
    own = _loaded().where(is_of_own_provider(person), *_waiting(now))
    return [
        Awaiting(
            f"Answer a clarification on your response: {each.need.title}",
            "clarifications.answer",
            {"clarification_id": each.id},
            since=each.asked_at,
            due_at=each.answer_until,
            group="Responses",
        )
        for each in session().scalars(own.order_by(Clarification.answer_until, Clarification.id))
        if policy.may_answer_clarification(person, each)
    ]


def _loaded() -> Select[Clarification]:
    response = selectinload(Clarification.response).options(
        selectinload(Response.need).selectinload(Need.owners), joinedload(Response.provider), PARTS
    )
    return select(Clarification).join(Response).options(response)
