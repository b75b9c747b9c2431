"""The blueprint of needs, and the words that its templates share."""

from typing import Any

from flask import Blueprint

from app.kernel.errors import NotFound
from app.needs import choices, ladder, policy
from app.needs.sections import SECTIONS, Section

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


def section_named(section: str) -> Section:
    """The section that an address names."""
    if section not in SECTIONS:
        raise NotFound
    return SECTIONS[section]
