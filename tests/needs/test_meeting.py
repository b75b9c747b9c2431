import contextlib
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from app.accounts.models import Organisation, Person
from app.alerts.queries import answerers_of
from app.home.trail import visible_entries
from app.kernel import clock, db
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, NotAllowed
from app.needs import commands as needs
from app.needs import ladder, queries
from app.needs.approvals import commands as approvals
from app.needs.approvals import queries as approval_queries
from app.needs.comments.commands import comment_on
from app.needs.joint import commands as joint
from app.needs.models import ANSWERS, COMMITTED, DRAFTS, OPEN, PUBLISHES, SHAPING
from app.needs.questions import policy as question_policy
from app.needs.questions import queries as question_queries
from app.needs.starting.commands import keep_template
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.needs.questions import make as make_question

Browse = Callable[..., Browser]


def here(person: Person) -> Person:
    return session().get_one(Person, person.id)


def the_ministry(world: Thing) -> Organisation:
    return session().get_one(Organisation, world.ministry.id)


def the_agency(world: Thing) -> Organisation:
    return session().get_one(Organisation, world.agency.id)


@pytest.fixture
def world(store: db.Database) -> Thing:
    with transaction():
        ministry, agency = make.department("Ministry of Data"), make.department("Agency of Roads")
        author, second = make.buyer(ministry, "Ada Author"), make.buyer(ministry, "Sam Second")
        officer = make.officer(ministry, "Olga Officer")
        need = make_need.live_need(ministry, by=author, second=second, rung=SHAPING)
        make_need.look_first(need, OPEN)
        buyer, partner_officer = make.buyer(agency, "Bea Buyer"), make.officer(agency, "Oda Officer")
    return Thing(
        ministry=ministry,
        agency=agency,
        author=author,
        second=second,
        officer=officer,
        need=need,
        buyer=buyer,
        partner_officer=partner_officer,
    )


def joined(world: Thing, by: Person | None = None) -> Any:
    need, agency = queries.get_need(world.need.id), the_agency(world)
    partner = joint.ask_to_join(need, agency, reason="Ours too.", by=here(by or world.buyer))
    joint.accept_partner(partner, by=here(world.author))
    return partner


def test_late_approval_on_the_page_keeps_nothing(browser: Browse, world: Thing) -> None:
    with transaction():
        ends = {"deadline_at": clock.now() + timedelta(days=2), "questions_until": clock.now() + timedelta(days=1)}
        approvals.ask_approval(queries.get_need(world.need.id), OPEN, by=here(world.author), reason="Ready.", **ends)
    with transaction():
        approval_queries.find_asked(queries.get_need(world.need.id)).deadline_at = clock.now() - timedelta(hours=1)
    page = browser(world.officer).get(f"/needs/{world.need.id}/approval")
    page = page.submit("Send your answer", verb="approve")
    print(page.status, page.errors)
    with transaction():
        need = queries.get_need(world.need.id)
        assert need.rung == SHAPING
        assert [each.state for each in approval_queries.approvals_of(need)] == ["asked"]


def test_returned_then_approved_is_off_the_desk(world: Thing) -> None:
    with transaction():
        need = queries.get_need(world.need.id)
        approval = approvals.ask_approval(need, COMMITTED, by=here(world.author), reason="Ready.")
        session().flush()
        approvals.return_approval(approval, note="Mend it.", by=here(world.officer))
    with transaction():
        need = queries.get_need(world.need.id)
        approval = approvals.ask_approval(need, COMMITTED, by=here(world.author), reason="Mended.")
        session().flush()
        approvals.give_approval(approval, by=here(world.officer))
    with transaction():
        assert queries.get_need(world.need.id).rung == COMMITTED
        assert approval_queries.awaiting(here(world.author), clock.now()) == []


def test_partner_officers_have_questions_on_their_desk(world: Thing) -> None:
    with transaction():
        joined(world)
    with transaction():
        question = make_question.question(queries.get_need(world.need.id))
    with transaction():
        officer = here(world.partner_officer)
        assert question_policy.may_take_on(officer, make_question.again(question))
        assert question_queries.awaiting(officer, clock.now())


def test_a_question_is_handed_over_to_a_partner_officer(world: Thing) -> None:
    with transaction():
        joined(world)
    with transaction():
        question = make_question.question(queries.get_need(world.need.id))
    with transaction():
        question = make_question.again(question)
        assert question_policy.may_handle(here(world.partner_officer), question)
        offered = question_queries.officers_to_take(question, here(world.officer))
        assert world.partner_officer.id in {each.id for each in offered}


