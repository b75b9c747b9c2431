"""Pages of alerts: what one person was told, and which of it comes by mail."""

from collections.abc import Iterable
from itertools import groupby

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.alerts import commands, queries
from app.alerts.forms import MailForm
from app.alerts.models import Notification
from app.kernel.clock import LONDON
from app.kernel.paging import page_of
from app.kernel.web import actor, guard, see_other, signed_in

bp = Blueprint("alerts", __name__, template_folder="templates")


@bp.get("/notifications")
@guard(signed_in)
def notifications() -> ResponseReturnValue:
    """What the person was told, newest first, by day."""
    only_unread = request.args.get("show") == "unread"
    page = page_of(queries.notifications_of(actor(), unread=only_unread), request.args)
    return render_template(
        "alerts/notifications.html",
        page=page,
        days=_by_day(page),
        only_unread=only_unread,
        unread=queries.count_unread(actor()),
    )


def _by_day(rows: Iterable[Notification]) -> list[tuple[Notification, list[Notification]]]:
    """The notifications of each day in London, with the first of them, by which the day is known."""
    days = [list(found) for _day, found in groupby(rows, key=lambda row: row.told_at.astimezone(LONDON).date())]
    return [(found[0], found) for found in days]


def _is_ones_own(person: Person | None, notification: Notification) -> bool:
    return person is not None and notification.person_id == person.id


@bp.post("/notifications/read")
@guard(signed_in)
def mark_read() -> ResponseReturnValue:
    """Mark all as read."""
    commands.mark_all_read(by=actor())
    return see_other("alerts.notifications")


@bp.post("/notifications/<notification_id>/read")
@guard(_is_ones_own, notification=queries.get_own_notification)
def mark_one_read(notification: Notification) -> ResponseReturnValue:
    """Mark one as read."""
    commands.mark_read(notification, by=actor())
    return see_other("alerts.notifications", **({"show": "unread"} if request.args.get("show") == "unread" else {}))


@bp.route("/notifications/mail", methods=["GET", "POST"])
@guard(signed_in)
def choose_mail() -> ResponseReturnValue:
    """Which notifications come by mail."""
    chosen = queries.choices_of([actor().id]).get(actor().id, {})
    form = MailForm(data=chosen) if request.method == "GET" else MailForm()
    if form.accepted():
        commands.choose_all_mail(form.content, by=actor())
        flask.flash("Saved.", "success")
        return see_other("alerts.notifications")
    return render_template("alerts/mail.html", form=form), form.status
