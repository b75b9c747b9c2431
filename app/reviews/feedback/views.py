"""The page on which officers write a respondent's feedback, keep a draft of it, and give it."""

from typing import Any

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.responses.models import Response
from app.responses.queries import submissions_of
from app.reviews.doors import received
from app.reviews.feedback import commands, queries
from app.reviews.feedback.forms import FeedbackForm, band_name, feedback_form, sentence_name
from app.reviews.feedback.standings import BANDS, STANDINGS, derived_standing, standings_for
from app.reviews.models import DECIDED
from app.reviews.policy import may_give_feedback
from app.reviews.queries import get_review

bp = Blueprint("feedback", __name__, template_folder="templates")
STILL_BELOW = "Nothing was told. What you typed is still below, so that you can copy it."


@bp.route("/received/<response_id>/feedback", methods=["GET", "POST"])
@guard(may_give_feedback, response=received)
def give(response: Response) -> ResponseReturnValue:
    review, draft = get_review(response.need), queries.find_draft(response)
    is_open = review.state == DECIDED and response.told_at is None
    if not is_open and flask.request.method == "GET":
        return see_other("reviews.read", response_id=response.id)
    submission = submissions_of([response])[response.id]
    saved = queries.content_of(draft)
    form = feedback_form(submission, standings_for(response, queries.has_winner(review)), saved)
    page: dict[str, Any] = {"review": review, "submission": submission, "draft": draft, "saved": saved}
    if not form.accepted() or (is_open and not form.is_current_draft(saved)):
        return _page(form, response, **page), form.status
    try:
        return _save_or_give(response, form)
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} {STILL_BELOW}")
        return _page(form, response, **page), 409


def _save_or_give(response: Response, form: FeedbackForm) -> ResponseReturnValue:
    if form.pressed != "give":
        commands.save_draft(response, **form.told, by=actor())
        flask.flash("Draft saved. The respondent reads nothing of it before you give it.", "success")
        return see_other("feedback.give", response_id=response.id)
    commands.give_feedback(response, **form.told, by=actor())
    flask.flash(f"{response.provider.name} can read its feedback now.", "success")
    return see_other("reviews.show", need_id=response.need_id)


def _page(form: FeedbackForm, response: Response, **page: Any) -> str:
    derived = derived_standing(response)
    return render_template(
        "feedback/give.html",
        form=form,
        response=response,
        need=response.need,
        derived=STANDINGS[derived].words if derived else "",
        band_name=band_name,
        sentence_name=sentence_name,
        BANDS=BANDS,
        **page,
    )