def test_partner_answerers_are_told(world: Thing) -> None:
    with transaction():
        joined(world)
    with transaction():
        needs.add_owner(queries.get_need(world.need.id), here(world.buyer), ANSWERS, by=here(world.author))
    with transaction():
        question = make_question.again(make_question.question(queries.get_need(world.need.id)))
        assert question_policy.may_answer(here(world.buyer), question)
        assert world.buyer.id in answerers_of(queries.get_need(world.need.id))


def test_a_partner_officer_keeps_no_template_of_the_lead(world: Thing) -> None:
    with transaction():
        joined(world)
    with transaction():
        with pytest.raises(NotAllowed):
            keep_template(queries.get_need(world.need.id), name="X", note="Y", by=here(world.partner_officer))


def test_leaving_keeps_two_writers_of_a_committed_need(world: Thing) -> None:
    with transaction():
        joined(world)
    with transaction():
        need = queries.get_need(world.need.id)
        make_need.move(need, COMMITTED)
    with transaction():
        need = queries.get_need(world.need.id)
        second = next(each for each in need.owners if each.person_id == world.second.id)
        needs.remove_owner(need, second, by=here(world.author))
        assert len(ladder.writers_of(need)) == 2
    with transaction():
        need = queries.get_need(world.need.id)
        with contextlib.suppress(Conflict):
            joint.leave_need(need.joined[0], reason="No money.", by=here(world.buyer))
        assert len(ladder.writers_of(need)) >= 2


def test_a_draft_whose_owner_left_is_on_the_officers_desk(world: Thing) -> None:
    with transaction():
        make_need.draft_need(the_ministry(world), by=here(world.second), title="Orphan")
    with transaction():
        make.leave(here(world.second), the_ministry(world))
    with transaction():
        assert "Choose owners: Orphan" in [each.text for each in queries.awaiting(here(world.officer), clock.now())]


def test_the_last_publisher_who_is_there_is_not_removed(world: Thing) -> None:
    with transaction():
        make.leave(here(world.second), the_ministry(world))
    with transaction():
        need = queries.get_need(world.need.id)
        mine = next(each for each in need.owners if each.person_id == world.author.id and each.duty == PUBLISHES)
        with pytest.raises(Conflict):
            needs.remove_owner(need, mine, by=here(world.author))


def test_an_officer_who_wrote_it_does_not_approve(world: Thing) -> None:
    with transaction():
        draft = make_need.complete_draft(
            the_ministry(world),
            by=here(world.author),
            second=here(world.second),
            rung=OPEN,
        )
        make_need.look_first(draft, OPEN)
        needs.add_owner(draft, here(world.officer), DRAFTS, by=here(world.author))
    with transaction():
        need = queries.get_need(draft.id)
        needs.save_section(
            need, "problem", {"problem": "I, the officer, wrote all of this.", "users": "All."}, by=here(world.officer)
        )
    with transaction():
        need = queries.get_need(draft.id)
        approval = approvals.ask_approval(need, OPEN, by=here(world.author))
        session().flush()
        with pytest.raises(NotAllowed):
            approvals.give_approval(approval, by=here(world.officer))


def test_partner_officers_read_what_the_lead_said_among_itself(world: Thing) -> None:
    with transaction():
        third = make.department("Third")
        asker = make.buyer(third)
        draft = make_need.complete_draft(
            the_ministry(world),
            by=here(world.author),
            second=here(world.second),
            rung=SHAPING,
        )
        comment_on(draft, "money", "We would pay twice that.", by=here(world.officer))
        needs.publish_need(draft, by=here(world.author))
    with transaction():
        need = queries.get_need(draft.id)
        other = joint.ask_to_join(
            need, session().get_one(Organisation, third.id), reason="R", low_pence=1, high_pence=77700, by=here(asker)
        )
        session().flush()
        joint.decline_partner(other, note="We do not trust your money.", by=here(world.author))
        partner = joint.ask_to_join(need, the_agency(world), reason="Ours too.", by=here(world.buyer))
        session().flush()
        joint.accept_partner(partner, by=here(world.author))
    with transaction():
        read = session().scalars(visible_entries(here(world.partner_officer), f"needs:{draft.id}")).all()
        assert not [each.verb for each in read if each.verb in ("comment", "decline_partner")]


