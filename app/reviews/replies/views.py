"""The result as its respondent reads it and replies to it, and the officers' side of the replies."""

from typing import Any

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import OFFICER
from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.responses.models import Response
from app.reviews.doors import own
from app.reviews.feedback.models import Feedback
from app.reviews.feedback.queries import find_feedback
from app.reviews.feedback.standings import BANDS, words_of_standing
from app.reviews.policy import may_read_result
from app.reviews.queries import awards_of, find_award, get_review, is_told_to_all
from app.reviews.replies import commands, policy, queries, timing
from app.reviews.replies.forms import AnswerForm, AskForm, RatingForm
from app.reviews.replies.models import USEFUL, FeedbackQuestion, FeedbackRating

bp = Blueprint("replies", __name__, template_folder="templates")


@bp.get("/responses/<response_id>/result")
@guard(may_read_result, response=own)
def result(response: Response) -> ResponseReturnValue:
    return _result_page(response)


@bp.post("/responses/<response_id>/result/rating")
@guard(policy.may_rate_feedback, response=own)
def rate(response: Response) -> ResponseReturnValue:
    form = RatingForm()
    if not form.accepted():
        return _result_page(response, rating_form=form), form.status
    try:
        commands.rate_feedback(response, **form.content, by=actor())
    except (Conflict, IllegalMove) as refusal:
        form.refuse(refusal.message)
        return _result_page(response, rating_form=form), 409
    flask.flash("Thank you. The department reads it among others, without your name.", "success")
    return see_other("replies.result", response_id=response.id)


@bp.post("/responses/<response_id>/result/question")
@guard(policy.may_ask_about_feedback, response=own)
def ask(response: Response) -> ResponseReturnValue:
    form = AskForm()
    if not form.accepted():
        return _result_page(response, ask_form=form), form.status
    try:
        commands.ask_about_feedback(response, **form.content, by=actor())
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} What you typed is below, so that you can copy it.")
        return _result_page(response, ask_form=form), 409
    flask.flash("Your question was sent to the department.", "success")
    return see_other("replies.result", response_id=response.id)


def _result_page(response: Response, rating_form: RatingForm | None = None, ask_form: AskForm | None = None) -> str:
    review, feedback = get_review(response.need), find_feedback(response)
    rating = queries.find_rating(feedback) if feedback else None
    return render_template(
        "replies/result.html",
        need=response.need,
        response=response,
        review=review,
        feedback=feedback,
        award=find_award(response),
        awards=awards_of(review) if is_told_to_all(review) else [],
        stood=_stood(response, feedback),
        rating=rating,
        question=queries.find_question(response),
        problems=rating_form or ask_form,
        rating_form=rating_form or _rating_form(rating),
        ask_form=ask_form or AskForm(formdata=None),
        **_words(),
    )


def _stood(response: Response, feedback: Feedback | None) -> str:
    return words_of_standing(response, feedback.standing if feedback else "")


def _rating_form(rating: FeedbackRating | None) -> RatingForm:
    said = {"useful": rating.useful, "sentence": rating.sentence} if rating else {}
    return RatingForm(formdata=None, data=said)


def _words() -> dict[str, Any]:
    """The tables of words and the times, for the template."""
    return {"BANDS": BANDS, "USEFUL": USEFUL, "timing": timing}


@bp.route("/feedback-questions/<question_id>", methods=["GET", "POST"])
@guard(policy.may_answer_feedback_question, question=queries.find_question_to_answer)
def answer(question: FeedbackQuestion) -> ResponseReturnValue:
    form = AnswerForm()
    page = {"question": question, "response": question.response, "need": question.need, "BANDS": BANDS}
    feedback = find_feedback(question.response)
    page |= {"feedback": feedback, "timing": timing, "form": form}
    page["stood"] = _stood(question.response, feedback)
    if not form.accepted():
        return render_template("replies/answer.html", **page), form.status
    try:
        commands.answer_feedback_question(question, **form.content, by=actor())
    except Conflict as refusal:
        form.refuse(f"{refusal.message} What you typed is still below, so that you can copy it.")
        return render_template("replies/answer.html", **page), 409
    flask.flash(f"{question.response.provider.name} can read your answer now.", "success")
    return see_other("reviews.read", response_id=question.response_id)


@bp.get("/feedback-ratings")
@guard(policy.may_read_ratings)
def ratings() -> ResponseReturnValue:
    """What respondents said of the feedback of one's own departments."""
    return render_template(
        "replies/ratings.html",
        departments=actor().organisations(OFFICER),
        ratings=queries.settled_ratings(),
        least=queries.LEAST,
        days=timing.RATED_WITHIN.days,
    )
