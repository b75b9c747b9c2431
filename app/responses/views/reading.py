"""Reading one's own responses and their receipts."""

import json

import flask
from flask import Response as HttpResponse
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.paging import page_of
from app.kernel.web import actor, guard
from app.providers.policy import works_for_a_provider
from app.responses import policy, queries
from app.responses.amended import amendments_unseen
from app.responses.coalitions.queries import invitations_to
from app.responses.dispositions import disposition_of
from app.responses.models import SUBMITTED, Response, SubmissionReceipt
from app.responses.verifying import file_of
from app.responses.views.blueprint import bp
from app.responses.views.doors import own_receipt, own_response


@bp.route("/responses")
@guard(works_for_a_provider)
def mine() -> ResponseReturnValue:
    page = page_of(queries.page_of_responses(actor()), request.args)
    return render_template(
        "responses/mine.html",
        page=page,
        interests=queries.interests_of(actor()),
        asked=invitations_to(actor()),
        disposition_of=disposition_of,
    )


@bp.route("/responses/<response_id>")
@guard(policy.may_read_response, response=own_response)
def show(response: Response) -> ResponseReturnValue:
    is_stale = (
        response.state == SUBMITTED
        and policy.may_change_response(actor(), response)
        and not queries.is_up_to_date(response)
    )
    return render_template(
        "responses/show.html",
        response=response,
        need=response.need,
        receipts=queries.readable_receipts(response, actor()),
        can_change=policy.may_change_response(actor(), response),
        can_resume=policy.may_resume_response(actor(), response),
        is_stale=is_stale,
        unseen=amendments_unseen(response),
        disposition=disposition_of(response),
    )


@bp.route("/receipts/<receipt_id>")
@guard(policy.may_read_receipt, receipt=own_receipt)
def receipt(receipt: SubmissionReceipt) -> ResponseReturnValue:
    faults = queries.receipt_faults(receipt)
    can_restore = faults == [queries.OTHER_CONTENT] and receipt.opened_content is None
    return render_template(
        "responses/receipt.html", receipt=receipt, response=receipt.response, faults=faults, can_restore=can_restore
    )


@bp.route("/receipts/<receipt_id>/file")
@guard(policy.may_read_receipt, receipt=own_receipt)
def receipt_file(receipt: SubmissionReceipt) -> ResponseReturnValue:
    """What was submitted, with its salt, so that anybody who has the file can work the commitment out."""
    kept = json.dumps(file_of(receipt), ensure_ascii=False, indent=1)
    answer: HttpResponse = flask.make_response(kept)
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="receipt-{receipt.number}-{receipt.response_id}.json"'
    )
    return answer
