"""A corner of the world as it is played: through the real commands, whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation, Person
from app.accounts.passwords import verify_password
from app.accounts.queries import find_person_by_email
from app.capabilities.commands import load_vocabulary
from app.config import Settings, read_settings
from app.demo import fill, sign_in_hint
from app.demo.building import build, finish
from app.kernel import audit, clock, db, files, mail, sealing, search, signing
from app.kernel.db import Base, reading, session, transaction
from app.kernel.errors import Conflict
from app.kernel.jobs import Job
from app.kernel.mail import OutboxMail
from app.matching.models import MatchDecision
from app.needs.firsts.choices import QUESTIONS
from app.needs.firsts.models import FirstAnswer
from app.needs.models import Amendment, Need, RungMove
from app.needs.questions.models import Asking, Question
from app.needs.questions.queries import answers_of, is_proven
from app.outcomes.models import Partnership
from app.providers.models import COUNTERSIGNED, Evidence, Provider
from app.responses.ideas.models import IdeaAnswer
from app.responses.models import Response
from app.responses.queries import find_last_receipt, is_up_to_date
from app.reviews.models import Review
from tests import make
from tests.conftest import new_database_url
from tests.demo.small import small_library

ROWS_SHOWN: dict[str, tuple[Any, str | None]] = {
    "need": (Need, "published_at"),
    "partnership": (Partnership, "agreed_at"),
    "provider": (Provider, None),
}
PASSWORD = "nine green bottles"


class Killed(Exception):
    """The end of a build in its middle."""


def untold(done: int, total: int | None) -> None:
    """Nobody watches."""


def count(model: type[Base]) -> int:
    with reading():
        return session().scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture(scope="module")
def _corner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The address of a database that holds the corner, made once, and the folder of its index."""
    folder = tmp_path_factory.mktemp("corner")
    url = new_database_url(request.config, "corner", folder)
    _open(url, folder)
    Base.metadata.create_all(db.database().engine)
    load_vocabulary()
    build(small_library(), PASSWORD, untold)
    finish(small_library())
    _shut()
    return url, folder


def _open(url: str, folder: Path) -> None:
    db.connect(db.Database(db.make_engine(url)))
    mail.use(mail.Postbox("Clarion <clarion@example.com>", folder / "mail"))
    search.connect(folder / "index")
    files.use(folder / "files")
    sealing.use("the sealing key of the demo tests, 32 characters")
    signing.use("the signing key of the demo tests, 32 characters")


def _shut() -> None:
    db.database().engine.dispose()
    db.connect(None)


@pytest.fixture
def small(_corner: tuple[str, Path]) -> Iterator[db.Database]:
    """The corner, made and finished, to look at."""
    _open(*_corner)
    yield db.database()
    _shut()


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return read_settings({"CLARION_INSTANCE": str(tmp_path), "CLARION_DEMO_PASSWORD": PASSWORD})


def test_needs_stand_where_the_content_says(small: db.Database) -> None:
    wanted = {(story.title, story.rung, story.state) for story in small_library().stories.values()}
    with reading():
        # those that departments began with ideas stand beside the stories
        began = select(IdeaAnswer.need_id).where(IdeaAnswer.need_id.is_not(None))
        needs = session().scalars(select(Need).where(Need.id.not_in(began)))
        assert {(need.title, need.rung, need.state) for need in needs} == wanted


def test_firm_needs_answered_first_with_what_was_there_at_the_time(small: db.Database) -> None:
    with reading():
        firm = set(session().scalars(select(RungMove.need_id).where(RungMove.to_rung.in_(("committed", "open")))))
        answers = session().scalars(select(FirstAnswer)).all()
        assert {(each.need_id, each.question) for each in answers} == {
            (need, key) for need in firm for key in QUESTIONS
        }
        shown = [(answer, each) for answer in answers for each in answer.shown]
        assert "provider" in {each.kind for _, each in shown}
        for answer, each in shown:
            model, since = ROWS_SHOWN[each.kind]
            row = session().get_one(model, each.id)
            assert since is None or getattr(row, since) < answer.answered_at
        assert all(answer.chosen in ("", *(each.name for each in answer.shown)) for answer in answers)


def test_two_years_are_in_the_audit_and_it_holds(small: db.Database) -> None:
    with reading():
        assert list(audit.verify()) == []
        first, last = session().execute(select(func.min(audit.AuditEntry.at), func.max(audit.AuditEntry.at))).one()
        assert timedelta(days=725) < last - first < timedelta(days=735)
        assert last <= clock.now()


