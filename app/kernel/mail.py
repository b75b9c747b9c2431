"""Mail: written to the outbox in the transaction, sent after it, to an SMTP server or into a folder, never twice.

Before its text goes to a server, a mail is marked as handed over, in a commit of its own. What surely failed is
unmarked and tried again; where nobody knows whether the server took it (the process was killed, the connection lost
after the text was sent), it is not sent again until somebody decides so, since a second copy cannot be taken back.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, jobs, smtp
from app.kernel.db import Base, RandomId, in_transaction, reading, session, without_values

log = logging.getLogger(__name__)
# a server has this long to say that it took a text, before the mail counts as one whose end is not known
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Postbox:
    """Where mail goes: `server` (smtp://user:password@host:port, smtp+tls:// or smtps://), or else `folder`."""

    sender: str
    folder: Path
    server: str = ""


class OutboxMail(RandomId, Base):
    """One mail that was promised to one address, and when it was handed over."""

    __tablename__ = "outbox_mails"
    to: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # the address that stops mail like this one, without signing in; "" for mail that cannot be stopped
    unsubscribe_url: Mapped[str] = mapped_column(String(500), default="")
    # set and committed before the text goes to the server; without `sent_at`, nobody knows whether it was taken
    handed_over_at: Mapped[datetime | None]
    # when it was refused for good, and in which words of ours
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(200), default="")


class _Unfolded(EmailPolicy):
    """A header that is an address in angle brackets stays whole: folding would encode it."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_postbox: Postbox | None = None


def use(postbox: Postbox) -> None:
    """Make this the post box of the process."""
    global _postbox
    _postbox = postbox


def post(*, to: str, subject: str, body: str, unsubscribe_url: str = "") -> OutboxMail:
    """Write a mail to the outbox, in the current transaction; a job sends it afterwards."""
    mail = OutboxMail(to=to, subject=" ".join(subject.split())[:200], body=body, written_at=clock.now())
    mail.unsubscribe_url = unsubscribe_url
    session().add(mail)
    session().flush()
    jobs.enqueue("mail.send", {"mail_id": mail.id})
    return mail


@jobs.job("mail.send")
def send(payload: dict[str, Any]) -> None:
    """Hand one mail over, and forget its text, which may hold a link that signs somebody in."""
    with reading():
        mail = session().get(OutboxMail, payload["mail_id"])
    if mail is None or mail.sent_at or mail.handed_over_at:
        return
    if _postbox is None:
        raise RuntimeError("no post box is set")
    message = message_of(mail, _postbox.sender)
    if not _postbox.server:
        _keep(message, f"{mail.written_at:%Y%m%dT%H%M%S}-{mail.id}.eml", _postbox.folder)
        in_transaction(lambda: _mark_sent(mail.id))
    elif _deliver(mail, message, _postbox):
        in_transaction(lambda: _mark_sent(mail.id))


def _deliver(mail: OutboxMail, message: EmailMessage, postbox: Postbox) -> bool:
    """Hand it to the server; whether it was taken. Raises what was surely not taken, to be tried again or given up."""
    try:
        return smtp.deliver(postbox.server, message, mail.to, claim=lambda: in_transaction(lambda: _claim(mail.id)))
    except smtp.Unsure as unsure:
        why = f"The connection was lost after the text was sent ({unsure})"
        log.error("mail %s: nobody knows whether the server took it (%s)", mail.id, unsure)
        in_transaction(lambda: _note(mail.id, why))
        return False
    except smtp.RefusedForGood as refusal:
        why = str(refusal)
        in_transaction(lambda: _refused(mail.id, why))
        raise jobs.Hopeless(why) from refusal
    except Exception as error:
        why = without_values(error)
        in_transaction(lambda: _unclaim(mail.id, why))
        raise


def message_of(mail: OutboxMail, sender: str) -> EmailMessage:
    """The mail as it goes over the wire; its Message-ID is the row's, so a repeat can be told from a second mail."""
    message = EmailMessage(policy=_Unfolded(utf8=not mail.to.isascii()))
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2].strip('<> ') or 'clarion.invalid'}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        if mail.unsubscribe_url.startswith("https://"):  # RFC 8058 has no one-click without it
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    return message


def unsure() -> Sequence[OutboxMail]:
    """Mails that were handed over, and of which nobody knows whether they were taken; the oldest first."""
    return session().scalars(select(OutboxMail).where(_is_unsure()).order_by(OutboxMail.written_at)).all()


def failed() -> Sequence[OutboxMail]:
    """Mails that were refused for good; the oldest first."""
    wanted = select(OutboxMail).where(OutboxMail.failed_at.is_not(None)).order_by(OutboxMail.written_at)
    return session().scalars(wanted).all()


def count_stuck() -> tuple[int, int, datetime | None]:
    """How many mails are unsure, how many were refused for good, and since when the first of them waits."""
    is_unsure, is_failed = _is_unsure(), OutboxMail.failed_at.is_not(None)
    counts = select(func.count().filter(is_unsure), func.count().filter(is_failed), func.min(OutboxMail.written_at))
    row = session().execute(counts.where(or_(is_unsure, is_failed))).one()
    return row[0], row[1], row[2]


def send_again(mail: OutboxMail) -> None:
    """Have a stuck mail sent once more, knowing that the first may have arrived; in the current transaction."""
    mail.handed_over_at, mail.failed_at, mail.error = None, None, ""
    jobs.enqueue("mail.send", {"mail_id": mail.id})


def is_stuck(mail: OutboxMail) -> bool:
    """Whether it is one of `unsure` or `failed`."""
    is_late = mail.handed_over_at is not None and mail.handed_over_at < clock.now() - PATIENCE
    return mail.sent_at is None and (mail.failed_at is not None or is_late)


def _is_unsure() -> ColumnElement[bool]:
    return OutboxMail.sent_at.is_(None) & (OutboxMail.handed_over_at < clock.now() - PATIENCE)


def _claim(mail_id: str) -> bool:
    """Mark it as handed over, unless another process has."""
    mail = session().get_one(OutboxMail, mail_id, with_for_update=True)
    if mail.sent_at or mail.handed_over_at:
        return False
    mail.handed_over_at = clock.now()
    return True


def _unclaim(mail_id: str, error: str) -> None:
    mail = session().get_one(OutboxMail, mail_id)
    if mail.sent_at is None:
        mail.handed_over_at, mail.error = None, error[:200]


def _note(mail_id: str, error: str) -> None:
    session().get_one(OutboxMail, mail_id).error = error[:200]


def _refused(mail_id: str, error: str) -> None:
    mail = session().get_one(OutboxMail, mail_id)
    mail.handed_over_at, mail.failed_at, mail.error = None, clock.now(), error[:200]


def _mark_sent(mail_id: str) -> None:
    mail = session().get_one(OutboxMail, mail_id)
    mail.sent_at, mail.failed_at, mail.body, mail.error = clock.now(), None, "", ""


def _keep(message: EmailMessage, file_name: str, folder: Path) -> None:
    """Written twice, it is the same file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / file_name).write_bytes(message.as_bytes())
