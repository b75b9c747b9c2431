"""The blueprint on which all pages of providers stand."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint

from app.capabilities.choices import CLEARANCES, PLACES, STANDARDS
from app.kernel import clock
from app.providers.accreditations.standing import STANDINGS as ACCREDITATION_STANDINGS
from app.providers.choices import SIZES, STANDING_MEANS
from app.providers.wishes.choices import RUNG_NAMES

bp = Blueprint("providers", "app.providers", template_folder="templates")


def named(keys: Iterable[str], labels: Mapping[str, str]) -> str:
    """The words for some keys of a short list, in that list's order."""
    chosen = set(keys)
    return ", ".join(label for key, label in labels.items() if key in chosen)


@bp.context_processor
def _words() -> dict[str, Any]:
    """The short lists, so that templates turn keys into words."""
    return {
        "sizes": SIZES,
        "places": PLACES,
        "clearances": CLEARANCES,
        "standards": STANDARDS,
        "standing_means": STANDING_MEANS,
        "accreditation_standings": ACCREDITATION_STANDINGS,
        "rung_names": RUNG_NAMES,
        "today": clock.today(),
        "named": named,
    }
