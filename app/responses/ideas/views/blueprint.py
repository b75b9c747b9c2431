"""The blueprint of ideas, and what its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.kernel.errors import Conflict, IllegalMove
from app.kernel.forms import Form
from app.needs.origin import origin_of

bp = Blueprint("ideas", __name__, template_folder="../templates")
STATES = {
    "draft": ("Draft", "grey"),
    "proposed": ("Proposed", "green"),
    "withdrawn": ("Withdrawn", "grey"),
    "lapsed": ("Lapsed", "grey"),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """What pages of needs tell of the idea that one began with, and what pages of ideas call their states."""
    return {"origin_of": origin_of, "IDEA_STATES": STATES}


def kept(form: Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; otherwise the form says why not, and keeps what was typed."""
    try:
        act()
    except (Conflict, IllegalMove) as refusal:
        form.refuse(refusal.message)
        return False
    return True
