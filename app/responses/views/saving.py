"""Saving one section of a response: by its button, or by the script that saves while typing pauses."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove
from app.kernel.forms import VersionedForm
from app.kernel.web import actor, see_other
from app.responses import commands, policy, submissions
from app.responses.models import DRAFT, SUBMITTED, Answer, Response, SubmissionReceipt

STILL_BELOW = "What you typed was not saved. It is still below, so that you can copy it."
SUBMITTED_MEANWHILE = (
    "A colleague submitted this response while you were working on it. Press again to change what was sent."
)
SAVED_MEANWHILE = (
    "A colleague saved this section while you were working on it. Nothing is lost: theirs is shown beside yours."
)
RESUBMIT, AUTOSAVE = "resubmit", "autosave"
Save = Callable[[], SubmissionReceipt | None]
Row = Callable[[], Response | Answer | None]


def section(
    response: Response, row: Row, form: VersionedForm, save: Save, template: str, *, is_strict: bool, **page: Any
) -> ResponseReturnValue:
    """Show one section, or save it; whatever is refused, what was typed stays on the page.

    `row` gives what the section stands in: the response itself, or an answer, which may not be there before.
    """
    is_submitted = response.state == SUBMITTED
    if is_submitted and is_strict:
        form.make_strict()
    page |= {"response": response, "need": response.need, "form": form, "saved": {}, "is_submitted": is_submitted}
    if request.method == "POST":
        return _autosave(row, save, page) if AUTOSAVE in request.form else _save(row, save, template, page)
    form.version.data = version_of(row(), form)
    can_change = policy.may_write_in(actor(), response)
    return render_template(template, **page) if can_change else see_other("responses.show", response_id=response.id)


def version_of(row: Response | Answer | None, form: VersionedForm) -> int:
    """What tells whether a colleague saved this section: sections of one row do not stand in each other's way."""
    if isinstance(row, Response):
        return submissions.version_of_section(row, form.content)
    return row.version if row else 0


def _save(row: Row, save: Save, template: str, page: dict[str, Any]) -> ResponseReturnValue:
    form, response = page["form"], page["response"]
    try:
        commands.require_changeable(response)
        if not form.accepted():
            return render_template(template, **page), form.status
        if _has_clashed(form, row(), page):
            return render_template(template, **page), 409
        return _saved(response, save())
    except (IllegalMove, Conflict) as refusal:
        form.refuse(f"{refusal.message} {STILL_BELOW}")
        return render_template(template, **page), 409


def _autosave(row: Row, save: Save, page: dict[str, Any]) -> ResponseReturnValue:
    """Save a draft's section for the script, which is told the new version, or why nothing was saved.

    What is submitted is never saved so: each save of it is a submission. What is not different is not written.
    """
    form, response = page["form"], page["response"]
    try:
        commands.require_changeable(response)
        if page["is_submitted"]:
            return {"said": SUBMITTED_MEANWHILE}, 409
        if not form.validate():
            return {"said": f"Not saved yet. {form.problems[0].sentence}."}, 422
        if is_overtaken(form, row()):
            return {"said": "A colleague saved this section meanwhile. Press the button to see both."}, 409
        if differences(form, row()):
            save()
            session().flush()
    except (IllegalMove, Conflict) as refusal:
        return {"said": f"{refusal.message} What you typed is not saved."}, 409
    at = clock.now().astimezone(ZoneInfo(response.need.time_zone))
    return {"version": version_of(row(), form), "said": f"Saved at {at:%H:%M}."}


def differences(form: VersionedForm, row: Response | Answer | None) -> dict[str, Any]:
    """What the row says otherwise than the form, by the field's name."""
    theirs = {name: getattr(row, name) if row else None for name in form.content}
    return {name: value for name, value in theirs.items() if (value or None) != (form.content[name] or None)}


def is_overtaken(form: VersionedForm, row: Response | Answer | None) -> bool:
    """Whether a colleague saved something else since the page was shown."""
    return form.version.data != version_of(row, form) and bool(differences(form, row))


def _has_clashed(form: VersionedForm, row: Response | Answer | None, page: dict[str, Any]) -> bool:
    """Whether a colleague saved something else meanwhile: then the page shows both, and a second press decides."""
    version = version_of(row, form)
    if page["is_submitted"] and form.pressed != RESUBMIT:
        form.version.data = version
        form.refuse(SUBMITTED_MEANWHILE)
        return True
    if not is_overtaken(form, row):
        return False
    form.version.data = version
    form.refuse(SAVED_MEANWHILE)
    page["saved"] = differences(form, row)
    return True


def _saved(response: Response, receipt: SubmissionReceipt | None) -> ResponseReturnValue:
    if response.state == DRAFT:
        flask.flash("Saved. Only your own colleagues can see it.", "success")
        return see_other("responses.edit", response_id=response.id)
    done = (
        f"Submitted again: receipt {receipt.number}."
        if receipt
        else "Nothing was different, so your submission stands."
    )
    flask.flash(done, "success")
    return see_other("responses.show", response_id=response.id)
