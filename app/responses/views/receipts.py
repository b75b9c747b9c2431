"""Receipt files: verified by whoever holds them, and given back by their own staff where what is stored is damaged."""

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.requests import only_reads
from app.kernel.web import actor, anyone, guard, see_other
from app.responses import policy, receipts
from app.responses.forms import VerifyForm
from app.responses.models import SubmissionReceipt
from app.responses.verifying import NO_RECEIPT, Verdict, read_file, verify
from app.responses.views.blueprint import bp
from app.responses.views.doors import own_receipt


@bp.route("/receipts/verify", methods=["GET", "POST"])
@only_reads
@guard(anyone)
def verify_receipt() -> ResponseReturnValue:
    form = VerifyForm()
    verdict: Verdict | None = None
    if request.method == "POST" and form.accepted():
        text = _given()
        if text.strip():
            verdict = verify(text)
        else:
            form.fail("receipt", "Choose the receipt file, or paste what stands in it")
    return render_template("responses/verify_receipt.html", form=form, verdict=verdict), form.status


@bp.route("/receipts/<receipt_id>/restore", methods=["POST"])
@guard(policy.may_read_receipt, receipt=own_receipt)
def restore_receipt(receipt: SubmissionReceipt) -> ResponseReturnValue:
    told = read_file(_given())
    if told is None:
        flask.flash(NO_RECEIPT, "error")
    else:
        receipts.restore_receipt(receipt, content=told[1], salt=told[0], by=actor())
        flask.flash("Your submission is whole again.", "success")
    return see_other("responses.receipt", receipt_id=receipt.id)


def _given() -> str:
    """The file, or else what was pasted, to the letter: a form's field would tidy it, and it would hold no more."""
    chosen = request.files.get("file")
    return (chosen.read().decode("utf-8-sig", "replace") if chosen else "") or request.form.get("receipt", "")
