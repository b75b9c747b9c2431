"""Pages of questions, as people meet them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.needs.models import Need
from app.needs.queries import get_need
from app.needs.questions import commands, queries
from app.needs.questions.models import WAITING, PublicAnswer, Question
from tests import make
from tests.browser import Browser, Page, bare
from tests.needs import make as make_need
from tests.needs.questions import make as make_question
from tests.needs.questions.conftest import ASKER, FIRM, TELLTALE, Asked
from tests.outcomes.statements import statements

Browse = Callable[..., Browser]
ANSWER = {"kind": "answer", "wording": "Which protocol is needed?", "text": "The new one alone."}


def stored(question: Question) -> Question:
    with reading():
        return make_question.again(question)


def take_on(asked: Asked, officer: Person) -> None:
    with transaction():
        commands.take_on_question(make_question.again(asked.question), by=session().merge(officer))


def handling(browser: Browse, asked: Asked, person: Person) -> Page:
    return browser(person).get(f"/questions/{asked.question.id}", status=200)


def answers(need: Need) -> list[PublicAnswer]:
    with reading():
        return queries.answers_of(need)


def test_a_question_goes_its_way_from_asking_to_an_amendment(browser: Browse, asked: Asked) -> None:
    page = browser(asked.rival_staff).get(f"/needs/{asked.need.id}").follow("Questions").follow("Ask a question")
    page = page.submit("Send the question", text="How many meters are there?")
    assert "Your question has arrived." in page.text
    assert "How many meters are there?" in page.text
    assert "2 questions wait for an answer." in browser().get(page.path).text
    page = browser(asked.officer).get("/desk").follow("Answer a question: Read the meters")
    page = page.submit("Yes, take it on")
    assert "Otherwise Ltd" in page.text
    assert "Rival staff" in page.text
    page = page.submit("Publish to everybody", ANSWER)
    assert "Answer 1 is published." in page.text
    assert "Which protocol is needed?" in browser().get(f"/needs/{asked.need.id}/questions").text
    page = browser(asked.publisher).get(f"/needs/{asked.need.id}/questions")
    page = page.follow("Amend the need because of this: answer 1").follow("The problem and who has it")
    assert "Which protocol is needed?" in page.text
    page = page.submit("Publish the amendment", problem="Meters speak two protocols.", reason="It was asked.")
    assert page.links()["question 1"] == f"/needs/{asked.need.id}/questions#answer-1"
    assert "It followed from question 1." in page.text
    page = browser().get(f"/needs/{asked.need.id}/questions")
    assert "Amendment 1 followed from question 1." in page.text
    assert page.links()["Amendment 1"] == f"/needs/{asked.need.id}#amendment-1"


def test_the_askers_own_colleagues_see_that_it_arrived_and_what_became_of_it(browser: Browse, asked: Asked) -> None:
    path = f"/needs/{asked.need.id}/questions"
    page = browser(asked.colleague).get(path)
    assert TELLTALE in page.text
    assert "Waits for an answer, due by" in page.text
    assert TELLTALE not in browser(asked.rival_staff).get(path).text
    with transaction():
        make_question.answered(make_question.again(asked.question))
    assert "Answered, see answer 1" in browser(asked.colleague).get(path).text


@pytest.mark.parametrize("role", ["author", "officer", "handler"])
def test_who_answers_reads_the_text_and_only_the_handling_officer_who_asked(
    browser: Browse, asked: Asked, role: str
) -> None:
    take_on(asked, asked.handler)
    page = handling(browser, asked, asked.people[role])
    assert TELLTALE in page.text
    assert (ASKER in page.body, FIRM in page.body) == (role == "handler", role == "handler")
    assert ("Publish to everybody" in page.buttons()) == (role != "officer")


@pytest.mark.parametrize("role", ["publisher", "reader", "buyer", "elsewhere", "operator", "asker", "rival_staff"])
def test_the_handling_page_does_not_exist_for_others(browser: Browse, asked: Asked, role: str) -> None:
    known = browser(asked.people[role]).get(f"/questions/{asked.question.id}", status=404)
    unknown = browser(asked.people[role]).get("/questions/000000000000", status=404)
    assert bare(known.body) == bare(unknown.body)
    for act in ("take-on", "hand-over"):
        browser(asked.people[role]).post(f"/questions/{asked.question.id}/{act}", status=404)


def test_nobody_is_sent_to_sign_in_whatever_the_id(browser: Browse, asked: Asked) -> None:
    client = browser().client
    answers = [client.get(f"/questions/{each}") for each in (asked.question.id, "000000000000")]
    assert [answer.status_code for answer in answers] == [303, 303]


def test_at_the_end_of_questions_what_was_typed_is_refused_and_kept(browser: Browse, asked: Asked) -> None:
    page = browser(asked.rival_staff).get(f"/needs/{asked.need.id}/questions/ask")
    assert asked.need.questions_until
    with clock.at(asked.need.questions_until):
        late = page.submit("Send the question", text="Is this too late?")
        assert late.status == 409
        assert "That moment has passed. Your question was not sent." in late.errors[0]
        assert "Is this too late?" in late.body
        shown = browser(asked.rival_staff).get(f"/needs/{asked.need.id}/questions")
        assert "Questions were taken until" in shown.text
        assert "Ask a question" not in shown.links()
        assert "That moment has passed." in browser(asked.rival_staff).get(page.path).text
    with clock.at(asked.need.questions_until - timedelta(microseconds=1)):
        assert "has arrived" in page.submit("Send the question", text="Is this in time?").text
    with reading():
        assert len(queries.waiting_questions(asked.need)) == 2


@pytest.mark.parametrize(
    ("text", "why"), [("", "Enter your question"), ("x" * 2_001, "The question must be 2,000 characters or fewer")]
)
def test_a_question_that_will_not_do_says_how_to_mend_it(browser: Browse, asked: Asked, text: str, why: str) -> None:
    page = browser(asked.rival_staff).get(f"/needs/{asked.need.id}/questions/ask")
    page = page.submit("Send the question", text=text)
    assert (page.status, page.errors) == (422, [why])


@pytest.mark.parametrize("role", ["author", "officer", "buyer", "operator", "elsewhere"])
def test_only_providers_come_to_ask(browser: Browse, asked: Asked, role: str) -> None:
    page = browser(asked.people[role]).get(f"/needs/{asked.need.id}/questions", status=200)
    assert "Ask a question" not in page.links()
    browser(asked.people[role]).get(f"/needs/{asked.need.id}/questions/ask", status=403)


def test_a_draft_has_no_questions(browser: Browse, asked: Asked) -> None:
    with transaction():
        draft = make_need.complete_draft(session().merge(asked.need.department))
        author = draft.owners[0].person
    assert "Questions" not in browser(author).get(f"/needs/{draft.id}").links()
    browser(author).get(f"/needs/{draft.id}/questions", status=403)
    browser(asked.asker).get(f"/needs/{draft.id}/questions", status=404)


def test_a_draft_of_an_answer_is_kept_for_the_other_owners(browser: Browse, asked: Asked) -> None:
    with transaction():
        other = make_question.new_answerer(get_need(asked.need.id), "Other answerer")
    page = handling(browser, asked, asked.author).submit("Save the draft", wording="Which protocol?", text="")
    assert "Draft saved." in page.text
    page = handling(browser, asked, other)
    assert "Which protocol?" in page.body
    page = page.submit("Publish to everybody")
    assert page.errors == ["Enter the answer, or the reason why it is declined"]
    assert "an answer is begun" in browser(other).get(f"/needs/{asked.need.id}/questions").text


def test_who_saves_over_a_colleagues_draft_sees_both_first(browser: Browse, asked: Asked) -> None:
    take_on(asked, asked.handler)
    mine, theirs = (handling(browser, asked, asked.people[role]) for role in ("author", "handler"))
    theirs.submit("Save the draft", wording="Theirs", text="Their answer.")
    for button in ("Save the draft", "Publish to everybody"):
        clash = mine.submit(button, wording="Mine", text="My answer.")
        assert clash.status == 422
        assert "Somebody else changed this draft" in clash.errors[0]
        assert "Their answer." in clash.text
        assert "My answer." in clash.body
    assert answers(asked.need) == []
    clash.submit("Publish to everybody")
    assert answers(asked.need)[0].wording == "Mine"


def test_two_who_publish_at_once_publish_one_answer(browser: Browse, asked: Asked) -> None:
    take_on(asked, asked.handler)
    mine, theirs = (handling(browser, asked, asked.people[role]) for role in ("author", "handler"))
    theirs.submit("Publish to everybody", ANSWER)
    late = mine.submit("Publish to everybody", ANSWER)
    assert late.status == 409
    assert len(answers(asked.need)) == 1


@pytest.mark.parametrize("named", ["Quagglethorpe", "otherwise LTD"])
def test_a_providers_name_is_warned_of_before_it_is_published(browser: Browse, asked: Asked, named: str) -> None:
    """Of any provider's: a warning about the asker alone would tell an owner who asked."""
    page = handling(browser, asked, asked.author)
    warned = page.submit("Publish to everybody", ANSWER, text=f"As {named} knows, the new one.")
    assert warned.status == 422
    assert "The name of a provider stands in what would be published" in warned.errors[0]
    assert answers(asked.need) == []
    other_words = warned.submit("Publish to everybody", text=f"{named} again, in other words.")
    assert other_words.status == 422
    assert other_words.submit("Publish to everybody").status == 200
    assert len(answers(asked.need)) == 1


