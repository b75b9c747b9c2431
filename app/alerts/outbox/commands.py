"""Deciding about mail that is stuck."""

from app.accounts.models import Person
from app.kernel import audit, mail
from app.kernel.mail import OutboxMail


def send_again(stuck: OutboxMail, *, by: Person | None) -> None:
    """Have it sent once more, knowing that the first may have arrived."""
    mail.send_again(stuck)
    audit.record("send_mail_again", stuck, by=by)
