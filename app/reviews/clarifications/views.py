"""Pages of clarifications: asking a respondent, and the respondent's own list and answer."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.web import actor, guard, see_other
from app.responses.models import Response
from app.responses.policy import may_read_response
from app.responses.queries import received_responses, submissions_of
from app.reviews.clarifications import commands, policy, queries
from app.reviews.clarifications.forms import AnswerForm, AskForm
from app.reviews.clarifications.models import Clarification
from app.reviews.doors import own, received

bp = Blueprint("clarifications", __name__, template_folder="templates")
STILL_BELOW = "What you typed is still below, so that you can copy it."


@bp.route("/received/<response_id>/clarifications/ask", methods=["GET", "POST"])
@guard(policy.may_ask_clarification, response=received)
def ask(response: Response) -> ResponseReturnValue:
    form = AskForm(response.need, submissions_of([response])[response.id])
    try:
        commands.require_asking(response, actor())
        if not form.accepted():
            return _ask_page(response, form), form.status
        commands.ask_clarification(response, **form.told, by=actor())  # type: ignore[arg-type]
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} Nothing was asked.")
        return _ask_page(response, form), 409
    flask.flash(f"Asked. Only the staff of {response.provider.name} are told.", "success")
    return see_other("reviews.read", response_id=response.id)


def _ask_page(response: Response, form: AskForm) -> str:
    everybody = received_responses(response.need)
    asked = queries.clarifications_of(everybody)
    page = {"need": response.need, "response": response, "responses": everybody, "asked": asked}
    return render_template("clarifications/ask.html", form=form, **page)


@bp.get("/responses/<response_id>/clarifications")
@guard(may_read_response, response=own)
def of_response(response: Response) -> ResponseReturnValue:
    asked = queries.clarifications_of([response]).get(response.id, [])
    return render_template("clarifications/of_response.html", response=response, need=response.need, asked=asked)


@bp.route("/clarifications/<clarification_id>", methods=["GET", "POST"])
@guard(policy.may_answer_clarification, clarification=queries.find_own_clarification)
def answer(clarification: Clarification) -> ResponseReturnValue:
    form = AnswerForm()
    page = {"clarification": clarification, "response": clarification.response, "need": clarification.need}
    try:
        if not form.is_submitted():
            return render_template("clarifications/answer.html", form=form, **page)
        # its moment comes first: once that has passed nothing else is worth mending
        commands.require_waiting(clarification)
        if not form.accepted():
            return render_template("clarifications/answer.html", form=form, **page), form.status
        commands.answer_clarification(clarification, **form.content, by=actor())
    except (Conflict, IllegalMove) as refusal:
        form.refuse(f"{refusal.message} Your answer was not sent. {STILL_BELOW}")
        return render_template("clarifications/answer.html", form=form, **page), 409
    flask.flash("Your answer was sent. It stands beside your response.", "success")
    return see_other("clarifications.of_response", response_id=clarification.response_id)
