"""The whole demo world, as `clarion demo` makes it."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation, Person
from app.accounts.queries import find_person_by_email
from app.home.queries import desk
from app.kernel import audit, clock, search
from app.kernel.db import reading, session
from app.matching.queries import candidates
from app.needs.models import LIVE, OPEN, Need
from app.outcomes.models import OutcomeReport, Partnership
from app.providers.models import Evidence, SolutionProfile
from app.responses.models import Response
from tests.e2e.conftest import Site

DESKS = {
    "buyer": {"Needs", "Partnerships"},
    "officer": {"Reviews", "Matches", "Partnerships"},
    "supplier": {"Invitations", "Responses", "Partnerships"},
    "operator": {"To do"},
    "buyer2": {"Needs"},
    "officer2": {"Matches"},
    "supplier2": {"Responses"},
}


@pytest.fixture(autouse=True)
def _in_the_whole_world(site: Site) -> Iterator[None]:
    if not site.is_whole:
        pytest.skip("the whole world is played on SQLite; the corner on PostgreSQL too")
    with reading():
        yield


def test_the_audit_holds() -> None:
    assert list(audit.verify()) == []


def test_has_what_was_asked_for() -> None:
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


def test_has_something_on_every_desk() -> None:
    for name, groups in DESKS.items():
        person = find_person_by_email(f"{name}@demo.example")
        assert isinstance(person, Person)
        found = {thing.group for section in desk(person, clock.now()) for thing in section.things}
        assert groups <= found, name


def test_is_found() -> None:
    assert search.lag().changes == 0
    live = session().scalars(select(Need).where(Need.state == LIVE, Need.rung == OPEN)).all()
    explained = [candidate.is_explained for need in live for candidate in candidates(need).candidates[:3]]
    assert len(explained) == 3 * len(live)
    assert all(explained)
