"""Mail: written in the transaction, handed to a real SMTP server after it, once."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.kernel import clock, jobs, mail
from app.kernel.db import Database, reading, session, transaction
from app.kernel.mail import OutboxMail

SENDER = "Clarion <clarion@example.com>"


class Letters:
    """What a server was handed."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def server(store: Database, tmp_path: Path) -> Iterator[tuple[Letters, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    mail.use(mail.Postbox(SENDER, tmp_path / "mail", f"smtp://127.0.0.1:{port}"))
    yield letters, port
    controller.stop()


def post(subject: str = "Reset your password", body: str = "Follow the link.\nIt works once.") -> None:
    with transaction():
        mail.post(to="ann@example.com", subject=subject, body=body)


def test_a_mail_reaches_the_server_after_the_transaction(server: tuple[Letters, int]) -> None:
    letters, _ = server
    post(body="Grüße — £5")
    assert letters.envelopes == []
    assert jobs.run_due() == 1
    (envelope,) = letters.envelopes
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["ann@example.com"]
    assert (message["Subject"], message["From"]) == ("Reset your password", SENDER)
    assert message.get_content().strip() == "Grüße — £5"


def test_a_mail_is_not_sent_twice_and_its_text_is_forgotten(server: tuple[Letters, int]) -> None:
    post()
    jobs.run_due()
    with reading():
        row = session().scalars(select(OutboxMail)).one()
    mail.send({"mail_id": row.id})
    assert len(server[0].envelopes) == 1
    assert (row.body, row.sent_at is None) == ("", False)


def test_a_repeated_mail_is_known_by_its_id(server: tuple[Letters, int]) -> None:
    post()
    with reading():
        row = session().scalars(select(OutboxMail)).one()
    first, second = (mail.message_of(row, SENDER)["Message-ID"] for _ in range(2))
    assert first == second == f"<{row.id}@example.com>"


def test_a_subject_cannot_smuggle_a_header(server: tuple[Letters, int]) -> None:
    post(subject="Hello\r\nBcc: everybody@example.com")
    jobs.run_due()
    message = message_from_bytes(server[0].envelopes[0].content, policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: everybody@example.com"


def test_a_mail_waits_for_a_server_that_is_down(store: Database, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    mail.use(mail.Postbox(SENDER, tmp_path / "mail", f"smtp://127.0.0.1:{closed}"))
    post()
    assert jobs.run_due() == 1
    mail.use(mail.Postbox(SENDER, tmp_path / "mail"))
    with clock.at(clock.now().replace(year=clock.now().year + 1)):
        assert jobs.run_due() == 1
    (letter,) = (tmp_path / "mail").glob("*.eml")
    assert "Reset your password" in letter.read_text()


def test_a_refused_transaction_sends_nothing(server: tuple[Letters, int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        mail.post(to="ann@example.com", subject="No", body="No")
        raise ZeroDivisionError
    assert jobs.run_due() == 0
    assert server[0].envelopes == []
