"""Pages of needs."""

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


from app.needs.views import owning, publishing, reading, writing  # noqa: E402

__all__ = ["bp", "owning", "publishing", "reading", "writing"]
