"""Sealing a response: the check before it is sent, submitting, withdrawing, resuming."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.web import actor, guard, see_other
from app.responses import commands, policy, queries, submissions
from app.responses.amended import amendments_unseen
from app.responses.checklist import sections_of
from app.responses.coalitions.terms import others_answering
from app.responses.forms import SealForm
from app.responses.models import DRAFT, SUBMITTED, Response
from app.responses.promises.queries import people_of
from app.responses.views.blueprint import bp
from app.responses.views.doors import own_response


@bp.route("/responses/<response_id>/check")
@guard(policy.may_lead_response, response=own_response)
def check(response: Response) -> ResponseReturnValue:
    if not policy.may_change_response(actor(), response):
        return see_other("responses.show", response_id=response.id)
    return _check_page(response)


def _check_page(response: Response) -> str:
    is_current = response.state == SUBMITTED and queries.is_up_to_date(response)
    return render_template(
        "responses/check.html",
        response=response,
        need=response.need,
        gaps=submissions.gaps(response),
        sections=sections_of(response, {member.id for member in people_of(response)}, clock.today()),
        seen=submissions.fingerprint(response),
        is_current=is_current,
        others=others_answering(response),
        unseen=amendments_unseen(response),
    )


@bp.route("/responses/<response_id>/submit", methods=["POST"])
@guard(policy.may_lead_response, response=own_response)
def submit(response: Response) -> ResponseReturnValue:
    commands.require_changeable(response)
    if submissions.gaps(response):
        return _check_page(response), 422
    if SealForm().seen.data != submissions.fingerprint(response):
        flask.flash("The response changed since you opened this page. Check it again before you submit it.", "error")
        return _check_page(response), 409
    seal = commands.submit_response if response.state == DRAFT else commands.resubmit_response
    receipt = seal(response, by=actor())
    flask.flash(f"Submitted: receipt {receipt.number}." if receipt else "Your submission stands as it is.", "success")
    return see_other("responses.show", response_id=response.id)


@bp.route("/responses/<response_id>/withdraw", methods=["POST"])
@guard(policy.may_lead_response, response=own_response)
def withdraw(response: Response) -> ResponseReturnValue:
    commands.withdraw_response(response, by=actor())
    flask.flash("Your response is withdrawn. Nobody else will read it.", "success")
    return see_other("responses.show", response_id=response.id)


@bp.route("/responses/<response_id>/resume", methods=["POST"])
@guard(policy.may_lead_response, response=own_response)
def resume(response: Response) -> ResponseReturnValue:
    commands.resume_response(response, by=actor())
    flask.flash("Your response is a draft again.", "success")
    return see_other("responses.edit", response_id=response.id)
