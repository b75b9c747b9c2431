"""Requests: who asks, whether they may, in which transaction, and the page of each refusal."""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

import flask
from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from app.kernel import db, files, instance, requests, sealing, search
from app.kernel.errors import Conflict, IllegalMove, NotAllowed, NotFound, Refusal
from app.kernel.forms import files as forms_files
from app.kernel.forms.reading import clean
from app.kernel.requests import View

log = logging.getLogger(__name__)
STATUS = {NotFound: 404, NotAllowed: 403, IllegalMove: 409, Conflict: 409, sealing.BrokenSeal: 409}
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Actor(Protocol):
    """Whoever is signed in, as far as the kernel knows people."""

    id: Any
    is_operator: Any


def actor() -> Any:
    """The signed-in person, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def anyone(person: Actor | None) -> bool:
    """Guard of a public page."""
    return True


def signed_in(person: Actor | None) -> bool:
    """Guard of a page for every signed-in person."""
    return person is not None


def operator_only(person: Actor | None) -> bool:
    """Guard of a page for the platform's operators."""
    return bool(person and person.is_operator)


def guard(may: Callable[..., bool], **loaders: Callable[[str, Any], Any]) -> Callable[[View], View]:
    """Load what the URL names and ask for permission before the view runs.

    `guard(may_publish_need, need=get_visible_need)` turns `<need_id>` into `need`. A loader raises NotFound for what
    the person may not see; a predicate that says no refuses (or sends who is not signed in to the sign-in page).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            things, is_allowed = asks(values)
            return view(**values, **things) if is_allowed else refuse(actor())

        def asks(values: dict[str, Any]) -> tuple[dict[str, Any], bool]:
            person = actor()
            things = {name: load(plain_id(values.pop(f"{name}_id")), person) for name, load in loaders.items()}
            return things, may(person, *things.values())

        guarded.guarded_by, guarded.asks = may, asks  # type: ignore[attr-defined]
        return guarded

    return decorate


def plain_id(text: str) -> str:
    """An id as a URL named it; what cannot be one (too long, odd characters, NUL) is not found without asking."""
    if len(text) > 80 or not text.isascii() or not text.replace("-", "").isalnum():
        raise NotFound
    return text


def refuse(person: Actor | None) -> ResponseReturnValue:
    """403 for somebody; for nobody the sign-in page, which leads back here when it was a page that was asked for."""
    if person is not None:
        raise NotAllowed("Your role does not let you do this.")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), code=303)


def see_other(endpoint: str, **values: Any) -> WerkzeugResponse:
    """After a POST: go and look at the result."""
    return redirect(url_for(endpoint, **values), code=303)


def absolute(endpoint: str, **values: Any) -> str:
    """The whole address of a page: on the address that was set, never on the one that a request claims."""
    return f"{instance.address()}{url_for(endpoint, **values)}"


def local_path(wanted: str | None) -> str | None:
    """A path of this site, or None: `//elsewhere`, `/\\elsewhere` and addresses with a scheme are none."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    return None if any(ord(character) < 33 or character == "\\" for character in wanted) else wanted


def install(app: Flask) -> None:
    """Add the error pages and the headers to the application."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(search.Broken, _no_index)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(Exception, _broken)
    app.url_value_preprocessor(requests.allow_files)
    app.after_request(_with_headers)


def error_page(status: int, message: str = "", name: str = "") -> ResponseReturnValue:
    """The page of an error; errors that share a status and an audience share their bytes."""
    known = {400, 403, 404, 409, 413, 429, 500, 503}
    template = f"errors/{name or (status if status in known else 400 if status < 500 else 500)}.html"
    is_refused_form = status == 409 or name == "csrf"
    return _rendered(template, status, message=message, typed=_typed() if is_refused_form else [])


def _rendered(template: str, status: int, **shown: Any) -> ResponseReturnValue:
    if db.has_session():
        return flask.render_template(template, **shown), status
    g.pop("_login_user", None)
    with db.reading():
        return flask.render_template(template, **shown), status


def _typed() -> list[str]:
    """The sentences of the form that was sent, to be copied from the page that refuses it; never a password.

    Only for a form that was read already: one that is too large cannot be.
    """
    texts = [text for name in request.form if "password" not in name for text in request.form.getlist(name)]
    return [clean(text) for text in texts if " " in text.strip()][:40]


def _refused(error: Refusal) -> ResponseReturnValue:
    return error_page(STATUS[type(error)], error.message)


def _csrf_failed(error: CSRFError) -> ResponseReturnValue:
    return error_page(400, name="csrf")


def _no_index(_error: search.Broken) -> ResponseReturnValue:
    """It was reported where it was met, and is being built anew."""
    return error_page(503)


def _stale(error: StaleDataError) -> ResponseReturnValue:
    return error_page(409, "Somebody else changed this while you were working on it.")


def _integrity(error: IntegrityError) -> ResponseReturnValue:
    log.warning("a constraint refused a write that its command let through: %s", db.without_values(error))
    return error_page(409, "This was done already, or somebody else was first.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    response = flask.make_response(error_page(error.code, _too_large() if error.code == 413 else ""))
    response.headers.extend(
        (k, v) for k, v in error.get_headers() if k.lower() not in {"content-type", "content-length"}
    )
    return response


def _too_large() -> str:
    """How large it may be; what is left of the request is read first, or the browser would not read the answer."""
    length, stream = request.content_length or 0, request.environ["wsgi.input"]
    rest = min(length, requests.MOST_DRAINED) if length > (request.max_content_length or length) else 0
    while rest > 0 and (block := stream.read(min(rest, files.BLOCK))):
        rest -= len(block)
    if request.max_content_length == requests.MOST_WITH_FILES:
        return f"A file may have at most {forms_files.MOST_BYTES // 1024**2} MB. Send one at a time."
    return f"A page may send at most {requests.MOST_BYTES // 1024**2} MB of text."


def _broken(error: Exception) -> ResponseReturnValue:
    if flask.current_app.testing and not flask.current_app.config.get("SHOW_ERROR_PAGES"):
        raise error
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s broke: %s\n%s", request.method, request.url_rule, db.without_values(error), where)
    try:
        return error_page(500)
    except Exception:
        return Response("Something went wrong. Try again later.", 500, content_type="text/plain; charset=utf-8")


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
