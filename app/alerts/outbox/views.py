"""Mail that is stuck, for the operator: when and why, never to whom or about what, which would tell who answers."""

import flask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.alerts.outbox.commands import send_again
from app.alerts.outbox.queries import get_stuck_mail
from app.kernel import mail
from app.kernel.mail import OutboxMail
from app.kernel.web import actor, guard, operator_only, see_other

bp = Blueprint("outbox", __name__, template_folder="templates")


@bp.get("/outbox")
@guard(operator_only)
def show() -> ResponseReturnValue:
    return render_template("outbox/show.html", unsure=mail.unsure(), failed=mail.failed())


def _may_send(person: Person | None, _mail: OutboxMail) -> bool:
    return operator_only(person)


@bp.post("/outbox/<mail_id>/send-again")
@guard(_may_send, mail=get_stuck_mail)
def again(mail: OutboxMail) -> ResponseReturnValue:
    send_again(mail, by=actor())
    flask.flash("It is sent again.", "success")
    return see_other("outbox.show")
