"""Changing clarifications: asking one after the opening, and answering it once before its moment."""

from datetime import datetime, timedelta

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.display import deadline
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.responses.models import Response
from app.responses.queries import submissions_of
from app.reviews.clarifications import policy
from app.reviews.clarifications.models import MOST_DAYS, Clarification
from app.reviews.commands import require_reviewer, wanted_words
from app.reviews.models import SCORING
from app.reviews.queries import find_review


def ask_clarification(
    response: Response, *, question: str, answer_until: datetime, requirement: str = "", by: Person
) -> Clarification:
    """Ask the respondent what it meant, of one requirement or of its offer, after the opening and before the decision.

    The audit keeps a mark of the words and not the words, which are its provider's and the reviewers'.
    """
    require_asking(response, by)
    clarification = Clarification(
        response=response,
        requirement=requirement,
        asked_of=_asked_of(response, requirement),
        question=wanted_words(question, "Enter what you ask."),
        asked_by_id=by.id,
        asked_at=clock.now(),
        answer_until=_until(answer_until),
    )
    session().add(clarification)
    session().flush()
    facts = {"requirement": requirement, "until": answer_until, "words": audit.fingerprint(clarification.question)}
    audit.record("ask_clarification", response, by=by, facts={"clarification": clarification.id, **facts})
    notices.post("clarification.asked", subject=clarification)
    return clarification


def require_asking(response: Response, by: Person) -> None:
    """Refuse a clarification before the opening, after the decision, and by who may not judge."""
    require_reviewer(response.need, by)
    review = find_review(response.need)
    if response.is_sealed or review is None:
        raise IllegalMove("Clarifications are asked once the responses are opened.")
    if review.state != SCORING:
        raise IllegalMove("The decision was made, so nothing more is asked.")


def _asked_of(response: Response, requirement: str) -> str:
    if not requirement:
        return ""
    answers = submissions_of([response])[response.id].answers
    asked = next((answer.asked for answer in answers if answer.requirement_id == requirement), None)
    if asked is None:
        raise Conflict("A clarification is about a requirement that the response answers, or about its offer.")
    return asked


def _until(moment: datetime) -> datetime:
    if not clock.now() < moment <= clock.now() + timedelta(days=MOST_DAYS):
        raise Conflict(f"The moment until when they can answer lies in the next {MOST_DAYS} days.")
    return moment


def answer_clarification(clarification: Clarification, *, answer: str, by: Person) -> None:
    """Answer once, before its moment; at that moment itself is late. What was submitted stays as it is."""
    if not policy.may_answer_clarification(by, clarification):
        raise NotAllowed("Only the staff of the provider that was asked can answer.")
    require_waiting(clarification)
    clarification.answer = wanted_words(answer, "Enter your answer.")
    clarification.answered_by_id, clarification.answered_at = by.id, clock.now()
    session().flush()
    facts = {"clarification": clarification.id, "words": audit.fingerprint(clarification.answer)}
    audit.record("answer_clarification", clarification.response, by=by, facts=facts)
    notices.post("clarification.answered", subject=clarification)


def require_waiting(clarification: Clarification) -> None:
    """Refuse a second answer, and one that is late."""
    if clarification.answered_at is not None:
        raise Conflict("This clarification is answered already.")
    if clock.now() >= clarification.answer_until:
        until = deadline(clarification.answer_until, clarification.need.time_zone)
        raise IllegalMove(f"This clarification could be answered until {until}. That moment has passed.")
