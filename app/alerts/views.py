"""Pages of alerts: what one person was told."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.alerts import commands, queries
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, see_other, signed_in

bp = Blueprint("alerts", __name__, template_folder="templates")


@bp.get("/notifications")
@guard(signed_in)
def notifications() -> ResponseReturnValue:
    """What the person was told, newest first."""
    page = page_of(queries.notifications_of(actor()), request.args)
    return render_template("alerts/notifications.html", page=page, unread=queries.count_unread(actor()))


@bp.post("/notifications/read")
@guard(signed_in)
def mark_read() -> ResponseReturnValue:
    """Mark all as read."""
    commands.mark_all_read(by=actor())
    return see_other("alerts.notifications")
