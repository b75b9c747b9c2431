"""SIGKILL at any moment: what was acknowledged is there afterwards, and the index catches up."""

import random
import threading
import time
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

import pytest

from app.kernel import clock, db, migrate, search
from app.kernel.db import Database, reading, session, transaction
from app.needs.models import LIVE, Need
from tests import make
from tests.journeys.server import Server, Visitor

KILLS = 30


class Poster:
    """A buyer who posts and publishes needs until the server is gone, and remembers what was acknowledged."""

    def __init__(self, server: Server, email: str) -> None:
        self.visitor = Visitor(server)
        self.posted: list[str] = []
        self.published: list[str] = []
        self.email = email

    def sign_in(self) -> None:
        self.visitor.submit("/sign-in", email=self.email, password=make.PASSWORD)

    def work(self) -> None:
        try:
            while True:
                self.post_one()
        except (OSError, HTTPException):
            return

    def post_one(self) -> None:
        said = {"title": f"Signal number {len(self.posted)}", "summary": "A need that must not be lost."}
        need_id = self.visitor.submit("/needs/new", **said).split("/")[2]
        self.posted.append(need_id)
        self.visitor.submit(f"/needs/{need_id}/edit/problem", problem="Something is slow.")
        again = clock.today() + timedelta(days=90)
        day = {f"review_on-{part}": getattr(again, part) for part in ("day", "month", "year")}
        self.visitor.submit(f"/needs/{need_id}/edit/rung", confidence_need="low", confidence_money="low", **day)
        self.visitor.submit(f"/needs/{need_id}/publish")
        self.published.append(need_id)


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> tuple[Server, str]:
    """A server over a migrated instance with one department and its buyer."""
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    db.connect(Database(db.make_engine(database_url), tmp_path / "write.lock"))
    migrate.upgrade() if database_url.startswith("sqlite") else migrate.stamp()
    with transaction():
        buyer = make.buyer(make.department())
        email = buyer.email
    db.database().engine.dispose()
    return Server(tmp_path, database_url), email


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_the_index_catches_up(served: tuple[Server, str], tmp_path: Path) -> None:
    server, email = served
    poster, chance = Poster(server, email), random.Random(7)
    server.start()
    poster.sign_in()
    for _ in range(KILLS):
        poster.post_one()  # a server that has just started is slow to its first visitor
        killer = threading.Timer(chance.uniform(0.05, 0.8), server.kill)
        killer.start()
        poster.work()
        killer.join()
        server.start()
    poster.post_one()
    wait_for_index(server)
    server.stop()
    with reading():
        needs = {need.id: need.state for need in session().query(Need)}
    search.connect(tmp_path / "index")
    found = {hit.row_id for hit in search.find("need", size=10_000).hits}
    assert len(poster.published) > KILLS
    assert [need_id for need_id in poster.posted if need_id not in needs] == []
    assert [need_id for need_id in poster.published if needs[need_id] != LIVE] == []
    assert found == {need_id for need_id, state in needs.items() if state == LIVE}


def wait_for_index(server: Server) -> None:
    for _ in range(200):
        index = server.ready()["index"]
        if index["ready"] and index["behind"] == 0:
            return
        time.sleep(0.1)
    raise AssertionError(f"the index did not catch up: {index}")
