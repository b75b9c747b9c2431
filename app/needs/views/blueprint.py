"""The blueprint of needs, and the words that its templates share."""

from typing import Any

from flask import Blueprint

from app.needs import choices, ladder, policy

bp = Blueprint("needs", __name__, template_folder="../templates")


@bp.context_processor
def _words() -> dict[str, Any]:
    """The short lists in words, and the two rules that lists of needs ask for."""
    return {
        "rungs": ladder.LADDER,
        "states": choices.STATES,
        "kinds": choices.KINDS,
        "duties": choices.DUTIES,
        "missing": ladder.missing,
        "has_duty": policy.has_duty,
    }
