"""One need with somebody on each side of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from app.accounts.models import OFFICER, Person
from app.kernel import db
from app.kernel.db import session, transaction
from app.needs.models import Need
from app.providers.models import Provider
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response


@dataclass
class World:
    """An open need, a provider that may answer it, and people in every role."""

    need: Need
    early: Need
    provider: Provider
    rival: Provider
    team: Provider
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        return self.people[role]


@pytest.fixture
def world(store: db.Database) -> World:
    with transaction():
        ministry = make.department("Ministry of Tides")
        author = make.buyer(ministry, "Author")
        provider, rival = make_response.provider("Harbour Ltd"), make_response.provider("Quay Ltd")
        team = make_response.team_provider(ministry)
        both = make_response.staff(provider, "Both sides")
        make.join(both, ministry, OFFICER)
        people = {
            "author": author,
            "owner": make.buyer(ministry, "Owner"),
            "buyer": make.buyer(ministry, "Buyer"),
            "officer": make.officer(ministry, "Officer"),
            "elsewhere": make.officer(make.department("Ministry of Hills"), "Officer elsewhere"),
            "operator": make.operator(),
            "staff": make_response.staff(provider, "Staff"),
            "lead": make.lead(provider.organisation, "Lead"),
            "rival_staff": make_response.staff(rival, "Rival staff"),
            "team_staff": make_response.staff(team, "Team staff"),
            "both": both,
        }
        need = make_need.open_need(department=ministry, by=author, second=people["owner"], title="Move the tide tables")
        early = make_need.live_need(
            ministry, by=author, second=people["owner"], rung="shaping", title="Shape the harbours"
        )
        session().flush()
    return World(need, early, provider, rival, team, people)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is sent within the block."""
    sent: list[str] = []

    def listener(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.database().engine, "before_cursor_execute", listener)
    try:
        yield sent
    finally:
        event.remove(db.database().engine, "before_cursor_execute", listener)
