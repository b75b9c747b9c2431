"""Judging responses, and deciding."""

import hashlib
from collections.abc import Sequence
from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Conflict, IllegalMove, Refusal
from app.kernel.web import actor, guard, see_other
from app.needs.models import Need
from app.responses.models import SHORTLISTED, Response
from app.responses.queries import received_responses, submissions_of
from app.reviews import commands, policy, queries
from app.reviews.doors import received
from app.reviews.forms import DecideForm, SetAsideForm, decide_form
from app.reviews.models import DECIDED, SCORING, Review
from app.reviews.views.blueprint import bp

STILL_BELOW = "What you typed was not saved. It is still below, so that you can copy it."


@bp.route("/received/<response_id>/shortlist", methods=["POST"])
@guard(policy.may_shortlist_response, response=received)
def shortlist(response: Response) -> ResponseReturnValue:
    _require_as_shown(response)
    commands.shortlist_response(response, by=actor())
    flask.flash(f"Shortlisted: {response.provider.name}.", "success")
    return see_other("reviews.read", response_id=response.id)


def _require_as_shown(response: Response) -> None:
    if request.form.get("version") != str(response.version):
        raise Conflict("Somebody else judged this response since you opened the page. Look at it again first.")


@bp.route("/received/<response_id>/set-aside", methods=["GET", "POST"])
@guard(policy.may_set_aside_response, response=received)
def set_aside(response: Response) -> ResponseReturnValue:
    form = SetAsideForm(data={"version": response.version, "reason": response.set_aside_reason})
    page = {"need": response.need, "response": response, "form": form}
    if request.method == "GET":
        return render_template("reviews/set_aside.html", **page)
    if not (form.accepted() and form.is_current(response)):
        return render_template("reviews/set_aside.html", **page), form.status
    try:
        commands.set_aside_response(response, **form.content, by=actor())
    except IllegalMove as refusal:
        return _refused(refusal, "reviews/set_aside.html", **page)
    flask.flash(f"Set aside: {response.provider.name}.", "success")
    return see_other("reviews.read", response_id=response.id)


@bp.route("/needs/<need_id>/review/decide", methods=["GET", "POST"])
@guard(policy.may_decide_review, need=queries.get_need_under_review)
def decide(need: Need) -> ResponseReturnValue:
    review = queries.get_review(need)
    responses = received_responses(need)
    form = _decide_form(responses)
    page = {"need": need, "review": review, "responses": responses, "form": form}
    if request.method == "GET":
        if review.state != SCORING:
            return see_other("reviews.show", need_id=need.id)
        form.seen.data = _seen(responses)
        return render_template("reviews/decide.html", **page)
    if not (form.accepted() and _is_as_shown(form, responses)):
        return render_template("reviews/decide.html", **page), form.status
    try:
        commands.decide_review(review, awards=form.awards, reason=form.reason.data, by=actor())
    except IllegalMove as refusal:
        return _refused(refusal, "reviews/decide.html", **page)
    return _decided(review, need)


def _decide_form(responses: Sequence[Response]) -> DecideForm:
    shortlisted = [response for response in responses if response.state == SHORTLISTED]
    prices = {key: submission.price_pence for key, submission in submissions_of(shortlisted).items()}
    return decide_form(shortlisted, prices)


def _seen(responses: Sequence[Response]) -> str:
    """What tells that the responses stand as the page showed them."""
    states = [f"{response.id} {response.state}" for response in sorted(responses, key=lambda response: response.id)]
    return hashlib.sha256("\n".join(states).encode()).hexdigest()


def _is_as_shown(form: DecideForm, responses: Sequence[Response]) -> bool:
    seen = _seen(responses)
    if form.seen.data == seen:
        return True
    form.seen.data = seen
    form.refuse("Somebody else shortlisted or set aside a response since you opened this page. Check, then decide.")
    return False


def _decided(review: Review, need: Need) -> ResponseReturnValue:
    if review.state == DECIDED:
        flask.flash("The decision is kept. Now tell every respondent.", "success")
    else:
        flask.flash("The review and the need are concluded.", "success")
    return see_other("reviews.show", need_id=need.id)


def _refused(refusal: Refusal, template: str, **page: Any) -> ResponseReturnValue:
    page["form"].refuse(f"{refusal.message} {STILL_BELOW}")
    return render_template(template, **page), 409
