"""Stopping mail from its own link: by a mail program (RFC 8058), by a button, signed out, once and again."""

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.digests.stopping import ALERT, PERIOD, TOPIC, Stop, address_to, read_stop
from app.alerts.models import AT_ONCE, DAILY, NEVER, Alert, MailChoice, Notification
from app.alerts.searches import commands
from app.kernel import clock, instance, mail, signing
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from tests import make
from tests.alerts import make as make_alert
from tests.browser import Browser, bare
from tests.needs import make as make_need
from tests.responses import make as make_response

Browse = Callable[..., Browser]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def seeker(app: Flask) -> Person:
    with transaction():
        return make.person("Sam Seeker")


def saved(by: Person, how_often: str = AT_ONCE) -> Alert:
    with transaction():
        return make_alert.saved(by, "", how_often)


def how_often(alert: Alert) -> str:
    with reading():
        return session().get_one(Alert, alert.id).how_often


def path_of(address: str) -> str:
    return urlsplit(address).path


def headers(folder: Path) -> dict[str, str | None]:
    (letter,) = folder.glob("*.eml")
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    return {name: message[name] for name in ("List-Unsubscribe", "List-Unsubscribe-Post")}


@pytest.mark.parametrize(("site", "is_secure"), [("https://clarion.example.gov.uk", True), ("http://localhost", False)])
def test_mail_names_its_address_and_one_click_where_the_site_is_secure(
    seeker: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str, is_secure: bool
) -> None:
    monkeypatch.setattr(instance, "_address", site)
    saved(seeker)
    make_alert.publish("Tunnels")
    make_alert.done()
    make_alert.done(make_alert.soon())
    found = headers(tmp_path / "mail")
    assert str(found["List-Unsubscribe"]).startswith(f"<{site}/unsubscribe/")
    assert read_stop(str(found["List-Unsubscribe"])[1:-1].rpartition("/")[2]) == Stop(PERIOD, seeker.id, AT_ONCE)
    assert found["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if is_secure else None)


def test_the_header_stays_whole_on_the_wire(store: object) -> None:
    url = f"https://clarion.example.gov.uk/unsubscribe/{'x' * 300}"
    with transaction():
        row = mail.post(to="ann@example.com", subject="S", body="B", unsubscribe_url=url)
    assert f"List-Unsubscribe: <{url}>".encode() in mail.message_of(row, "Clarion <c@example.com>").as_bytes()


def test_a_mail_program_stops_it_signed_out_once_and_again(app: Flask, seeker: Person) -> None:
    alert = saved(seeker)
    path = path_of(address_to(Stop(PERIOD, seeker.id, AT_ONCE)))
    answers = [app.test_client().post(path, data=ONE_CLICK) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert how_often(alert) == NEVER
    with reading():
        entries = session().scalars(select(AuditEntry).where(AuditEntry.verb == "unsubscribe")).all()
        assert [(each.person_id, each.facts) for each in entries] == [(seeker.id, {"before": AT_ONCE, "after": NEVER})]


@pytest.mark.parametrize("body", [{}, {"anything": "else"}])
def test_a_post_without_the_fields_stops_it_too(app: Flask, seeker: Person, body: dict[str, str]) -> None:
    alert = saved(seeker, DAILY)
    assert app.test_client().post(path_of(address_to(Stop(PERIOD, seeker.id, DAILY))), data=body).status_code == 200
    assert how_often(alert) == NEVER


def test_looking_at_the_address_stops_nothing_and_its_button_does(browser: Browse, seeker: Person) -> None:
    alert = saved(seeker, DAILY)
    nobody = browser()
    page = nobody.get(path_of(address_to(Stop(PERIOD, seeker.id, DAILY))), 200)
    assert nobody.client.head(page.path).status_code == 200
    assert how_often(alert) == DAILY
    assert page.submit("Stop this mail").h1 == "You get no more of this mail"
    assert how_often(alert) == NEVER
    with reading():
        assert session().get(Alert, alert.id) is not None


def test_it_stops_no_more_than_it_says(seeker: Person, app: Flask) -> None:
    with transaction():
        need = make_need.live_need()
        other = make.person()
        theirs = make_alert.saved(other, "", DAILY)
        mine = session().merge(seeker)
        daily, at_once = make_alert.saved(mine, "", DAILY), make_alert.saved(mine, "q=a", AT_ONCE)
        follow = commands.follow_need(need, how_often=AT_ONCE, by=mine)
    app.test_client().post(path_of(address_to(Stop(PERIOD, seeker.id, DAILY))))
    assert [how_often(each) for each in (daily, at_once, follow, theirs)] == [NEVER, AT_ONCE, AT_ONCE, DAILY]
    app.test_client().post(path_of(address_to(Stop(ALERT, follow.id))))
    assert [how_often(each) for each in (at_once, follow)] == [AT_ONCE, NEVER]


def test_a_topic_is_stopped_and_what_must_be_told_is_not(app: Flask, tmp_path: Path) -> None:
    with transaction():
        need = make_need.live_need()
        of = make_response.provider()
        person = make_response.staff(of)
        make_response.interest(need, of=of, by=person)
    app.test_client().post(path_of(address_to(Stop(TOPIC, person.id, "moves"))))
    with reading():
        choices = session().execute(select(MailChoice.topic, MailChoice.how_often)).all()
        assert [tuple(row) for row in choices] == [("moves", NEVER)]
    with transaction():
        make_need.move(session().merge(need), "committed")
    make_alert.done()
    assert make_alert.mails(person) == []
    with reading():
        (row,) = session().scalars(select(Notification).where(Notification.person_id == person.id))
        assert row.mail == NEVER


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "x" * 5000,
        ".",
        "..%2f",
        "WyJwZXJpb2QiLCJhIiwiZGFpbHkiXQ.forged",
        "%00",
        "é",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_address_is_a_plain_page(app: Flask, token: str, method: str) -> None:
    answer = getattr(app.test_client(), method)(f"/unsubscribe/{token}")
    assert answer.status_code == 404


@pytest.mark.parametrize("purpose", ["accounts.reset", "alerts.unsubscribe "])
def test_a_signature_for_another_purpose_stops_nothing(app: Flask, seeker: Person, purpose: str) -> None:
    alert = saved(seeker, DAILY)
    token = signing.sign(purpose, [PERIOD, seeker.id, DAILY])
    assert app.test_client().post(f"/unsubscribe/{token}").status_code == 404
    assert how_often(alert) == DAILY


@pytest.mark.parametrize("value", [None, 7, ["period"], ["period", "a", 1], ["other", "a", "b"], {"a": 1}])
def test_a_signed_value_of_another_shape_is_refused(app: Flask, value: object) -> None:
    token = signing.sign("alerts.unsubscribe", value)
    assert app.test_client().get(f"/unsubscribe/{token}").status_code == 404


def test_the_page_does_not_tell_whether_somebody_is_there(app: Flask, seeker: Person) -> None:
    pages = []
    for person_id in (seeker.id, "0123456789ab"):
        token = path_of(address_to(Stop(PERIOD, person_id, DAILY)))
        answers = [app.test_client().get(token), app.test_client().post(token)]
        pages.append([(each.status_code, bare(each.get_data(as_text=True)).replace(token, "")) for each in answers])
    assert pages[0] == pages[1]


def test_an_alert_that_was_deleted_is_stopped_like_one_that_is_there(app: Flask, seeker: Person) -> None:
    with transaction():
        follow = commands.follow_need(make_need.live_need(), how_often=AT_ONCE, by=session().merge(seeker))
    path = path_of(address_to(Stop(ALERT, follow.id)))
    with transaction():
        commands.delete_alert(session().merge(follow), by=seeker)
    assert app.test_client().post(path, data=ONE_CLICK).status_code == 200


def test_the_address_works_for_years(app: Flask, seeker: Person) -> None:
    alert = saved(seeker, DAILY)
    path = path_of(address_to(Stop(PERIOD, seeker.id, DAILY)))
    with clock.at(clock.now().replace(year=clock.now().year + 5)):
        assert app.test_client().post(path).status_code == 200
    assert how_often(alert) == NEVER
