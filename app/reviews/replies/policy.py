"""Who may rate feedback, ask about it, answer, and read what respondents said of it."""

from app.accounts.models import OFFICER, Person
from app.providers.policy import works_for_a_provider
from app.reviews.policy import may_judge_response, may_read_result
from app.reviews.replies.models import FeedbackQuestion

# that their time is over is said on the page
may_rate_feedback = may_ask_about_feedback = may_read_result


def may_answer_feedback_question(person: Person | None, question: FeedbackQuestion | None) -> bool:
    """Who may review the need."""
    return question is not None and may_judge_response(person, question.response)


def may_read_ratings(person: Person | None) -> bool:
    """Officers who work for no provider: of their own departments."""
    return person is not None and bool(person.organisations(OFFICER)) and not works_for_a_provider(person)
