"""Pages of insight: demand against supply."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insight import queries
from app.kernel.web import anyone, guard

bp = Blueprint("insight", __name__, template_folder="templates")
SHOWN = 25


@bp.get("/insight")
@guard(anyone)
def show() -> ResponseReturnValue:
    """Which capabilities are asked for most and offered least, and whether respondents get their answers."""
    balances = queries.balances()
    scarce = [balance for balance in balances if balance.asking][:SHOWN]
    unasked = sorted((b for b in balances if not b.asking), key=lambda b: -b.offering)[:SHOWN]
    return render_template("insight/show.html", scarce=scarce, unasked=unasked, closing=queries.closing())
