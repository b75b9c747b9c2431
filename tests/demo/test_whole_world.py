"""The whole demo world, made by `clarion demo` as a newcomer makes it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation, Person
from app.accounts.queries import find_person_by_email
from app.config import read_settings
from app.home.queries import desk
from app.kernel import audit, clock, db, search
from app.kernel.db import reading, session
from app.kernel.instance import open_instance
from app.matching.queries import candidates
from app.needs.models import LIVE, OPEN, Need
from app.outcomes.models import OutcomeReport, Partnership
from app.providers.models import Evidence, SolutionProfile
from app.responses.models import Response

COMMAND = "from app.cli import main; main()"
DESKS = {
    "buyer": {"Needs", "Partnerships"},
    "officer": {"Reviews", "Matches", "Partnerships"},
    "supplier": {"Invitations", "Responses", "Partnerships"},
    "operator": {"To do"},
    "buyer2": {"Needs"},
    "officer2": {"Matches"},
    "supplier2": {"Responses"},
}


@pytest.fixture
def whole(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """A fresh instance with the whole world, opened; on SQLite alone, since the corner is played on both."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("the whole world is played on SQLite; the small one on PostgreSQL too")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLARION_")}
    environment |= {
        "CLARION_INSTANCE": str(tmp_path),
        "CLARION_DEMO_PASSWORD": "nine green bottles",
        "DATABASE_URL": "",
    }
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COMMAND, "demo", "--if-empty"], env=environment, check=True)
    open_instance(read_settings({"CLARION_INSTANCE": str(tmp_path)}))
    yield
    db.database().engine.dispose()
    db.connect(None)


def test_the_whole_world(whole: None) -> None:
    """In one test, since the world takes the better part of a minute."""
    with reading():
        _has_what_was_asked_for()
        _has_something_on_every_desk()
        _is_found()
        assert list(audit.verify()) == []


def _has_what_was_asked_for() -> None:
    kinds = Counter(session().scalars(select(Organisation.kind)))
    assert kinds == {"department": 16, "supplier": 71, "in_house_team": 7}
    assert Counter(session().scalars(select(SolutionProfile.state)))["live"] >= 200
    counts = session().execute(select(Response.need_id, func.count()).group_by(Response.need_id)).all()
    assert sum(count for _, count in counts) >= 600
    assert sum(count for _, count in counts) == 14 * len(counts)
    assert max(count for _, count in counts) == 50
    partnerships = Counter(session().scalars(select(Partnership.state)))
    assert sum(partnerships.values()) >= 25
    assert set(partnerships) == {"running", "completed", "ended_early"}
    results = Counter(session().scalars(select(OutcomeReport.result)))
    assert set(results) == {"delivered", "partly", "not", "ended_early"}
    standings = Counter(session().scalars(select(Evidence.standing)))
    assert set(standings) == {"stated", "countersigned", "disputed"}


def _has_something_on_every_desk() -> None:
    for name, groups in DESKS.items():
        person = find_person_by_email(f"{name}@demo.example")
        assert isinstance(person, Person)
        found = {thing.group for section in desk(person, clock.now()) for thing in section.things}
        assert groups <= found, name


def _is_found() -> None:
    assert search.lag().changes == 0
    live = session().scalars(select(Need).where(Need.state == LIVE, Need.rung == OPEN)).all()
    explained = [candidate.is_explained for need in live for candidate in candidates(need).candidates[:3]]
    assert len(explained) == 3 * len(live)
    assert all(explained)
