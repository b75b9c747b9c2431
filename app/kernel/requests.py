"""How a request is played: in one transaction, again when it lost a race, and what of a refused one is kept."""

import copy
from collections.abc import Callable
from typing import Any

import flask
from flask import Flask, Response, g, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.forms import files as forms_files

View = Callable[..., ResponseReturnValue]
MOST_BYTES = 4 * 1024 * 1024
# more than a file may have, so that one that is a little too large is told so beside its field
MOST_WITH_FILES = 32 * 1024 * 1024
MOST_DRAINED = 200 * 1024 * 1024
SAFE = {"GET", "HEAD", "OPTIONS"}


class Clarion(Flask):
    """Flask, with each request in one transaction: reads in a snapshot, writes one at a time and committed once.

    What answers with a refusal keeps nothing, wherever in its work it was refused: the page says that it was not done.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        work: Callable[[], Response] = lambda: self.make_response(super(Clarion, self).dispatch_request())
        if request.method in SAFE or hasattr(view_asked(), "only_reads"):
            with db.reading():
                return work()
        _take_in()
        session_before = copy.deepcopy(dict(flask.session))

        def again() -> Response:
            _forget_attempt(session_before)
            response = work()
            if response.status_code >= 400 and not hasattr(view_asked(), "keeps_refused"):
                db.discard()
            return response

        try:
            return db.in_transaction(again)
        except BaseException:
            _forget_attempt(session_before)  # nothing was kept, so nothing may say that it was
            raise


def keeps_refused(view: View) -> View:
    """Mark a view that writes down what it refuses: a failed sign-in counts."""
    view.keeps_refused = True  # type: ignore[attr-defined]
    return view


def only_reads(view: View) -> View:
    """Have a view that is sent a form run as a GET does: it waits for no writer, and what it changes is not kept.

    For looks at what somebody has not saved. It goes outside of `guard` or inside, as one likes.
    """
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def takes_files(view: View) -> View:
    """Mark a guarded view that takes files: its requests may be larger than others'."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def view_asked() -> Any:
    """The view that this request asks for; None where its address is none of ours."""
    return flask.current_app.view_functions.get(request.endpoint or "")


def allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if hasattr(view_asked(), "takes_files") and request.mimetype == "multipart/form-data":
        request.max_content_length = MOST_WITH_FILES


def _take_in() -> None:
    """Read what is sent to its end, and keep its files for whom the view is there, while no transaction is open.

    So a slow upload, and a slow disk, hold up nobody who writes; and a stranger's files are not kept.
    """
    view = view_asked()
    if view is None or not request.form.keys() | request.files.keys() or not hasattr(view, "takes_files"):
        return
    with db.reading():
        _things, is_allowed = view.asks(dict(request.view_args or {}))
    g.pop("_login_user", None)
    if is_allowed:
        forms_files.receive()


def _forget_attempt(session_before: dict[str, Any]) -> None:
    """What an attempt left in the session, on `g` and of messages already read must neither double nor stay."""
    flask.session.clear()
    flask.session.update(copy.deepcopy(session_before))
    g.pop("_login_user", None)
    request_ctx.flashes = None