def test_everybody_has_the_one_password(small: db.Database) -> None:
    with reading():
        people = session().scalars(select(Person)).all()
        assert len({person.password_hash for person in people}) == 1
        assert verify_password(people[0].password_hash, PASSWORD)
        assert len({person.name for person in people}) == len(people)


def test_what_is_sealed_stays_sealed_and_what_was_opened_is_what_was_submitted(small: db.Database) -> None:
    with reading():
        for response in session().scalars(select(Response)):
            is_opened = response.need.state == "concluded"
            assert (response.state in ("draft", "submitted", "withdrawn")) != is_opened
            assert response.state in ("draft", "withdrawn") or find_last_receipt(response)
            assert response.state != "submitted" or is_up_to_date(response)


def test_partnerships_are_as_far_as_their_endings(small: db.Database) -> None:
    with reading():
        found = {each.need.title: (each.state, len(each.reports)) for each in session().scalars(select(Partnership))}
        standings = list(session().scalars(select(Evidence.standing).where(Evidence.source.is_not(None))))
    assert found == {
        "Find out which of our sluices can be reached from the internet": ("completed", 2),
        "Renew a mooring without writing a cheque": ("running", 0),
    }
    assert standings == [COUNTERSIGNED]


def test_a_deadline_was_moved_later_in_the_open(small: db.Database) -> None:
    with reading():
        amendment = session().scalars(select(Amendment)).one()
        assert amendment.need.title == "Make 37,000 wreck reports searchable"
        assert [change["what"] for change in amendment.changes] == ["Deadline for responses"]


def test_live_open_needs_have_answers_and_a_question_that_waits(small: db.Database) -> None:
    with reading():
        live = [need for need in session().scalars(select(Need)) if need.takes_responses]
        assert live
        for need in live:
            asked = session().scalars(select(Question).where(Question.need_id == need.id)).all()
            assert {"waiting", "answered"} <= {question.state for question in asked}
            answers = answers_of(need)
            assert [answer.number for answer in answers] == list(range(1, len(answers) + 1))
            assert need.questions_until
            assert all(question.asked_at < need.questions_until for question in asked)
            assert all(answer.published_at <= clock.now() for answer in answers)
        assert [asking for asking in session().scalars(select(Asking)) if not is_proven(asking)] == []


def test_officers_decided_on_matches_with_what_they_saw(small: db.Database) -> None:
    with reading():
        decisions = session().scalars(select(MatchDecision)).all()
        assert sorted(each.verb for each in decisions) == ["invite", "invite", "note", "pass_over"]
        assert [each.profile.title for each in decisions if not (each.reasons and each.index_version)] == []
        assert [each.profile.title for each in decisions if each.verb != "pass_over" and each.score_milli == 0] == []


def test_no_mail_of_the_past_is_sent(small: db.Database) -> None:
    assert count(OutboxMail) == 0
    with reading():
        assert {job.kind for job in session().scalars(select(Job))} == {"needs.close_due"}
        assert session().scalar(select(func.count()).select_from(Job).where(Job.run_at <= clock.now())) == 0


@pytest.mark.parametrize("step", [1, 40, 150])
def test_a_build_that_is_killed_leaves_nothing(store: db.Database, step: int) -> None:
    def kill(done: int, total: int | None) -> None:
        if done == step:
            raise Killed

    load_vocabulary()
    with pytest.raises(Killed):
        build(small_library(), PASSWORD, kill)
    assert [count(model) for model in (Organisation, Person, Need)] == [0, 0, 0]


def test_a_world_that_was_not_finished_is_finished_by_the_next_run(
    store: db.Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.demo.building.read_library", small_library)
    load_vocabulary()
    build(small_library(), PASSWORD, untold)
    assert count(MatchDecision) == 0
    assert fill(settings, True, untold) == "The demo world was finished."
    before = [count(model) for model in (Organisation, Need, Response, Review, MatchDecision)]
    assert fill(settings, True, untold) == "The demo world is here already."
    assert [count(model) for model in (Organisation, Need, Response, Review, MatchDecision)] == before


def test_a_world_of_others_is_left_alone(store: db.Database, settings: Settings) -> None:
    with transaction():
        make.department()
    assert fill(settings, True, untold) == "There are organisations already, so no demo world was made."
    with pytest.raises(Conflict, match="The demo world is for an empty one"):
        fill(settings, False, untold)
    assert count(Organisation) == 1
    assert sign_in_hint(settings) == []


def test_the_hint_names_the_people_and_the_password(small: db.Database, settings: Settings) -> None:
    who, password = sign_in_hint(settings)
    assert "officer@demo.example" in who
    assert PASSWORD in password
    with reading():
        officer = find_person_by_email("officer@demo.example")
        assert officer is not None
        assert [membership.role for membership in officer.memberships] == ["officer"]
