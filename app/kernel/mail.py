"""Mail: written to the outbox in the transaction, sent after it, to an SMTP server or into a folder."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, jobs
from app.kernel.db import Base, RandomId, in_transaction, reading, session

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


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


_postbox: Postbox | None = None


def use(postbox: Postbox) -> None:
    """Make this the post box of the process."""
    global _postbox
    _postbox = postbox


def post(*, to: str, subject: str, body: str) -> None:
    """Write a mail to the outbox, in the current transaction; a job sends it afterwards."""
    mail = OutboxMail(to=to, subject=" ".join(subject.split())[:200], body=body, written_at=clock.now())
    session().add(mail)
    session().flush()
    jobs.enqueue("mail.send", {"mail_id": mail.id})


@jobs.job("mail.send")
def send(payload: dict[str, Any]) -> None:
    """Hand one mail over, and forget its text, which may hold a link that signs somebody in."""
    with reading():
        mail = session().get(OutboxMail, payload["mail_id"])
    if mail is None or mail.sent_at:
        return
    if _postbox is None:
        raise RuntimeError("no post box is set")
    _hand_over(message_of(mail, _postbox.sender), f"{mail.written_at:%Y%m%dT%H%M%S}-{mail.id}.eml", _postbox)
    in_transaction(lambda: _mark_sent(mail.id))


def message_of(mail: OutboxMail, sender: str) -> EmailMessage:
    """The mail as it goes over the wire; its Message-ID is the row's, so a repeat can be told from a second mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2].strip('<> ') or 'clarion.invalid'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _mark_sent(mail_id: str) -> None:
    mail = session().get_one(OutboxMail, mail_id)
    mail.sent_at, mail.body = clock.now(), ""


def _hand_over(message: EmailMessage, file_name: str, postbox: Postbox) -> None:
    if not postbox.server:
        postbox.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (postbox.folder / file_name).write_bytes(message.as_bytes())
        return
    url = urlsplit(postbox.server)
    with _connected(url.scheme, url.hostname or "localhost", url.port or PORTS[url.scheme]) as connection:
        if url.scheme == "smtp+tls":
            connection.starttls(context=ssl.create_default_context())
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
        connection.send_message(message)


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    """A connection to the server; over TLS only to one whose certificate is good."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=20, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=20)
