"""What alerts find: each need once, none lost, whatever becomes of the index, the worker, or the words."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.digests import jobs as digests_jobs
from app.alerts.digests.commands import note_findings
from app.alerts.models import AT_ONCE, DAILY, FIT, NEVER, SEARCH, WEEKLY, Alert, AlertFinding
from app.alerts.searches import commands
from app.alerts.searches.finding import News, NotIndexed, news_of
from app.alerts.searches.queries import listening
from app.kernel import clock, jobs, search
from app.kernel.db import reading, session, transaction
from app.needs.commands import withdraw_need
from app.needs.models import Need
from app.needs.queries import get_need
from tests import make
from tests.alerts import make as make_alert
from tests.needs import make as make_need


def found(alert: Alert) -> list[str]:
    """The titles of what an alert found."""
    with reading():
        rows = select(Need.title).join(AlertFinding, AlertFinding.need_id == Need.id)
        return sorted(session().scalars(rows.where(AlertFinding.alert_id == alert.id)))


@pytest.fixture
def seeker(store: object) -> Person:
    with transaction():
        return make.person("Sam Seeker")


def saved(by: Person, query: str, how_often: str = DAILY) -> Alert:
    with transaction():
        return make_alert.saved(by, query, how_often)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("q=tunnels", True),
        ("q=tunnels+that+flood", True),
        ("q=tunnels+bridges", False),
        ("rung=shaping", True),
        ("rung=open", False),
        ("rung=open&rung=shaping", True),
        ("q=tunnels&rung=horizon", False),
        ("q=%22that+flood%22", True),
        ("state=closed", False),
        ("department=nobody", False),
        ("q=%00%27%22%29--", False),
        ("page=9&sort=closes&unknown=1&q=tunnels", True),
    ],
)
def test_a_search_finds_what_its_page_would(seeker: Person, query: str, is_found: bool) -> None:
    alert = saved(seeker, query)
    make_alert.publish("Tunnels that flood")
    make_alert.done()
    assert found(alert) == (["Tunnels that flood"] if is_found else [])


def test_words_of_which_a_need_has_only_some_find_nothing(seeker: Person) -> None:
    alert = saved(seeker, "q=tunnels+xylophone")
    make_alert.publish("Tunnels that flood")
    make_alert.done()
    assert search.find("need", "tunnels xylophone").any_word
    assert found(alert) == []


def test_a_need_that_an_index_lacks_is_found_when_it_has_caught_up(
    seeker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = saved(seeker, "q=tunnels")
    make_alert.publish("Tunnels that flood")
    with monkeypatch.context() as behind:
        behind.setattr(search, "catch_up", lambda: 0)
        make_alert.done()
        make_alert.done(clock.now() + timedelta(minutes=1))
    assert found(alert) == []
    with reading():
        (waiting,) = session().scalars(select(jobs.Job).where(jobs.Job.kind == "alerts.find"))
        assert (waiting.error.partition(":")[0], waiting.failed_at) == ("NotIndexed", None)
    make_alert.done(clock.now() + timedelta(hours=1))
    assert found(alert) == ["Tunnels that flood"]


def test_a_move_reaches_the_index_before_it_is_looked_for(seeker: Person) -> None:
    need_id = make_alert.publish("Tunnels that flood")
    make_alert.done()
    alert = saved(seeker, "rung=committed")
    with transaction():
        make_need.move(get_need(need_id), "committed")
    make_alert.done()
    assert found(alert) == ["Tunnels that flood"]


def test_a_worker_that_died_before_its_job_was_gone_tells_nothing_twice(seeker: Person, tmp_path: Path) -> None:
    alert = saved(seeker, "", AT_ONCE)
    need_id = make_alert.publish("Tunnels that flood")
    payload = {"need_id": need_id, "at": (clock.now()).isoformat()}
    digests_jobs.find(payload)
    digests_jobs.find(payload)
    make_alert.done()
    make_alert.done(make_alert.soon())
    assert found(alert) == ["Tunnels that flood"]
    assert len(make_alert.letters(seeker, tmp_path / "mail")) == 1


def test_findings_that_two_workers_made_at_once_are_noted_once(seeker: Person) -> None:
    alert = saved(seeker, "")
    need_id = make_alert.publish("Tunnels")
    with transaction():
        assert note_findings(need_id, [News(alert.id, "")]) == 1
    with transaction():
        assert note_findings(need_id, [News(alert.id, "")]) == 0


def test_a_need_is_told_once_however_often_it_moves(seeker: Person) -> None:
    alert = saved(seeker, "")
    need_id = make_alert.publish("Tunnels")
    make_alert.done()
    for rung in ("committed", "exploring"):
        with transaction():
            make_need.move(get_need(need_id), rung)
        make_alert.done()
    with reading():
        assert len(session().scalars(select(AlertFinding).where(AlertFinding.alert_id == alert.id)).all()) == 1


def test_what_was_published_before_is_no_news(seeker: Person) -> None:
    make_alert.publish("Old")
    alert = saved(seeker, "")
    make_alert.done()
    assert found(alert) == []


@pytest.mark.parametrize("how_often", [NEVER, AT_ONCE, DAILY, WEEKLY])
@pytest.mark.parametrize("is_paused", [False, True])
def test_only_alerts_that_listen_find(seeker: Person, how_often: str, is_paused: bool) -> None:
    alert = saved(seeker, "", how_often)
    if is_paused:
        with transaction():
            commands.pause_alert(session().merge(alert), by=session().merge(seeker))
    make_alert.publish("Tunnels")
    make_alert.done()
    assert found(alert) == ([] if is_paused or how_often == NEVER else ["Tunnels"])


def test_a_resumed_alert_finds_what_is_new_since(seeker: Person) -> None:
    alert = saved(seeker, "")
    with transaction():
        commands.pause_alert(session().merge(alert), by=seeker)
    make_alert.publish("Meanwhile")
    with transaction():
        commands.resume_alert(session().merge(alert), by=seeker)
    make_alert.done()
    make_alert.publish("Afterwards")
    make_alert.done()
    assert found(alert) == ["Afterwards"]


def test_a_need_that_was_withdrawn_before_it_was_looked_for_is_told_to_nobody(seeker: Person) -> None:
    alert = saved(seeker, "")
    with transaction():
        need = make_need.live_need(title="Gone")
        withdraw_need(need, reason="The money went.", by=need.owners[0].person)
    make_alert.done()
    assert found(alert) == []


def test_a_draft_is_nobodys_news(seeker: Person) -> None:
    alert = saved(seeker, "")
    with transaction():
        need = make_need.complete_draft(title="Secret draft")
        assert news_of(need, clock.now()) == []
    make_alert.done()
    assert found(alert) == []


def test_a_live_need_without_a_document_is_not_taken_for_one_that_nobody_seeks(seeker: Person) -> None:
    saved(seeker, "")
    with transaction():
        need = make_need.live_need()
    with reading(), pytest.raises(NotIndexed):
        news_of(get_need(need.id), clock.now())


# Needs that fit a provider


def watched(how_often: str = DAILY) -> tuple[Alert, Person]:
    with transaction():
        of, person = make_alert.fitting_provider("Fitting Ltd")
        return commands.watch_fit(of, how_often=how_often, by=person), person


def reasons(alert: Alert) -> list[str]:
    with reading():
        return list(session().scalars(select(AlertFinding.reason).where(AlertFinding.alert_id == alert.id)))


def test_a_need_that_fits_is_found_with_its_reason(store: object) -> None:
    alert, _ = watched()
    make_alert.publish("Patient records")
    make_alert.done()
    (reason,) = reasons(alert)
    assert reason.startswith("“Moving patient records” shows 3 of 3 things asked for.")


def test_a_need_that_asks_for_other_things_is_not(store: object) -> None:
    alert, _ = watched()
    with transaction():
        other = make_need.capability("Beekeeping", "Farming")
        fields: dict[str, Any] = {
            "summary": "Hives.",
            "problem": "Bees die.",
            "users": "Keepers.",
            "done_already": "None.",
            "supplied_today": "Nobody.",
            "capabilities": [other],
            "measures": [make_need.measure("More bees", "Bees counted")],
            "requirements": [make_need.requirement("Keep bees", weight=60, capabilities=[other])],
        }
        make_need.live_need(title="Hives", **fields)
    make_alert.done()
    assert reasons(alert) == []


@pytest.mark.parametrize("standing", ["invited", "outside"])
def test_a_limited_audience_is_told_to_those_inside(store: object, standing: str) -> None:
    alert, person = watched()
    with transaction():
        mine = session().merge(person).organisations()[0]
        invited = mine if standing == "invited" else make.supplier()
        limited: dict[str, Any] = {
            "audience": "invited",
            "audience_reason": "security",
            "audience_note": "It is secret.",
        }
        make_need.live_need(**limited, invited_organisations=[invited])
    make_alert.done()
    assert len(reasons(alert)) == (1 if standing == "invited" else 0)


@pytest.mark.parametrize("change", ["leaves the provider", "joins the department", "is erased"])
def test_who_may_not_answer_hears_of_no_fit(store: object, change: str) -> None:
    alert, person = watched()
    with transaction():
        ministry, someone = make.department(), session().merge(person)
        if change == "leaves the provider":
            make.leave(someone, someone.organisations()[0])
        if change == "joins the department":
            make.join(someone, ministry, "buyer")
        if change == "is erased":
            someone.erased_at = clock.now()
    make_alert.publish(department=None)
    with transaction():
        make_need.live_need(session().merge(ministry))
    make_alert.done()
    assert len(reasons(alert)) == (1 if change == "joins the department" else 0)


def count_statements(work: Callable[[], object]) -> int:
    from sqlalchemy import event

    from app.kernel import db

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.database().engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.database().engine, "before_cursor_execute", note)
    return len(seen)


def test_matching_takes_as_many_statements_for_sixty_searches_as_for_one(seeker: Person) -> None:
    need_id = make_alert.publish("Tunnels")
    search.catch_up()

    def match() -> object:
        with reading():
            return news_of(get_need(need_id), clock.now())

    saved(seeker, "q=tunnels")
    match()
    before = count_statements(match)
    with transaction():
        for number in range(60):
            make_alert.saved(make.person(), f"q=tunnels+{number}")
    assert count_statements(match) == before
    with reading():
        assert len(listening(SEARCH, clock.now(), need_id)) == 61
        assert list(listening(FIT, clock.now(), need_id)) == []
