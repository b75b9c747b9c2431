"""Reading mail that is stuck."""

from datetime import datetime

from app.accounts.models import Person
from app.kernel import mail
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.kernel.mail import OutboxMail


def get_stuck_mail(mail_id: str, person: Person | None) -> OutboxMail:
    """A mail that somebody has to decide about; another does not exist for anybody."""
    found = session().get(OutboxMail, mail_id)
    if found is None or not (person and person.is_operator) or not mail.is_stuck(found):
        raise NotFound
    return found


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Mail that is stuck, as one line of the operator's."""
    unsure, refused, since = mail.count_stuck() if person.is_operator else (0, 0, None)
    if since is None:
        return []
    text = "Decide about 1 mail that is stuck" if unsure + refused == 1 else f"Decide about {unsure + refused} mails"
    return [Awaiting(text, "outbox.show", {}, since, group="Mail")]
