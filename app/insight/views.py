"""Pages of insight: demand against supply."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insight import queries
from app.insight.answers import answers
from app.insight.signals import reliabilities
from app.kernel.web import anyone, guard
from app.needs.ladder import LADDER
from app.outcomes.models import RESULTS
from app.responses.dispositions import ANSWERED_WITHIN, OPENED_WITHIN
from app.responses.ideas import queries as ideas

bp = Blueprint("insight", __name__, template_folder="templates")
SHOWN = 25


@bp.get("/insight")
@guard(anyone)
def show() -> ResponseReturnValue:
    """Which capabilities are asked for most and offered least, how firm the demand is, and what became of it."""
    balances = queries.balances()
    asked = [balance for balance in balances if balance.asking]
    unasked = sorted((b for b in balances if not b.asking), key=lambda b: (-b.offering, b.capability.name))
    return render_template(
        "insight/show.html",
        scarce=asked[:SHOWN],
        asked=len(asked),
        unasked=unasked[:SHOWN],
        most=max((count for b in asked[:SHOWN] for count in (b.asking, b.offering)), default=1),
        ladder=queries.ladder(),
        closing=queries.closing(),
        answers=answers()[:SHOWN],
        opened_within=OPENED_WITHIN.days,
        answered_within=ANSWERED_WITHIN.days,
        reliabilities=reliabilities()[:SHOWN],
        results=queries.results(),
        looked_first=queries.looked_first(),
        ideas=ideas.figures(),
        LADDER=LADDER,
        RESULTS=RESULTS,
    )
