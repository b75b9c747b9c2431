"""Changing replies to feedback: rating it, asking one question, and answering that. None changes a result."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import add_once, session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.responses.models import Response
from app.reviews.commands import require_reviewer, wanted_words
from app.reviews.feedback.queries import find_feedback
from app.reviews.replies import policy, queries, timing
from app.reviews.replies.models import MOST_OF_A_SENTENCE, USEFUL, FeedbackQuestion, FeedbackRating


def rate_feedback(response: Response, *, useful: str, sentence: str = "", by: Person) -> FeedbackRating:
    """Say how useful the feedback was, or say it anew; the audit keeps a commitment, since officers read the audit."""
    feedback = find_feedback(response)
    if feedback is None or not policy.may_rate_feedback(by, response):
        raise NotAllowed("Only the staff of the provider that was told can rate its feedback.")
    if not timing.takes_rating(response):
        raise IllegalMove("Feedback can be rated for 30 days. They are over.")
    if useful not in USEFUL or len(sentence) > MOST_OF_A_SENTENCE:
        raise Conflict("Select how useful the feedback was, and say why in one sentence.")
    rating = queries.find_rating(feedback) or FeedbackRating(feedback=feedback)
    rating.useful, rating.sentence, rating.salt = useful, sentence.strip(), audit.new_salt()
    rating.rated_by_id, rating.rated_at = by.id, clock.now()
    add_once(rating, "A colleague rated this feedback at the same moment.")
    said = {"useful": rating.useful, "sentence": rating.sentence}
    audit.record("rate_feedback", response, by=by, facts={"commitment": audit.commitment(said, rating.salt)})
    return rating


def ask_about_feedback(response: Response, *, text: str, by: Person) -> FeedbackQuestion:
    """Ask the one question that a respondent has about its feedback; officers are told."""
    if not policy.may_ask_about_feedback(by, response):
        raise NotAllowed("Only the staff of the provider that was told can ask about its feedback.")
    if not timing.takes_question(response):
        raise IllegalMove("The one question can be asked for 30 days. They are over.")
    question = FeedbackQuestion(
        response=response, text=wanted_words(text, "Enter your question."), asked_by_id=by.id, asked_at=clock.now()
    )
    add_once(question, "Your organisation has asked its question already.")
    facts = {"question": question.id, "words": audit.fingerprint(question.text)}
    audit.record("ask_about_feedback", response, by=by, facts=facts)
    notices.post("feedback.asked", subject=question)
    return question


def answer_feedback_question(question: FeedbackQuestion, *, answer: str, by: Person) -> None:
    """Answer it once; an answer that is late is still given. The result stays as it is."""
    require_reviewer(question.need, by)
    require_unanswered(question)
    question.answer = wanted_words(answer, "Enter the answer.")
    question.answered_by_id, question.answered_at = by.id, clock.now()
    session().flush()
    facts = {"question": question.id, "words": audit.fingerprint(question.answer)}
    audit.record("answer_feedback_question", question.response, by=by, facts=facts)
    notices.post("feedback.answered", subject=question.response)


def require_unanswered(question: FeedbackQuestion) -> None:
    """Refuse a second answer."""
    if question.answered_at is not None:
        raise Conflict("This question is answered already.")
