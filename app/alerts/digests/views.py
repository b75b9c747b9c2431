"""Stopping mail from its own link: signed out, by one press of a button, or by a mail program (RFC 8058)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.alerts.digests.commands import stop_mail
from app.alerts.digests.stopping import ALERT, PERIOD, Stop, read_stop
from app.alerts.models import DAILY, WEEKLY
from app.alerts.topics import TOPICS
from app.kernel.web import anyone, guard

bp = Blueprint("digests", __name__, template_folder="templates")
OF_PERIOD = {DAILY: "the daily mail of your alerts", WEEKLY: "the weekly mail of your alerts"}


@bp.get("/unsubscribe/<token>")
@guard(anyone)
def ask(token: str) -> ResponseReturnValue:
    """A page with a button: programs that look at links in mail open it, so it stops nothing."""
    stop = read_stop(token)
    if stop is None:
        return render_template("digests/no_such_address.html"), 404
    return render_template("digests/stop.html", token=token, what=_words_of(stop), stopped=False)


@bp.post("/unsubscribe/<token>")
@guard(anyone)
def stop(token: str) -> ResponseReturnValue:
    """Stop it, without a session or a token of a form: the signature says whose mail it is, and it can only stop."""
    named = read_stop(token)
    if named is None:
        return render_template("digests/no_such_address.html"), 404
    stop_mail(named)
    return render_template("digests/stop.html", token=token, what=_words_of(named), stopped=True)


def _words_of(stop: Stop) -> str:
    """What is stopped, without looking whether it is there: the page is the same for what was deleted."""
    if stop.what == ALERT:
        return "mail about the need that you follow"
    if stop.what == PERIOD:
        return OF_PERIOD.get(stop.which, "mail that tells you at once what your alerts find")
    return f"mail about: {TOPICS[stop.which].title}" if stop.which in TOPICS else "this mail"
