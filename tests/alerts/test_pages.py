"""Pages of alerts: saving, changing, pausing and deleting them, notifications, and stuck mail, by buttons alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.digests.commands import choose_mail
from app.alerts.models import DAILY, NEVER, WEEKLY, Alert, MailChoice, Notification
from app.alerts.searches import commands
from app.kernel import clock, mail
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.mail import OutboxMail
from app.needs.queries import get_need
from tests import make
from tests.alerts import make as make_alert
from tests.browser import Browser
from tests.needs import make as make_need
from tests.outcomes.statements import statements

Browse = Callable[..., Browser]


@pytest.fixture
def seeker(app: object) -> Person:
    with transaction():
        return make.person("Sam Seeker")


def alerts() -> list[tuple[str, str, str]]:
    with reading():
        rows = session().scalars(select(Alert).order_by(Alert.created_at))
        return [(each.name, each.query, each.how_often) for each in rows]


def test_a_search_is_saved_from_the_page_that_it_is_of(browser: Browse, seeker: Person) -> None:
    make_alert.publish("Tunnels that flood")
    page = browser(seeker).get("/needs?q=tunnels&rung=shaping&page=3&sort=closes").follow("Save this search")
    assert page.rows() == []
    assert "Shaping" in page.text
    page = page.submit("Save", name="Under ground", how_often=WEEKLY)
    assert page.h1 == "Your alerts"
    assert alerts() == [("Under ground", "q=tunnels&rung=shaping", WEEKLY)]
    page = page.follow("Under ground")
    assert "Tunnels that flood" in page.text
    assert "Tunnels that flood" in page.follow("Open the search").text


def test_who_is_signed_out_signs_in_and_comes_back_to_the_search(browser: Browse, seeker: Person) -> None:
    make_alert.publish("Tunnels")
    page = browser().get("/needs?q=tunnels").follow("Save this search")
    assert page.h1 == "Sign in"
    page = page.submit("Sign in", email=seeker.email, password=make.PASSWORD)
    assert page.h1 == "Save this search"
    page.submit("Save", name="T", how_often=DAILY)
    assert alerts() == [("T", "q=tunnels", DAILY)]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("rung=nonsense&q=a", "q=a"),
        ("rung=open&rung=nonsense", "rung=open"),
        ("q=%3Cscript%3Ealert(1)%3C/script%3E", "q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E"),
        ("department=%27%20OR%201=1--", ""),
        ("q=a%00b", "q=a+b"),
        ("capability=" + "x" * 500, ""),
        ("q=%F0%9F%A6%A0+%E2%80%9Cphrase%E2%80%9D", "q=%F0%9F%A6%A0+%E2%80%9Cphrase%E2%80%9D"),
        ("q=a&q=b&csrf_token=x&name=y&how_often=never", "q=a"),
    ],
)
def test_hostile_addresses_are_kept_as_the_page_reads_them(
    browser: Browse, seeker: Person, address: str, kept: str
) -> None:
    page = browser(seeker).get(f"/alerts/save?{address}", 200)
    page.submit("Save", name="<b>N</b>", how_often=DAILY)
    assert alerts() == [("<b>N</b>", kept, DAILY)]
    shown = browser(seeker).get("/alerts", 200)
    assert "<b>N</b>" in shown.text


def test_a_search_too_long_to_keep_is_refused_with_a_sentence(browser: Browse, seeker: Person) -> None:
    page = browser(seeker).get(f"/alerts/save?q={'x' * 3000}", 200).submit("Save", name="N", how_often=DAILY)
    assert page.status == 422
    assert page.errors == ["This search is too long to keep. Choose fewer filters."]
    assert alerts() == []


def test_the_same_search_is_saved_once(browser: Browse, seeker: Person) -> None:
    for _ in range(2):
        page = browser(seeker).get("/alerts/save?q=a").submit("Save", name="N", how_often=DAILY)
    assert page.errors == ["You saved this search already."]
    assert len(alerts()) == 1


def test_what_is_missing_is_said_and_nothing_typed_is_lost(browser: Browse, seeker: Person) -> None:
    page = browser(seeker).get("/alerts/save?q=a").submit("Save", name="", how_often=WEEKLY)
    assert page.errors == ["Enter a name"]
    assert 'value="weekly" checked' in page.body


def test_one_press_pauses_and_one_resumes_and_deleting_asks_first(browser: Browse, seeker: Person) -> None:
    with transaction():
        make_alert.saved(session().merge(seeker), "q=a", DAILY, "Mine")
    page = browser(seeker).get("/alerts").submit("Pause Mine")
    assert "Resume Mine" in page.buttons()
    assert alerts() == [("Mine", "q=a", DAILY)]
    page = page.submit("Resume Mine")
    assert "Pause Mine" in page.buttons()
    page = page.submit("Yes, delete Mine")
    assert "You have no saved search." in page.text
    assert alerts() == []
    with reading():
        verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.person_id == seeker.id)).all()
        assert sorted(verbs) == ["delete_alert", "pause_alert", "resume_alert", "save_search"]


def test_an_alert_is_changed(browser: Browse, seeker: Person) -> None:
    with transaction():
        alert = make_alert.saved(session().merge(seeker), "q=a", DAILY, "Mine")
    browser(seeker).get(f"/alerts/{alert.id}/change").submit("Save", name="Ours", how_often=NEVER)
    assert alerts() == [("Ours", "q=a", NEVER)]


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "seen", "change", ""])
def test_anothers_alert_does_not_exist(browser: Browse, seeker: Person, act: str) -> None:
    with transaction():
        alert = make_alert.saved(session().merge(seeker), "q=a", DAILY)
        others = [make.person(), make.operator()]
    path = f"/alerts/{alert.id}/{act}".rstrip("/")
    for other in others:
        reader = browser(other)
        assert (reader.post(path) if act else reader.get(path)).status == 404
    assert len(alerts()) == 1


def test_what_is_new_is_marked_until_it_was_seen(browser: Browse, seeker: Person) -> None:
    with transaction():
        alert = make_alert.saved(session().merge(seeker), "", DAILY, "Mine")
    need_id = make_alert.publish("Tunnels")
    reader = browser(seeker)
    page = reader.get(f"/alerts/{alert.id}")
    assert "1 need new since" in page.text
    page = page.submit("I have seen these")
    assert "0 needs new since" in page.text
    with transaction():
        make_need.move(get_need(need_id), "committed")
    assert "1 need new since" in reader.get(f"/alerts/{alert.id}").text


def test_staff_hear_of_what_fits_their_provider_and_others_cannot(browser: Browse) -> None:
    with transaction():
        of, person = make_alert.fitting_provider("Fitting Ltd")
        stranger = make.staff(make.supplier())
    need_id = make_alert.publish("Patient records")
    page = browser(person).get("/alerts").submit("Tell me of needs that fit Fitting Ltd")
    page = page.follow("Needs that fit Fitting Ltd")
    assert "“Moving patient records” shows 3 of 3 things asked for." in page.text
    assert f"/needs/{need_id}" in page.body
    browser(stranger).post(f"/providers/{of.id}/watch-fit", 403)
    again = browser(person).post(f"/providers/{of.id}/watch-fit")
    assert again.status == 409


def test_the_page_of_alerts_asks_as_often_for_three_as_for_one(browser: Browse, seeker: Person) -> None:
    def add(number: int) -> None:
        with transaction():
            mine = session().merge(seeker)
            make_alert.saved(mine, f"q={number}", DAILY)
            commands.follow_need(make_need.live_need(), how_often=DAILY, by=mine)

    add(1)
    before = statements(browser(seeker), "/alerts")
    add(2)
    add(3)
    assert statements(browser(seeker), "/alerts") == before


# Notifications


def notified(person: Person, count: int = 1) -> None:
    """Somebody who follows needs that move."""
    for _ in range(count):
        with transaction():
            need = make_need.live_need(title="Tunnels")
            commands.follow_need(need, how_often=DAILY, by=session().merge(person))
        with transaction():
            make_need.move(get_need(need.id), "committed")
    make_alert.done()


def test_the_header_counts_what_is_unread_in_one_statement(browser: Browse, seeker: Person) -> None:
    before = statements(browser(seeker), "/about")
    notified(seeker, 2)
    assert "Notifications (2)" in browser(seeker).get("/about").links()
    assert statements(browser(seeker), "/about") == before


def test_one_is_read_then_all(browser: Browse, seeker: Person) -> None:
    notified(seeker, 3)
    page = browser(seeker).get("/notifications?show=unread")
    assert page.text.count("Tunnels” moved") >= 3
    (first, *_) = [each for each in page.buttons() if each.startswith("Mark as read")]
    page = page.submit(first)
    assert "Show all" in page.links()
    assert "Notifications (2)" in page.links()
    page = page.submit("Mark all as read")
    assert "Notifications" in page.links()
    assert "You have read all your notifications." in browser(seeker).get("/notifications?show=unread").text


def test_notifications_stand_by_day(browser: Browse, seeker: Person) -> None:
    notified(seeker, 2)
    with transaction():
        row = session().scalars(select(Notification).where(Notification.person_id == seeker.id).limit(1)).one()
        row.told_at = clock.now() - timedelta(days=2)
    page = browser(seeker).get("/notifications")
    assert len([e for e in page.root.iter("h2") if "govuk-heading-s" in e.get("class", "")]) == 2


def test_anothers_notification_cannot_be_marked(browser: Browse, seeker: Person) -> None:
    notified(seeker)
    with reading():
        row = session().scalars(select(Notification).where(Notification.person_id == seeker.id)).one()
    with transaction():
        other = make.person()
    browser(other).post(f"/notifications/{row.id}/read", 404)
    with reading():
        assert session().get_one(Notification, row.id).read_at is None


def test_the_list_asks_as_often_for_three_as_for_one(browser: Browse, seeker: Person) -> None:
    notified(seeker)
    before = statements(browser(seeker), "/notifications")
    notified(seeker, 2)
    assert statements(browser(seeker), "/notifications") == before


def test_which_come_by_mail_is_chosen_and_the_rest_is_said(browser: Browse, seeker: Person) -> None:
    page = browser(seeker).get("/notifications").follow("choose which come by mail")
    assert "Always mailed at once" in page.text
    page.submit("Save", moves=DAILY, interest=WEEKLY)
    with reading():
        rows = session().execute(select(MailChoice.topic, MailChoice.how_often).order_by(MailChoice.topic))
        assert [tuple(row) for row in rows] == [("interest", WEEKLY), ("moves", DAILY)]
    page = browser(seeker).get("/notifications/mail")
    page.submit("Save", moves=NEVER)
    with reading():
        rows = session().execute(select(MailChoice.topic, MailChoice.how_often).order_by(MailChoice.topic))
        assert [tuple(row) for row in rows] == [("interest", WEEKLY), ("moves", NEVER)]


def test_a_topic_is_told_daily_when_so_chosen(store: object) -> None:
    make_alert.done()
    with transaction():
        ministry = make.department()
        author, owner = make.buyer(ministry), make.buyer(ministry)
        need = make_need.live_need(ministry, by=author, second=owner, title="Tunnels")
        choose_mail(owner.id, "moves", DAILY)
    with transaction():
        make_need.move(get_need(need.id), "committed", by=session().merge(author))
    make_alert.done()
    assert make_alert.mails(owner) == []
    make_alert.done(clock.now() + timedelta(days=1, minutes=1))
    assert [each.subject for each in make_alert.mails(owner)] == ["The need “Tunnels” moved from shaping to committed"]


# Mail that is stuck


def stuck() -> OutboxMail:
    with transaction():
        row = mail.post(to="canary@example.com", subject="Your response to “Canary” was submitted", body="Canary")
        row.handed_over_at = clock.now() - timedelta(hours=1)
        return row


def test_an_operator_decides_about_stuck_mail_without_learning_whose_it_is(browser: Browse) -> None:
    with transaction():
        operator = make.operator()
    row = stuck()
    page = browser(operator).get("/desk").follow("Decide about 1 mail that is stuck")
    assert row.id in page.text
    assert "anary" not in page.body
    page = page.submit(f"Send again {row.id}")
    assert row.id not in page.text
    with reading():
        assert session().get_one(OutboxMail, row.id).handed_over_at is None


def test_only_an_operator_sees_stuck_mail(browser: Browse, seeker: Person) -> None:
    row = stuck()
    browser(seeker).get("/outbox", 403)
    browser(seeker).post(f"/outbox/{row.id}/send-again", 404)


def test_health_counts_stuck_mail(browser: Browse) -> None:
    stuck()
    assert browser().client.get("/readyz").get_json()["mail"] == {"ready": True, "unsure": 1, "refused": 0}