def test_a_question_that_stands_as_it_was_typed_is_warned_of(browser: Browse, asked: Asked) -> None:
    warned = handling(browser, asked, asked.author).submit("Publish to everybody", text="Both.")
    assert warned.errors == [
        "The question stands just as it was typed. Write it in your own words, or press the button again "
        "if nothing in it tells who asked."
    ]
    assert answers(asked.need) == []
    warned.submit("Publish to everybody")
    assert len(answers(asked.need)) == 1


def test_a_move_to_open_asks_until_when_questions_are_taken(browser: Browse, asked: Asked) -> None:
    with transaction():
        early = make_need.live_need(session().merge(asked.need.department), rung="committed", questions_until=None)
        author, officer = early.owners[0].person, make.officer(early.department)
    page = browser(author).get(f"/needs/{early.id}/rung").submit("Move the need", rung="open", reason="Ready.")
    assert page.errors == ["Enter until when suppliers may ask questions"]
    until = early.deadline_at - timedelta(days=4)  # type: ignore[operator]
    parts = {"day": until.day, "month": until.month, "year": until.year, "time": "5pm"}
    typed = {f"questions_until-{name}": str(part) for name, part in parts.items()}
    page = page.submit("Move the need", typed)
    browser(officer).get(f"/needs/{early.id}/approval").submit("Send your answer", verb="approve")
    assert f"until 5:00pm GMT, {until:%A}" in browser().get(f"/needs/{early.id}/questions").text


