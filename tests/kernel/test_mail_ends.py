"""How handing a mail over can end, with a real SMTP server each time: it is tried again, given up, or asked about."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from app.kernel import clock, jobs, mail, smtp
from app.kernel.db import Database, in_transaction, reading, session, transaction
from app.kernel.mail import OutboxMail

SENDER = "Clarion <clarion@example.com>"
LATER = timedelta(hours=1)


class Server:
    """A server that answers as it is told, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.rcpt = self.data = "250 OK"
        self.before_answer: Callable[[SMTP], None] = lambda _server: None
        self.before_text: Callable[[SMTP], None] = lambda _server: None

    async def handle_RCPT(self, server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.before_text(server)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope.content)
        self.before_answer(server)
        return self.data


def hang_up(server: SMTP) -> None:
    server.transport.abort()  # type: ignore[union-attr]


@pytest.fixture
def server(store: Database, tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Server()
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    mail.use(mail.Postbox(SENDER, tmp_path / "mail", f"smtp://127.0.0.1:{port}"))
    yield made
    controller.stop()


def post(body: str = "Text.") -> str:
    with transaction():
        return mail.post(to="ann@example.com", subject="S", body=body).id


def run(after: timedelta = timedelta()) -> None:
    with clock.at(clock.now() + after):
        jobs.run_due()


def row() -> OutboxMail:
    with reading():
        return session().scalars(select(OutboxMail)).one()


def stuck(after: timedelta = LATER) -> tuple[int, int]:
    with clock.at(clock.now() + after), reading():
        return mail.count_stuck()[:2]


def test_a_mail_that_was_taken_is_marked_so(server: Server) -> None:
    post()
    run()
    assert (len(server.taken), row().sent_at is None, row().body, stuck()) == (1, False, "", (0, 0))


@pytest.mark.parametrize("what", ["rcpt", "data"])
def test_a_server_that_defers_is_asked_again(server: Server, what: str) -> None:
    setattr(server, what, "451 later")
    post()
    run()
    found = row()
    assert (found.handed_over_at, found.sent_at, found.failed_at, found.body) == (None, None, None, "Text.")
    setattr(server, what, "250 OK")
    run(LATER)
    assert len(server.taken) == 1
    assert row().sent_at is not None


def test_the_waits_grow(server: Server) -> None:
    server.rcpt = "451 later"
    post()
    moment, waits = clock.now(), []
    for _ in range(5):
        with clock.at(moment), reading():
            run_at = session().scalars(select(jobs.Job)).one().run_at
        waits.append(run_at)
        moment = run_at + timedelta(milliseconds=1)
        with clock.at(moment):
            assert jobs.run_due() == 1
    gaps = [round((later - sooner).total_seconds()) for sooner, later in pairwise(waits)]
    assert gaps == [2, 4, 8, 16]


@pytest.mark.parametrize("what", ["rcpt", "data"])
def test_a_server_that_refuses_for_good_is_not_asked_again_and_that_shows(server: Server, what: str) -> None:
    setattr(server, what, "550 no such person ann@example.com")
    post()
    run()
    found = row()
    assert found.failed_at is not None
    assert "ann@" not in found.error
    assert stuck(timedelta()) == (0, 1)
    run(LATER)
    assert server.taken == []
    setattr(server, what, "250 OK")
    with transaction():
        mail.send_again(session().get_one(OutboxMail, found.id))
    run(LATER)
    assert (len(server.taken), stuck()) == (1, (0, 0))


def test_a_connection_lost_before_the_text_is_tried_again(server: Server) -> None:
    server.before_text = hang_up
    post()
    run()
    assert row().handed_over_at is None
    server.before_text = lambda _server: None
    run(LATER)
    assert (len(server.taken), stuck()) == (1, (0, 0))


def test_a_connection_lost_after_the_text_is_not_tried_again_and_that_shows(server: Server) -> None:
    server.before_answer = hang_up
    post()
    run()
    server.before_answer = lambda _server: None
    for _ in range(3):
        run(LATER)
    assert len(server.taken) == 1
    found = row()
    assert (found.sent_at, found.failed_at, found.body) == (None, None, "Text.")
    assert stuck() == (1, 0)
    with transaction():
        mail.send_again(session().get_one(OutboxMail, found.id))
    run()
    assert (len(server.taken), stuck()) == (2, (0, 0))


def test_a_server_that_is_too_slow_to_answer_counts_as_not_known(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.3)
    server.before_answer = lambda _server: time.sleep(1)
    post()
    run()
    run(LATER)
    assert (len(server.taken), row().sent_at, stuck()) == (1, None, (1, 0))


def test_a_worker_that_died_with_the_text_in_its_hand_sends_nothing_later(server: Server) -> None:
    mail_id = post()
    assert in_transaction(lambda: mail._claim(mail_id))
    run()
    assert server.taken == []
    assert (stuck(timedelta()), stuck()) == ((0, 0), (1, 0))


def test_two_workers_at_one_mail_send_it_once(server: Server) -> None:
    meet = threading.Barrier(2, timeout=10)
    mail_id = post()

    def send(_: int) -> None:
        meet.wait()
        mail.send({"mail_id": mail_id})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, range(2)))
    assert len(server.taken) == 1
    assert row().sent_at is not None


def test_dots_and_line_ends_arrive_as_they_were_written(server: Server) -> None:
    post(".\n..two\n.three\r\nfour")
    run()
    assert server.taken[0].replace(b"\r\n", b"\n").rstrip().endswith(b".\n..two\n.three\nfour")


def test_a_server_that_is_down_changes_nothing_of_the_mail(store: Database, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mail.use(mail.Postbox(SENDER, tmp_path / "mail", f"smtp://127.0.0.1:{port}"))
    post()
    run()
    assert (row().handed_over_at, row().error) == (None, row().error)
    assert "ConnectionRefused" in row().error
