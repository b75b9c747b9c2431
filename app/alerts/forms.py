"""The form in which a person chooses which notifications come by mail."""

from typing import Any

from app.alerts.models import HOW_OFTEN
from app.alerts.topics import TOPICS
from app.kernel.forms import Choice, Form


def _choice(key: str) -> Any:
    topic = TOPICS[key]
    return Choice(
        topic.title, list(HOW_OFTEN.items()), hint=topic.hint, required="Choose how often", default=topic.usual
    )


class MailForm(Form):
    """How the mail about each topic goes."""

    moves = _choice("moves")
    answers = _choice("answers")
    invitations = _choice("invitations")
    drafts = _choice("drafts")
    interest = _choice("interest")
    partnerships = _choice("partnerships")
