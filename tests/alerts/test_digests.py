"""Digests: what is told when, once, in one mail, and at seven o'clock in London whatever the season."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Person
from app.alerts.digests.commands import write_digest
from app.alerts.digests.timing import period_of
from app.alerts.models import AT_ONCE, DAILY, NEVER, WEEKLY, Digest
from app.alerts.searches import commands
from app.kernel import clock, jobs, mail, schedule
from app.kernel.db import in_transaction, reading, session, transaction
from app.needs.commands import amend_need, withdraw_need
from app.needs.queries import get_need
from tests import make
from tests.alerts import make as make_alert
from tests.needs import make as make_need
from tests.responses import make as make_response

FREQUENCIES = [NEVER, AT_ONCE, DAILY, WEEKLY]
SOON, A_DAY, A_WEEK = timedelta(minutes=2), timedelta(days=1, minutes=5), timedelta(days=8)


@pytest.fixture
def seeker(store: object) -> Person:
    with transaction():
        return make.person("Sam Seeker")


def saved(by: Person, how_often: str, query: str = "", name: str = "Mine") -> None:
    with transaction():
        make_alert.saved(by, query, how_often, name)


def wait(how_long: timedelta) -> None:
    """Let time go by with a worker that runs."""
    start = clock.now()
    make_alert.done(start)
    make_alert.done(start + min(how_long, SOON))
    if how_long > SOON:
        make_alert.done(start + how_long)


@pytest.mark.parametrize("how_often", FREQUENCIES)
@pytest.mark.parametrize("after", [SOON, A_DAY, A_WEEK])
def test_each_frequency_is_told_in_its_time(seeker: Person, how_often: str, after: timedelta) -> None:
    make_alert.done()
    saved(seeker, how_often)
    make_alert.publish("Tunnels that flood")
    wait(after)
    told = {NEVER: None, AT_ONCE: SOON, DAILY: A_DAY, WEEKLY: A_WEEK}[how_often]
    assert len(make_alert.mails(seeker)) == (1 if told is not None and after >= told else 0)


def test_nothing_new_no_mail(seeker: Person) -> None:
    make_alert.done()
    for how_often in FREQUENCIES:
        saved(seeker, how_often, f"q={how_often}")
    wait(A_WEEK)
    assert make_alert.mails(seeker) == []


def test_what_is_published_within_a_minute_is_one_mail(seeker: Person, tmp_path: Path) -> None:
    saved(seeker, AT_ONCE)
    saved(seeker, AT_ONCE, "rung=shaping", "Shaping ones")
    for title in ("Tunnels", "Bridges"):
        make_alert.publish(title)
    wait(SOON)
    (letter,) = make_alert.letters(seeker, tmp_path / "mail")
    assert letter.splitlines()[0] == "Your alerts: 2 new needs"
    assert [letter.count(each) for each in ("Tunnels", "Bridges", "Mine", "Shaping ones")] == [2, 2, 1, 1]


def test_all_daily_alerts_of_a_person_are_one_mail_that_says_how_to_stop_it(seeker: Person, tmp_path: Path) -> None:
    make_alert.done()
    saved(seeker, DAILY)
    saved(seeker, DAILY, "q=tunnels", "Under ground")
    with transaction():
        commands.follow_need(make_need.live_need(title="Followed"), how_often=DAILY, by=session().merge(seeker))
    need_id = make_alert.publish("Tunnels")
    make_alert.done()
    with transaction():
        make_need.move(get_need(need_id), "committed")
    wait(A_DAY)
    (letter,) = make_alert.letters(seeker, tmp_path / "mail")
    assert letter.splitlines()[0] == "Your alerts: 2 new needs"
    assert letter.splitlines()[1:5] == ["Hello Sam Seeker,", "", "Mine", "----"]
    assert "To stop this mail:\nhttp" in letter
    (row,) = make_alert.mails(seeker)
    assert row.unsubscribe_url in letter


def test_a_followed_needs_news_stand_in_the_digest(seeker: Person, tmp_path: Path) -> None:
    make_alert.done()
    with transaction():
        need = make_need.live_need(title="Tunnels")
        commands.follow_need(need, how_often=DAILY, by=session().merge(seeker))
    with transaction():
        owner = get_need(need.id).owners[0].person
        amend_need(get_need(need.id), "problem", {"problem": "Worse.", "users": "All."}, reason="We learnt.", by=owner)
    wait(SOON)
    assert make_alert.mails(seeker) == []
    wait(A_DAY)
    (letter,) = make_alert.letters(seeker, tmp_path / "mail")
    assert letter.splitlines()[0] == "The need “Tunnels” was amended"
    assert f"/needs/{need.id}" in letter


def test_a_need_that_was_withdrawn_meanwhile_is_not_told(seeker: Person) -> None:
    make_alert.done()
    saved(seeker, DAILY)
    need_id = make_alert.publish("Gone")
    make_alert.done()
    with transaction():
        need = get_need(need_id)
        withdraw_need(need, reason="The money went.", by=need.owners[0].person)
    wait(A_DAY)
    assert make_alert.mails(seeker) == []


def test_two_workers_write_one_digest(seeker: Person) -> None:
    saved(seeker, DAILY)
    make_alert.publish("Tunnels")
    make_alert.done()

    def write(_: int) -> bool:
        return in_transaction(lambda: write_digest(seeker.id, DAILY, "2026-11-24")) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(8))) == [False] * 7 + [True]
    with reading():
        assert session().scalar(select(func.count()).select_from(Digest)) == 1
    assert len(make_alert.mails(seeker)) == 1


def test_a_digest_that_was_cut_short_is_written_whole_later(seeker: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(seeker, DAILY)
    make_alert.publish("Tunnels")
    make_alert.done()
    with monkeypatch.context() as dying:
        dying.setattr(mail, "post", lambda **_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            in_transaction(lambda: write_digest(seeker.id, DAILY, "2026-11-24"))
    with reading():
        assert session().scalars(select(Digest)).all() == []
    assert in_transaction(lambda: write_digest(seeker.id, DAILY, "2026-11-24")) is not None
    assert len(make_alert.mails(seeker)) == 1


def test_a_period_is_told_once_however_often_its_job_is_done(seeker: Person) -> None:
    make_alert.done()
    saved(seeker, DAILY)
    make_alert.publish("Tunnels")
    make_alert.done()
    for _ in range(3):
        with transaction():
            jobs.enqueue("alerts.daily", {"due_at": "2026-11-24T07:00:00+00:00"})
        make_alert.done()
        make_alert.publish("Later")
        make_alert.done()
    assert len(make_alert.mails(seeker)) == 1


def test_many_findings_are_told_in_part_and_the_rest_is_said(seeker: Person, tmp_path: Path) -> None:
    from app.alerts.digests import letters

    saved(seeker, DAILY)
    for number in range(3):
        make_alert.publish(f"Need of number {number}")
    make_alert.done()
    with pytest.MonkeyPatch.context() as short:
        short.setattr(letters, "MOST", 2)
        in_transaction(lambda: write_digest(seeker.id, DAILY, "x"))
    make_alert.done()
    (letter,) = make_alert.letters(seeker, tmp_path / "mail")
    assert "There is more: 1." in letter


def test_no_digest_names_who_answers_or_how_many(store: object, tmp_path: Path) -> None:
    make_alert.done()
    with transaction():
        seeker = make.person("Sam Seeker")
        make_alert.saved(seeker, "", DAILY)
        need = make_need.open_need(title="Sealed one")
        commands.follow_need(need, how_often=DAILY, by=seeker)
        for name in ("Canary Alpha Ltd", "Canary Beta Ltd"):
            of = make_response.provider(name)
            make_response.submitted(need, of=of, by=make_response.staff(of, f"staff of {name}"))
        make_response.draft(need, of=make_response.provider("Canary Gamma Ltd"))
    wait(A_DAY)
    (letter,) = make_alert.letters(seeker, tmp_path / "mail")
    assert "Sealed one" in letter
    assert [each for each in ("Canary", "response", "interest", "fewer than") if each in letter] == []


# When


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T06:59:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00:00", "2026-11-24T07:00"),
        ("2026-07-01T05:00:00", "2026-07-01T06:00"),
        ("2026-07-01T06:00:00", "2026-07-02T06:00"),
        # the clocks go back on 25 October 2026 and forward on 28 March 2027
        ("2026-10-24T06:00:00", "2026-10-25T07:00"),
        ("2026-10-25T00:30:00", "2026-10-25T07:00"),
        ("2027-03-27T07:00:00", "2027-03-28T06:00"),
        ("2026-12-31T08:00:00", "2027-01-01T07:00"),
    ],
)
def test_the_daily_digest_is_due_at_seven_in_london(now: str, due: str) -> None:
    assert schedule.next_daily(datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T06:00:00", "2026-11-23T07:00"),
        ("2026-11-23T07:00:00", "2026-11-30T07:00"),
        ("2026-10-22T12:00:00", "2026-10-26T07:00"),
        ("2027-03-25T12:00:00", "2027-03-29T06:00"),
    ],
)
def test_the_weekly_digest_is_due_on_monday_at_seven(now: str, due: str) -> None:
    assert schedule.next_weekly(datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


def test_periods_are_days_and_weeks_of_london() -> None:
    due = datetime(2027, 1, 3, 7, tzinfo=UTC)
    assert (period_of(DAILY, due), period_of(WEEKLY, due)) == ("2027-01-03", "2026-W53")


def test_of_many_processes_one_promises_a_digest(store: object) -> None:
    make_alert.done()
    later = schedule.next_daily(clock.now()) + timedelta(minutes=1)

    def look(_: int) -> int:
        with clock.at(later):
            return schedule.enqueue_due()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(look, range(8)))
    with reading():
        promised = list(session().scalars(select(jobs.Job.kind)))
    assert "alerts.daily" in promised
    assert sorted(set(promised)) == sorted(promised)
    assert sum(counts) == len(promised)


def test_what_fell_due_while_nobody_ran_is_done_once(seeker: Person) -> None:
    make_alert.done()
    saved(seeker, DAILY)
    make_alert.publish("Tunnels")
    make_alert.done()
    make_alert.done(clock.now() + timedelta(days=5))
    assert len(make_alert.mails(seeker)) == 1
