"""Reading replies to feedback: one's own, those to answer, and ratings among others alone."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import Need
from app.responses.models import Response
from app.responses.queries import PARTS, WHOLE
from app.reviews.feedback.models import Feedback
from app.reviews.models import NOTIFIED, Review
from app.reviews.queries import is_of_a_respondent, is_of_own_provider, reviewable
from app.reviews.replies import policy, timing
from app.reviews.replies.models import YES, FeedbackQuestion, FeedbackRating

LEAST, FRESH = 5, timedelta(days=14)


def find_rating(feedback: Feedback) -> FeedbackRating | None:
    """What its respondent said of this feedback: for that respondent alone."""
    return session().scalar(select(FeedbackRating).where(FeedbackRating.feedback_id == feedback.id))


def find_question(response: Response) -> FeedbackQuestion | None:
    """The one question that was asked about this response's feedback."""
    wanted = select(FeedbackQuestion).where(FeedbackQuestion.response_id == response.id)
    return session().scalar(wanted.options(joinedload(FeedbackQuestion.answered_by)))


def find_question_to_answer(question_id: str, person: Person | None) -> FeedbackQuestion | None:
    """A question, to those who may review its need; for everybody else it does not exist."""
    if person is None:
        return None
    wanted = select(FeedbackQuestion).where(FeedbackQuestion.id == question_id)
    found = session().scalar(wanted.options(joinedload(FeedbackQuestion.response).options(*WHOLE)))
    if not policy.may_answer_feedback_question(person, found) or found is None:
        raise NotFound
    if is_of_a_respondent(person, found.need):
        raise NotFound
    return found


@dataclass
class Ratings:
    """What respondents said of one department's feedback, in fives, so that none can be told from the others."""

    count: int = 0
    useful: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """The share that found it useful; None while there are too few."""
        return self.useful / self.count if self.count else None


def settled_ratings() -> dict[str, Ratings]:
    """By the id of the department that leads the need: ratings that can change no more, of concluded needs.

    They are told five by five, in the order in which feedback was given: one more tells nothing of who gave it.
    """
    settled = (
        select(Need.department_id, FeedbackRating.useful, FeedbackRating.sentence)
        .select_from(FeedbackRating)
        .join(Feedback)
        .join(Response, Response.id == Feedback.response_id)
        .join(Need, Need.id == Response.need_id)
        .join(Review, Review.need_id == Need.id)
        .where(Review.state == NOTIFIED, Response.told_at <= clock.now() - timing.RATED_WITHIN)
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for department_id, useful, sentence in session().execute(settled.order_by(Response.told_at, Response.id)):
        found[department_id].append((useful, sentence))
    return {key: _in_fives(each) for key, each in found.items()}


def _in_fives(said: list[tuple[str, str]]) -> Ratings:
    told = said[: len(said) - len(said) % LEAST]
    useful = sum(each == YES for each, _ in told)
    return Ratings(len(told), useful, sorted(sentence for _, sentence in told if sentence))


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """For officers: questions about feedback. For respondents: answers that came lately."""
    return [*_to_answer(person), *_to_read(person, now)]


def _to_answer(person: Person) -> list[Awaiting]:
    asked = _loaded().join(Need, Need.id == Response.need_id).where(*reviewable(person))
    return [
        Awaiting(
            f"Answer a question about feedback: {each.need.title}",
            "replies.answer",
            {"question_id": each.id},
            since=each.asked_at,
            due_at=timing.answer_due_at(each),
            group="Reviews",
        )
        for each in session().scalars(asked.where(FeedbackQuestion.answered_at.is_(None)))
        if policy.may_answer_feedback_question(person, each)
    ]


def _to_read(person: Person, now: datetime) -> list[Awaiting]:
    answered = _loaded().where(is_of_own_provider(person), FeedbackQuestion.answered_at > now - FRESH)
    return [
        Awaiting(
            f"Read the answer to your question about feedback: {each.need.title}",
            "replies.result",
            {"response_id": each.response_id},
            since=each.answered_at or now,
            group="Responses",
        )
        for each in session().scalars(answered)
        if policy.may_ask_about_feedback(person, each.response)
    ]


def _loaded() -> Select[FeedbackQuestion]:
    response = selectinload(FeedbackQuestion.response).options(
        selectinload(Response.need).selectinload(Need.owners), joinedload(Response.provider), PARTS
    )
    wanted = select(FeedbackQuestion).join(Response, Response.id == FeedbackQuestion.response_id).options(response)
    return wanted.order_by(FeedbackQuestion.asked_at, FeedbackQuestion.id)
