"""Who hears of what becomes of an idea, and in which words."""

from datetime import timedelta

from sqlalchemy import select

from app.alerts.models import Notification
from app.kernel import clock, search
from app.kernel.db import reading, session, transaction
from app.kernel.notices import Notice
from app.needs.queries import get_need
from app.responses.ideas import answering
from tests import make
from tests.alerts.test_hearing import told
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.ideas import make as make_idea


def words(kind: str) -> set[str]:
    with reading():
        wanted = select(Notification.text).join(Notice, Notice.id == Notification.notice_id)
        return set(session().scalars(wanted.where(Notice.kind == kind)))


def test_the_provider_hears_each_answer_and_who_asked_hears_the_reply(store: object) -> None:
    with transaction():
        ministry = make.department("Ministry of Tides")
        asker = make.buyer(ministry, "asker")
        make.officer(ministry, "officer")
        provider = make_response.provider("Harbour Ltd")
        speaker = make_response.staff(provider, "speaker")
        make_response.staff(provider, "their colleague")
        make_response.staff(make_response.provider(), "rival")
        idea = make_idea.proposed(provider, by=speaker, title="Gauges")
        answering.mark_interest(idea, ministry, by=asker)
        answer = answering.ask_back(idea, ministry, question="In snow?", by=asker)
        answering.reply_to_question(answer, reply="Yes.", by=speaker)
        need = answering.take_up_idea(idea, ministry, title="Readings", by=asker)
        answering.decline_idea(idea, ministry, reason="The money went.", by=asker)
    theirs = {"speaker", "their colleague"}
    found = {kind: told(kind) for kind in ("idea.interested", "idea.asked", "idea.taken_up", "idea.declined")}
    assert found == dict.fromkeys(found, theirs)
    assert told("idea.replied") == {"asker"}
    assert {kind: words(kind) for kind in found} == {
        "idea.interested": {"Ministry of Tides is interested in your idea “Gauges”"},
        "idea.asked": {"Ministry of Tides asks about your idea “Gauges”"},
        "idea.taken_up": {"A department is working on your idea “Gauges”"},
        "idea.declined": {"Ministry of Tides declined your idea “Gauges”"},
    }
    with transaction():
        need = session().merge(need)
        make_need.write(need, **make_need.content())
        make_need.publish(need, by=session().merge(asker))
        make_need.move(need, "exploring", by=session().merge(asker))
    assert told("need.moved") == theirs


def test_a_department_hears_once_of_an_idea_by_the_owners_of_the_need_that_it_fits_best(store: object) -> None:
    with transaction():
        ministry = make.department()
        for name in ("first", "second"):
            make_need.live_need(ministry, by=make.buyer(ministry, name))
        far = make_need.capability("Falconry", "Birds")
        other = make.department()
        third = make_need.live_need(other, by=make.buyer(other, "far"))
        make.officer(ministry, "officer")
    with transaction():
        elsewhere, birds = get_need(third.id), session().merge(far)
        elsewhere.capabilities = [birds]
        for each in elsewhere.requirements:
            each.capabilities = [birds]
    search.catch_up()
    with clock.at(clock.now() - timedelta(hours=1)), transaction():
        make_idea.proposed()
    assert len(told("idea.fits") & {"first", "second"}) == 1
    assert told("idea.fits") <= {"first", "second"}


def test_who_works_for_a_provider_hears_of_no_idea_of_another(store: object) -> None:
    with transaction():
        ministry = make.department()
        tied = make.buyer(ministry, "tied")
        make_need.live_need(ministry, by=tied)
        make.join(tied, make.supplier(), "supplier_staff")
    search.catch_up()
    with transaction():
        make_idea.proposed()
    assert told("idea.fits") == set()
