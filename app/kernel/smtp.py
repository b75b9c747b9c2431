"""One mail to one SMTP server, told apart by how it ends: taken, surely not taken, refused for good, or not known."""

import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
TIMEOUT_SECONDS = 20
TAKEN, GO_ON = (250, 251), 354


class Unsure(Exception):
    """The text was sent, and no answer came: it may have been taken."""


class RefusedForGood(Exception):
    """The server said that it will never take this mail (5xx)."""


def deliver(server: str, message: EmailMessage, to: str, *, claim: Callable[[], bool]) -> bool:
    """Hand a mail over to `server`; False where `claim` said that somebody else does.

    `claim` is called when the server has agreed to take a text for this address, just before the text is asked for.
    Raises Unsure and RefusedForGood; any other exception means that the mail was surely not taken, and may be later.
    """
    url = urlsplit(server)
    connection = _connected(url)
    try:
        _address(connection, parseaddr(str(message["From"]))[1], to)
        if not claim():
            return False
        _say(connection, "data", GO_ON)
        _send_text(connection, message.as_bytes())
    finally:
        _leave(connection)
    return True


def _connected(url: SplitResult) -> smtplib.SMTP:
    """A connection to the server; over TLS only to one whose certificate is good."""
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if url.scheme == "smtp+tls":
            connection.starttls(context=ssl.create_default_context())
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _address(connection: smtplib.SMTP, sender: str, to: str) -> None:
    connection.ehlo_or_helo_if_needed()
    options = [] if to.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    code, reply = connection.mail(sender, options)
    if code not in TAKEN:
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    code, reply = connection.rcpt(to)
    _must_be_taken(code, reply, "the address")


def _say(connection: smtplib.SMTP, command: str, wanted: int) -> None:
    code, reply = connection.docmd(command)
    if code != wanted:
        raise smtplib.SMTPDataError(code, reply)


def _send_text(connection: smtplib.SMTP, text: bytes) -> None:
    """From its first byte on, no answer means that nobody knows."""
    lines = re.sub(rb"\r?\n|\r", b"\r\n", text)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    try:
        connection.send(re.sub(rb"(?m)^\.", b"..", lines) + b".\r\n")
        code, reply = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(type(error).__name__) from error
    if code == -1:
        raise Unsure("no answer that could be read")
    _must_be_taken(code, reply, "the text")


def _must_be_taken(code: int, reply: bytes, what: str) -> None:
    """The server's own words may quote the address, so only its number is kept."""
    if code in TAKEN:
        return
    if 500 <= code < 600:
        raise RefusedForGood(f"the server refused {what} for good ({code})")
    raise smtplib.SMTPDataError(code, reply)


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye; what comes of that changes nothing."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
