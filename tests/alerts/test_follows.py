"""Following one need: what followers hear, what they never do, and that nobody can tell."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.follows import commands
from app.alerts.follows.hearing import FOLLOWED
from app.alerts.hearing import RULES
from app.alerts.models import AT_ONCE, DAILY, NEVER, WEEKLY, Alert, Notification
from app.alerts.searches.commands import change_alert, pause_alert
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.errors import NotAllowed
from app.kernel.notices import Notice
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from tests import make
from tests.alerts import make as make_alert
from tests.browser import Browser, bare
from tests.needs import make as make_need
from tests.needs.questions import make as make_question
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]


def followed(need: Need, name: str = "follower") -> Person:
    with transaction():
        person = make.person(name)
        commands.follow(get_need(need.id), by=person)
        return person


def told(person: Person) -> list[tuple[str, str]]:
    """The kinds of what somebody was told, with their words."""
    make_alert.done()
    with reading():
        rows = select(Notice.kind, Notification.text).join(Notice).where(Notification.person_id == person.id)
        return [(row[0], row[1]) for row in session().execute(rows.order_by(Notice.at))]


def test_a_follower_hears_what_happens_in_public(store: object) -> None:
    with transaction():
        need = make_need.live_need(title="Tunnels")
    person = followed(need)
    with transaction():
        make_need.move(get_need(need.id), "committed")
    with transaction():
        owner = make_need.publisher_of(get_need(need.id))
        content = {"problem": "Worse.", "users": "All."}
        needs.amend_need(get_need(need.id), "problem", content, reason="We learnt.", by=owner)
    with transaction():
        needs.withdraw_need(get_need(need.id), reason="The money went.", by=make_need.publisher_of(get_need(need.id)))
    assert [kind for kind, _ in told(person)] == ["need.moved", "need.amended", "need.withdrawn"]
    assert len(make_alert.mails(person)) == 3


def test_a_follower_hears_of_answers_closing_and_the_end_and_of_nothing_sealed(store: object) -> None:
    with transaction():
        need = make_need.open_need(title="Tunnels")
    person = followed(need)
    with transaction():
        make_question.answered(make_question.question(get_need(need.id)))
        make_response.submitted(get_need(need.id), of=make_response.provider("Canary Ltd"))
    with transaction():
        make_review.notified(get_need(need.id))
    heard = told(person)
    assert sorted(kind for kind, _ in heard) == ["answer.published", "need.closed", "need.concluded"]
    assert [text for _, text in heard if "Canary" in text or "response" in text] == []


def test_followers_hear_of_public_kinds_alone() -> None:
    assert FOLLOWED.keys() <= RULES.keys()
    private = ("response.", "interest.", "match.", "partnership.", "outcome.", "question.", "attachment.")
    assert [kind for kind in FOLLOWED if kind.startswith(private)] == []


@pytest.mark.parametrize("how_often", [NEVER, AT_ONCE, DAILY, WEEKLY])
@pytest.mark.parametrize("is_paused", [False, True])
def test_how_a_follower_is_told_is_their_choice(store: object, how_often: str, is_paused: bool) -> None:
    make_alert.done()
    with transaction():
        need = make_need.live_need()
    person = followed(need)
    with transaction():
        alert = session().scalars(select(Alert).where(Alert.person_id == person.id)).one()
        change_alert(alert, how_often=how_often, by=person)
        if is_paused:
            pause_alert(alert, by=person)
    with transaction():
        make_need.move(get_need(need.id), "committed")
    assert len(told(person)) == (0 if is_paused else 1)
    assert len(make_alert.mails(person)) == (1 if how_often == AT_ONCE and not is_paused else 0)


def test_who_has_a_part_in_it_and_follows_is_told_once_and_by_their_part(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        of = make_response.provider()
        person = make_response.staff(of)
        make_response.interest(need, of=of, by=person)
        commands.follow(need, by=person)
    with transaction():
        make_need.move(get_need(need.id), "committed")
    assert [kind for kind, _ in told(person)] == ["need.moved"]
    assert len(make_alert.mails(person)) == 1


def test_who_did_it_hears_nothing_as_a_follower(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        owner = make_need.publisher_of(need)
        commands.follow(need, by=owner)
    with transaction():
        make_need.move(get_need(need.id), "committed", by=session().merge(owner))
    assert [kind for kind, _ in told(owner)] == []


def test_a_draft_cannot_be_followed(browser: Browse) -> None:
    with transaction():
        need = make_need.draft_need()
        person, owner = make.person(), need.owners[0].person
        with pytest.raises(NotAllowed):
            commands.follow(need, by=person)
    browser(person).post(f"/needs/{need.id}/follow", 404)
    browser(owner).post(f"/needs/{need.id}/follow", 403)


def test_nobody_sees_who_follows(browser: Browse) -> None:
    """Every page about the need is the same for everybody else, and the audit names neither need nor words."""
    with transaction():
        need = make_need.live_need()
        ministry = need.department
        readers = [make.officer(ministry), make.operator(), make_need.publisher_of(need), make.person()]
    paths = [f"/needs/{need.id}", f"/needs/{need.id}/interests", f"/audit?stream=needs:{need.id}"]

    def pages() -> list[str]:
        return [bare(browser(reader).get(path).body) for reader in readers for path in paths]

    before = pages()
    person = followed(need, "Secret Follower")
    assert pages() == before
    with reading():
        entries = session().scalars(select(AuditEntry).where(AuditEntry.person_id == person.id)).all()
        assert [(each.verb, each.facts) for each in entries] == [("follow_need", {"how_often": AT_ONCE})]


def test_following_is_a_button_and_stops_by_one(browser: Browse) -> None:
    with transaction():
        need = make_need.live_need(title="Tunnels")
        person = make.person()
    reader = browser(person)
    page = reader.get(f"/needs/{need.id}").submit("Follow")
    assert "You follow this need." in page.text
    assert "Tunnels" in reader.get("/alerts").text
    page = reader.get(f"/needs/{need.id}").submit("Stop following")
    assert "You follow this need no more." in page.text
    assert "You follow no need." in reader.get("/alerts").text
    assert "Follow this need" not in browser().get(f"/needs/{need.id}").text


def test_following_twice_is_following_once(browser: Browse) -> None:
    with transaction():
        need = make_need.live_need()
        person = make.person()
    reader = browser(person)
    for _ in range(2):
        reader.post(f"/needs/{need.id}/follow", 200)
    with reading():
        assert len(session().scalars(select(Alert)).all()) == 1
    for _ in range(2):
        reader.post(f"/needs/{need.id}/stop-following", 200)