def test_officers_read_what_became_of_their_templates(world: Thing) -> None:
    with transaction():
        template = keep_template(queries.get_need(world.need.id), name="X", note="Y", by=here(world.author))
        session().flush()
        stream = f"need_templates:{template.id}"
    with transaction():
        read = session().scalars(visible_entries(here(world.officer), stream)).all()
        assert [each.verb for each in read] == ["keep_template"]


def test_most_partners_holds_when_they_are_accepted(world: Thing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint, "MOST_PARTNERS", 1)
    with transaction():
        need = queries.get_need(world.need.id)
        asked = []
        for department in (make.department(), make.department()):
            asked.append(joint.ask_to_join(need, department, reason="R", by=make.buyer(department)))
            session().flush()
        joint.accept_partner(asked[0], by=here(world.author))
        with pytest.raises((Conflict, Exception)):
            joint.accept_partner(asked[1], by=here(world.author))


def test_who_asked_to_join_and_left_gets_no_duty(world: Thing) -> None:
    with transaction():
        need, agency = queries.get_need(world.need.id), the_agency(world)
        joint.ask_to_join(need, agency, reason="R", by=here(world.buyer))
    with transaction():
        make.leave(here(world.buyer), the_agency(world))
    with transaction():
        need = queries.get_need(world.need.id)
        joint.accept_partner(need.partners[0], by=here(world.author))
        assert world.buyer.id not in {each.person_id for each in need.owners}


def _statements(store: db.Database, work: Callable[[], Any]) -> int:
    from sqlalchemy import event

    seen: list[str] = []
    listen = lambda *a: seen.append(a[2])
    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        work()
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)
    from collections import Counter

    for text, n in Counter(seen).items():
        if n > 3:
            print(n, text[:100].replace(chr(10), " "), "...", text[text.find("FROM") :][:160].replace(chr(10), " "))
    return len(seen)


@pytest.mark.parametrize("path", ["/desk", "/needs/mine", "/needs", "/audit", "/needs/templates"])
def test_lists_take_as_many_statements_for_many(browser: Browse, store: db.Database, world: Thing, path: str) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            with transaction():
                ministry = the_ministry(world)
                need = make_need.live_need(ministry, by=make.buyer(ministry), second=make.buyer(ministry), rung=SHAPING)
                make_need.look_first(need, OPEN)
                agency = make.department()
                partner = joint.ask_to_join(need, agency, reason="R", by=make.buyer(agency))
                session().flush()
                joint.accept_partner(partner, by=need.owners[0].person)
                third = make.department()
                joint.ask_to_join(need, third, reason="R", by=make.buyer(third))
                needs.add_owner(need, here(world.officer), PUBLISHES, by=need.owners[0].person)
                make_question.question(need)
                keep_template(need, name=f"T {need.id}", note="x", by=here(world.officer))
            with transaction():
                approvals.ask_approval(queries.get_need(need.id), COMMITTED, by=here(need.owners[0].person), reason="R")

    more(1)
    client = browser(world.officer)
    first = client.get(path)
    assert first.status == 200
    few = _statements(store, lambda: client.get(path))
    more(6)
    client.get(path)
    many = _statements(store, lambda: client.get(path))
    print(path, few, many)
    assert many <= few + 2


def test_a_request_ends_when_the_need_goes_another_way_on_pages(browser: Browse, world: Thing) -> None:
    with transaction():
        need = queries.get_need(world.need.id)
        approvals.ask_approval(need, COMMITTED, by=here(world.author), reason="Ready.")
    browser(world.author).get(f"/needs/{world.need.id}/withdraw").submit("Withdraw the need", reason="Over.")
    with transaction():
        assert [each.state for each in approval_queries.approvals_of(queries.get_need(world.need.id))] == ["withdrawn"]


def test_who_asked_to_join_what_was_withdrawn_gets_an_answer(browser: Browse, world: Thing) -> None:
    with transaction():
        need = queries.get_need(world.need.id)
        agency = here(world.buyer).organisations()[0]
        joint.ask_to_join(need, agency, reason="Ours too.", by=here(world.buyer))
        needs.withdraw_need(need, reason="Over.", by=here(world.author))
    page = browser(world.author).get(f"/needs/{world.need.id}/departments")
    assert not [button for button in page.buttons() if button.startswith("Accept")]
    page = page.follow(f"Decline {agency.name}").submit("Decline", note="There is no need any more.")
    assert "There is no need any more." in page.text
