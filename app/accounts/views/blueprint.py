"""The blueprint of accounts, and how its pages make mailed links and sign people in."""

from typing import Any

import flask
from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from app.accounts.models import KINDS, ROLES, Person

bp = Blueprint("accounts", "app.accounts", template_folder="templates")


def signing_key() -> str:
    """What signs mailed links."""
    return str(current_app.secret_key)


def start_page() -> str:
    """Where somebody who signed in begins."""
    desk = "home.desk" in current_app.view_functions
    return url_for("home.desk" if desk else "accounts.account")


def enter(person: Person) -> None:
    """Sign a person in, in a session that has nothing of the one before."""
    flask.session.clear()
    login_user(person)
    flask.session.permanent = True


def dead_link(reason: str) -> ResponseReturnValue:
    """The page of a mailed link that does not work (any more)."""
    return flask.render_template("accounts/dead_link.html", reason=reason), 410


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"role_names": ROLES, "kind_names": KINDS}
