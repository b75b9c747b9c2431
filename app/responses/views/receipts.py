"""Verifying a receipt file, by whoever holds it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.requests import only_reads
from app.kernel.web import anyone, guard
from app.responses.forms import VerifyForm
from app.responses.verifying import Verdict, verify
from app.responses.views.blueprint import bp


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


def _given() -> str:
    """The file, or else what was pasted, to the letter: a form's field would tidy it, and it would hold no more."""
    chosen = request.files.get("file")
    return (chosen.read().decode("utf-8-sig", "replace") if chosen else "") or request.form.get("receipt", "")
