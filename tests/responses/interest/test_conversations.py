"""Conversations: who asks, who answers, from which state, who reads them, and what is told."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import STAFF, Organisation, Person
from app.home.trail import visible_entries
from app.kernel import clock
from app.kernel.audit import AuditEntry, entries_about
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed, NotFound
from app.kernel.notices import Notice
from app.needs.models import NeedOwner
from app.needs.queries import get_need
from app.providers.queries import get_provider
from app.responses.commands import withdraw_interest
from app.responses.interest import commands, policy, queries
from app.responses.interest.models import (
    AGREED,
    ASKED,
    CURRENT,
    DECLINED,
    IN_TOUCH,
    OFFERED,
    STATES,
    TAKEN_BACK,
    Conversation,
)
from app.responses.queries import find_interest
from tests import make
from tests.browser import Browser, bare
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.conftest import World
from tests.responses.interest import make as make_talk

Browse = Callable[..., Browser]
NOBODYS = "0123456789ab"
ARRIVES: dict[str, dict[str, str]] = {
    "promise": {ASKED: IN_TOUCH},
    "offer": dict.fromkeys((ASKED, IN_TOUCH, OFFERED), OFFERED),
    "agree": {OFFERED: AGREED},
    "decline": dict.fromkeys((ASKED, IN_TOUCH, OFFERED), DECLINED),
    "take back": dict.fromkeys(CURRENT, TAKEN_BACK),
}


def talk(world: World, state: str = ASKED, about: str = "How firm is it?") -> Conversation:
    early = get_need(world.early.id)
    return make_talk.conversation(early, of=get_provider(world.provider.id), by=world.staff, state=state, about=about)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", ARRIVES)
def test_each_act_goes_from_its_states_alone(world: World, verb: str, state: str) -> None:
    with transaction():
        conversation = talk(world, state)
        assert conversation.state == state
        if state in ARRIVES[verb]:
            make_talk.act(verb, conversation, buyer=world.author, staff=world.staff)
            assert conversation.state == ARRIVES[verb][state]
            return
        with pytest.raises(IllegalMove):
            make_talk.act(verb, conversation, buyer=world.author, staff=world.staff)
        assert conversation.state == state


def who(world: World, may: Callable[[Any], bool]) -> set[str]:
    return {role for role, person in [*world.people.items(), ("nobody", None)] if may(person)}


def test_who_does_what(world: World) -> None:
    with transaction():
        offered = talk(world, OFFERED)
        assert who(world, lambda person: policy.may_read_conversation(person, offered)) == {
            *("staff", "lead"),
            *("author", "owner", "officer"),
        }
        assert who(world, lambda person: policy.may_answer(person, offered)) == {"author", "officer"}
        assert who(world, lambda person: policy.may_meet(person, offered)) == {"author", "officer"}
        assert who(world, lambda person: policy.may_agree(person, offered)) == {"staff", "lead"}
        assert who(world, lambda person: policy.may_take_back(person, offered)) == {"staff", "lead"}


def test_who_only_reads_the_need_reads_and_does_not_answer(world: World) -> None:
    with transaction():
        need = get_need(world.early.id)
        need.owners.append(NeedOwner(person=world.buyer, duty="read"))
        session().flush()
        conversation = talk(world)
        assert policy.may_read_conversation(world.buyer, conversation)
        assert not policy.may_answer(world.buyer, conversation)
        with pytest.raises(NotAllowed):
            commands.decline_conversation(conversation, answer="No.", by=world.buyer)


def test_an_owner_who_works_for_a_provider_reads_and_answers_nothing(world: World) -> None:
    with transaction():
        conversation = talk(world)
        author = session().get_one(Person, world.author.id)
        assert policy.may_answer(author, conversation)
        make.join(author, session().get_one(Organisation, world.rival.organisation_id), STAFF)
        assert not policy.may_read_conversation(author, conversation)
        assert not policy.may_answer(author, conversation)


def test_a_provider_asks_once_and_again_when_that_is_over(world: World) -> None:
    for state in STATES:
        with transaction():
            need = make_need.live_need(rung="shaping")
            provider = get_provider(world.provider.id)
            make_talk.conversation(need, of=provider, by=world.staff, state=state)
            if state in CURRENT:
                with pytest.raises(Conflict, match="asked for a conversation already"):
                    make_talk.conversation(need, of=provider, by=world.lead)
            else:
                assert make_talk.conversation(need, of=provider, by=world.lead).state == ASKED


def test_from_open_on_nothing_is_asked_or_agreed_and_no_can_still_be_said(world: World) -> None:
    with transaction():
        asked, offered = talk(world), make_talk.conversation(get_need(world.early.id), state=OFFERED)
        make_need.move(get_need(world.early.id), "open")
        for act in (
            lambda: make_talk.conversation(get_need(world.early.id)),
            lambda: commands.promise_contact(asked, by=world.author),
            lambda: commands.offer_time(asked, offered_for=clock.now(), answer="Now", by=world.author),
            lambda: commands.agree_to_time(offered, by=offered.asked_by),
        ):
            with pytest.raises(IllegalMove):
                act()
        commands.decline_conversation(asked, answer="It is open now.", by=world.author)
        assert (asked.state, asked.answer, asked.ended_at) == (DECLINED, "It is open now.", clock.now())


def test_who_withdraws_its_interest_asks_no_more(world: World) -> None:
    with transaction():
        make_response.interest(get_need(world.early.id), of=get_provider(world.provider.id), by=world.staff)
        conversation = talk(world, IN_TOUCH)
        interest = find_interest(world.early, world.provider)
        assert interest is not None
        withdraw_interest(interest, by=world.staff)
        assert conversation.state == TAKEN_BACK
        assert queries.conversations_in(world.early) == []


def test_what_was_said_stands_in_no_audit_and_no_notice(world: World) -> None:
    with transaction():
        conversation = talk(world, about="zanzibar")
        commands.promise_contact(conversation, answer="timbuktu", by=world.author)
    with reading():
        verbs = [entry.verb for entry in entries_about(conversation)]
        assert verbs == ["ask_for_conversation", "promise_contact"]
        kinds = list(
            session().scalars(select(Notice.kind).where(Notice.kind.like("conversation%")).order_by(Notice.at))
        )
        assert sorted(kinds) == ["conversation.answered", "conversation.asked"]
        told = [*session().scalars(select(AuditEntry.facts)), *session().scalars(select(Notice.facts))]
        assert [each for each in told if "zanzibar" in repr(each) or "timbuktu" in repr(each)] == []


def test_who_reads_of_it_in_the_audit(world: World) -> None:
    with transaction():
        stream = f"conversations:{talk(world).id}"
    with reading():
        seen = who(world, lambda person: bool(person and session().scalars(visible_entries(person, stream)).all()))
        assert seen == {"officer", "operator"}


def test_a_stranger_finds_the_same_nothing_as_for_an_unknown_id(browser: Browse, world: World) -> None:
    with transaction():
        conversation = talk(world)
    for role in (*set(world.people) - {"staff", "lead", "author", "owner", "officer"}, None):
        client = browser(world.people[role] if role else None)
        for ending in ("", "/agree", "/take-back"):
            send = client.client.get if not ending else client.client.post
            data: dict[str, Any] = {"data": {"csrf_token": client.token()}} if ending else {}
            there, nowhere = (send(f"/conversations/{each}{ending}", **data) for each in (conversation.id, NOBODYS))
            assert there.status_code == nowhere.status_code
            assert there.status_code == (404 if role else 303)
            assert bare(there.get_data(as_text=True)).replace(conversation.id, NOBODYS) == bare(
                nowhere.get_data(as_text=True)
            )
    with reading(), pytest.raises(NotFound):
        queries.get_conversation(conversation.id, world.rival_staff)


# Through a browser


WHEN = {"from_on-day": "1", "from_on-month": "6", "from_on-year": "2027"}
SOON = {"offered_for-day": "3", "offered_for-month": "3", "offered_for-year": "2099", "offered_for-time": "10am"}


def test_a_conversation_from_asking_to_agreeing(browser: Browse, world: World) -> None:
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest")
    page = page.submit("Register interest", {"people": "4", "conversation": "ask", "about": "The old data.", **WHEN})
    assert "Waits for an answer" in page.text
    assert not [form for form in page.root.iter("textarea") if form.get("name") == "about"]
    page = browser(world.author).get("/desk").follow("Harbour Ltd asks to talk about: Shape the harbours")
    assert "The old data." in page.text
    assert "No provider may learn here what others do not hear." in page.text
    page = page.submit("Send the answer", {"verb": "offer_time", "answer": "Call 020 1234.", **SOON})
    assert page.h1 == "Who is interested"
    assert next(row[:4] for row in page.rows() if row[0] == "Harbour Ltd") == [
        *("Harbour Ltd", "The old data.", "A time is offered", "3 March 2099 at 10:00am")
    ]
    page = browser(world.lead).get("/desk").follow("A time to talk is offered: Shape the harbours")
    assert "Call 020 1234." in page.text
    page = page.submit("Agree to this time")
    assert "Agreed. The department is told." in page.text
    assert "Agree to this time" not in page.buttons()
    page = page.submit("Yes, take the request back")
    assert "Taken back" in page.text
    assert "Ask for a conversation" in page.text


REFUSED: list[tuple[dict[str, str], str]] = [
    ({}, "Select what you answer"),
    ({"verb": "decline"}, "Enter why you decline"),
    ({"verb": "offer_time", "answer": "Call."}, "Enter the time that you offer"),
    ({"verb": "offer_time", **SOON}, "Enter where to meet, or by which call"),
    ({"verb": "promise_contact", **SOON}, "Select “Offer a time”, or empty the time"),
    ({"verb": "agree_to_time"}, "Select from the list"),
]


@pytest.mark.parametrize(("said", "error"), REFUSED)
def test_an_answer_that_is_not_whole_is_refused_and_kept(
    browser: Browse, world: World, said: dict[str, str], error: str
) -> None:
    with transaction():
        conversation = talk(world)
    page = browser(world.officer).get(f"/conversations/{conversation.id}").submit("Send the answer", said)
    assert (page.status, page.errors) == (422, [error])
    if "answer" in said:
        assert said["answer"] in page.body


def test_two_officers_do_not_answer_over_each_other(browser: Browse, world: World) -> None:
    with transaction():
        conversation = talk(world)
    path = f"/conversations/{conversation.id}"
    mine, theirs = browser(world.officer).get(path), browser(world.author).get(path)
    theirs.submit("Send the answer", {"verb": "promise_contact", "answer": "In May."})
    page = mine.submit("Send the answer", {"verb": "decline", "answer": "No."})
    assert page.status == 422
    assert "Somebody else changed this" in page.errors[0]
    assert "In May." in page.text
    assert page.submit("Send the answer").h1 == "Who is interested"


def test_a_provider_answers_nothing_for_the_department(browser: Browse, world: World) -> None:
    with transaction():
        conversation = talk(world)
    page = browser(world.staff).get(f"/conversations/{conversation.id}")
    assert "Send the answer" not in page.buttons()
    page.browser.post(f"/conversations/{conversation.id}", 403, verb="decline", answer="x", version="1")
    browser(world.author).post(f"/conversations/{conversation.id}/agree", 403)
    browser(world.author).post(f"/conversations/{conversation.id}/take-back", 403)


def test_the_box_and_what_it_is_about_go_together(browser: Browse, world: World) -> None:
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest")
    only_box = page.submit("Register interest", {"people": "4", "conversation": "ask", **WHEN})
    assert only_box.errors == ["Enter what you would like to talk about"]
    only_words = page.submit("Register interest", {"people": "4", "about": "Kept words", **WHEN})
    assert only_words.errors == ["Select “Ask for a conversation”, or empty what you would like to talk about"]
    assert "Kept words" in only_words.body
    with reading():
        assert find_interest(world.early, world.provider) is None


def test_when_the_need_opens_only_no_can_be_answered(browser: Browse, world: World) -> None:
    with transaction():
        conversation = talk(world)
        make_need.move(get_need(world.early.id), "open")
    page = browser(world.officer).get(f"/conversations/{conversation.id}")
    radios = [each.get("value") for each in page.root.iter("input") if each.get("name") == "verb"]
    assert radios == ["decline"]