def test_alike_questions_are_offered_first_and_answered_together(browser: Browse, asked: Asked) -> None:
    with transaction():
        need = get_need(asked.need.id)
        far = make_question.question(need, text="Where will training take place?")
        near = make_question.question(need, text="Will sensors with the old protocol do?")
    page = handling(browser, asked, asked.author)
    boxes = [box.get("value") for box in page.root.iter("input") if box.get("name") == "together"]
    assert boxes == [near.id, far.id]
    assert "Alike: both say sensors, old and protocol." in page.text
    page.submit("Publish to everybody", {**ANSWER, "together": [near.id]})
    assert [stored(each).state for each in (asked.question, near, far)] == ["answered", "answered", WAITING]


def test_a_question_is_declined_or_led_to_an_earlier_answer(browser: Browse, asked: Asked) -> None:
    with transaction():
        need = get_need(asked.need.id)
        first = make_question.answered(make_question.question(need))
        later = make_question.question(need)
    page = handling(browser, asked, asked.author).submit("Publish to everybody", {**ANSWER, "kind": "already"})
    assert page.errors == ["Select the answer that answered it already"]
    page.submit("Publish to everybody", {**ANSWER, "kind": "already", "earlier": first.id, "text": ""})
    decline = {"kind": "decline", "wording": "What does it cost?", "text": "Out of scope."}
    browser(asked.author).get(f"/questions/{later.id}").submit("Publish to everybody", decline)
    page = browser().get(f"/needs/{asked.need.id}/questions")
    assert "It was answered already: answer 1." in page.text
    assert "3. Declined What does it cost? Out of scope." in page.text


def test_a_correction_names_what_it_corrects_and_leaves_it(browser: Browse, asked: Asked) -> None:
    with transaction():
        make_question.answered(make_question.again(asked.question))
    page = browser(asked.author).get(f"/needs/{asked.need.id}/questions").follow("Correct answer 1")
    page = page.submit("Publish the correction", text="Both, after all.")
    text = browser().get(page.path).text
    assert "This corrects answer 1." in text
    assert "Corrected by answer 2." in text
    assert make_question.ANSWERED in text
    assert "Both, after all." in text
    for role in ("rival_staff", "buyer", "operator"):
        browser(asked.people[role]).get(f"/published-answers/{answers(asked.need)[0].id}/correct", status=404)


