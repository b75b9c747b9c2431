"""SIGKILL to workers that send mail to a real server: no mail arrives twice, and none is lost from sight."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.kernel import clock, db, mail, migrate
from app.kernel.db import Base, Database, reading, session, transaction
from app.kernel.jobs import Job
from app.kernel.mail import OutboxMail
from tests.journeys.server import COMMAND

MAILS, KILLS = 40, 4


class Letters:
    """A slow server that remembers which letters it took."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[tuple[Letters, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    yield letters, port
    controller.stop()


@pytest.fixture
def instance(database_url: str, tmp_path: Path) -> Iterator[str]:
    db.connect(Database(db.make_engine(database_url), tmp_path / "write.lock"))
    migrate.stamp()
    assert Base.metadata.tables
    yield database_url
    db.database().engine.dispose()
    db.connect(None)


def worker(url: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`clarion worker` in a process of its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CLARION_")},
        **{"CLARION_INSTANCE": str(folder), "DATABASE_URL": url, "CLARION_LOG_LEVEL": "error"},
        "CLARION_SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    command = [sys.executable, "-c", COMMAND, "worker"]
    return subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def end(process: subprocess.Popen[bytes], number: int) -> None:
    os.killpg(process.pid, number)
    process.wait(30)


def rows() -> list[OutboxMail]:
    with reading():
        return list(session().scalars(select(OutboxMail)))


def free_leases() -> None:
    """What the killed worker held, as if five minutes had gone by."""
    with transaction():
        for job in session().scalars(select(Job)):
            job.leased_until, job.run_at = None, clock.now()


@pytest.mark.slow
def test_no_mail_arrives_twice_whenever_a_worker_is_killed(
    instance: str, postbox: tuple[Letters, int], tmp_path: Path
) -> None:
    letters, port = postbox
    chance = random.Random(11)
    with transaction():
        for number in range(MAILS):
            mail.post(to=f"p{number}@example.com", subject="S", body="B")
    for _ in range(KILLS):
        before, process = len(letters.taken), worker(instance, tmp_path, port)
        until = time.monotonic() + 60
        while len(letters.taken) < before + 2 and time.monotonic() < until and len(letters.taken) < MAILS:
            time.sleep(0.01)
        killer = threading.Timer(chance.uniform(0, 0.2), end, (process, signal.SIGKILL))
        killer.start()
        killer.join()
        free_leases()
    pair = [worker(instance, tmp_path, port) for _ in range(2)]
    until = time.monotonic() + 120
    while any(each.sent_at is None and each.handed_over_at is None for each in rows()) and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(1)
    for process in pair:
        end(process, signal.SIGTERM)
    assert [number for number in letters.taken.values() if number > 1] == []
    sent, unsure = [e for e in rows() if e.sent_at], [e for e in rows() if e.sent_at is None]
    assert (len(sent) + len(unsure), len(unsure) <= KILLS) == (MAILS, True)
    assert len(sent) <= len(letters.taken) <= len(sent) + len(unsure)
    with clock.at(clock.now() + timedelta(hours=1)), reading():
        assert len(mail.unsure()) == len(unsure)
