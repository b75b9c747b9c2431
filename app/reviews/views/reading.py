"""Opening the responses, and reading them: one by one and side by side."""

from collections.abc import Sequence

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.web import actor, guard, see_other
from app.needs.firsts.queries import told_to
from app.needs.models import Need
from app.responses.models import SET_ASIDE, SHORTLISTED, Response
from app.responses.queries import received_responses, response_band, sealed_submissions, submissions_of
from app.responses.submissions import is_opened_intact
from app.reviews import commands, policy, queries
from app.reviews.clarifications.queries import clarifications_of
from app.reviews.doors import received
from app.reviews.feedback.queries import drafted, find_feedback
from app.reviews.feedback.standings import BANDS, words_of_standing
from app.reviews.replies.queries import find_question
from app.reviews.views.blueprint import bp

SIDE_BY_SIDE = 5


@bp.route("/needs/<need_id>/review")
@guard(policy.may_see_review, need=queries.get_need_under_review)
def show(need: Need) -> ResponseReturnValue:
    review = queries.find_review(need)
    may_act = policy.may_review(actor(), need)
    first_answers = told_to(actor(), need)
    if review is None:
        page = {"band": response_band(need), "may_act": may_act, "first_answers": first_answers}
        return render_template("reviews/sealed.html", need=need, **page)
    responses = received_responses(need)
    may_read = policy.may_read_responses(actor(), need)
    return render_template(
        "reviews/show.html",
        need=need,
        review=review,
        responses=responses,
        broken=sealed_submissions(need) if may_read else [],
        submissions=submissions_of(responses) if may_read else {},
        awards=queries.awards_of(review),
        may_act=may_act,
        may_read=may_read,
        first_answers=first_answers,
        drafted=drafted(responses),
        clarified=clarifications_of(responses) if may_read else {},
    )


@bp.route("/needs/<need_id>/review/open", methods=["POST"])
@guard(policy.may_open_responses, need=queries.get_need_under_review)
def open_responses(need: Need) -> ResponseReturnValue:
    commands.open_responses(need, by=actor())
    if sealed_submissions(need):
        flask.flash("Not every response could be opened: see below.", "error")
    else:
        flask.flash("The responses are opened.", "success")
    return see_other("reviews.show", need_id=need.id)


@bp.route("/needs/<need_id>/review/open-the-rest", methods=["POST"])
@guard(policy.may_open_responses, need=queries.get_need_under_review)
def open_the_rest(need: Need) -> ResponseReturnValue:
    left = commands.open_the_rest(queries.get_review(need), by=actor())
    told = ("Not every response could be opened yet.", "error") if left else ("All responses are opened.", "success")
    flask.flash(*told)
    return see_other("reviews.show", need_id=need.id)


@bp.route("/needs/<need_id>/review/compare")
@guard(policy.may_read_responses, need=queries.get_need_under_review)
def compare(need: Need) -> ResponseReturnValue:
    review = queries.get_review(need)
    responses = received_responses(need)
    chosen = _chosen(responses, request.args.getlist("response"))
    return render_template(
        "reviews/compare.html",
        need=need,
        review=review,
        responses=responses,
        chosen=chosen,
        submissions=submissions_of(chosen),
        clarified=clarifications_of(chosen),
        most=SIDE_BY_SIDE,
    )


def _chosen(responses: Sequence[Response], wanted: list[str]) -> list[Response]:
    """The responses that the address names; otherwise the shortlisted, then those that are not set aside."""
    named = [response for response in responses if response.id in wanted]
    order = {SHORTLISTED: 0, SET_ASIDE: 2}
    likely = sorted(responses, key=lambda response: order.get(response.state, 1))
    return (named or likely)[:SIDE_BY_SIDE]


@bp.route("/received/<response_id>")
@guard(policy.may_read_received, response=received)
def read(response: Response) -> ResponseReturnValue:
    submission = submissions_of([response])[response.id]
    everybody = received_responses(response.need)
    here = everybody.index(response)
    feedback = find_feedback(response)
    return render_template(
        "reviews/read.html",
        need=response.need,
        response=response,
        submission=submission,
        is_intact=is_opened_intact(submission.receipt),
        review=queries.get_review(response.need),
        feedback=feedback,
        stood=words_of_standing(response, feedback.standing) if feedback else "",
        question=find_question(response),
        clarified=clarifications_of([response]).get(response.id, []),
        BANDS=BANDS,
        before=everybody[here - 1] if here else None,
        after=everybody[here + 1] if here + 1 < len(everybody) else None,
        may_act=policy.may_review(actor(), response.need),
    )