def test_a_question_is_handed_over_and_its_asker_with_it(browser: Browse, asked: Asked) -> None:
    take_on(asked, asked.handler)
    handling(browser, asked, asked.handler).submit("Hand it over", officer=asked.officer.id)
    assert [FIRM in handling(browser, asked, asked.people[role]).body for role in ("handler", "officer")] == [
        False,
        True,
    ]
    browser(asked.handler).post(f"/questions/{asked.question.id}/hand-over", status=403, officer=asked.handler.id)
    browser(asked.handler).post(f"/questions/{asked.question.id}/take-on", status=409)


def test_overdue_is_marked(browser: Browse, asked: Asked) -> None:
    with clock.at(clock.now() + timedelta(days=9)):
        assert "Overdue" in browser(asked.author).get(f"/needs/{asked.need.id}/questions").text
        assert "Overdue" in browser(asked.officer).get("/desk").text


def test_what_is_typed_is_shown_as_text(browser: Browse, asked: Asked) -> None:
    nasty = "<script>alert(1)</script> & <b>bold</b>"
    handling(browser, asked, asked.author).submit("Save the draft", wording=nasty)
    handling(browser, asked, asked.author).submit("Publish to everybody", text=nasty)
    body = browser().get(f"/needs/{asked.need.id}/questions").body
    assert "<script>alert" not in body
    assert body.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;") == 2


@pytest.mark.parametrize("because", ["000000000000", "x" * 5_000, "'; DROP", ""])
def test_an_amendment_because_of_what_is_no_answer_is_an_amendment(browser: Browse, asked: Asked, because: str) -> None:
    page = browser(asked.author).get(f"/needs/{asked.need.id}/amend/problem", query_string={"because": because})
    assert "following from" not in page.text
    page = page.submit("Publish the amendment", problem="Worse.", reason="We learnt.")
    assert "It followed from" not in page.text


def test_a_need_below_open_takes_questions_as_long_as_it_is_live(browser: Browse, asked: Asked) -> None:
    with transaction():
        early = make_need.live_need(session().merge(asked.need.department))
    page = browser(asked.asker).get(f"/needs/{early.id}/questions")
    assert "Questions are taken as long as this need is live and not open." in page.text
    assert "has arrived" in page.follow("Ask a question").submit("Send the question", text="When will it open?").text


def test_an_open_need_without_an_end_says_until_when_it_takes_questions(browser: Browse, asked: Asked) -> None:
    with transaction():
        get_need(asked.need.id).questions_until = None
    assert "This need names no end of questions." in browser().get(f"/needs/{asked.need.id}/questions").text


def test_the_list_asks_the_database_as_often_for_three_as_for_one(browser: Browse, asked: Asked) -> None:
    def asks(role: str) -> int:
        return statements(browser(asked.people[role]), f"/needs/{asked.need.id}/questions")

    with transaction():
        make_question.answered(make_question.question(get_need(asked.need.id)))
    before = [asks(role) for role in ("author", "asker", "officer")]
    with transaction():
        need = get_need(asked.need.id)
        for _ in range(3):
            make_question.question(need, of=session().merge(asked.firm), by=session().merge(asked.asker))
            answer = make_question.answered(make_question.question(need))
            commands.correct_answer(answer, text="Better.", by=make_question.answerer(need))
    assert [asks(role) for role in ("author", "asker", "officer")] == before


def test_a_person_of_two_providers_says_for_which_they_ask(browser: Browse, asked: Asked) -> None:
    with transaction():
        person = session().merge(asked.rival_staff)
        second = make.supplier("Second Ltd")
        make.join(person, second, "supplier_staff")
    page = browser(person).get(f"/needs/{asked.need.id}/questions/ask")
    assert page.submit("Send the question", text="For whom?").errors == ["Select a provider"]
    stranger = page.submit("Send the question", text="For whom?", organisation=asked.firm.id)
    assert stranger.errors == ["Select from the list"]
    page.submit("Send the question", text="For whom?", organisation=second.id)
    with reading():
        mine = next(each for each in queries.waiting_questions(asked.need) if each.text == "For whom?")
        asking = queries.find_asking(mine)
    assert asking is not None
    assert asking.organisation_id == second.id
