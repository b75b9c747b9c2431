"""Asking, taking on, drafting, answering, correcting, and what a need's end does to questions."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import OFFICER, Person
from app.kernel import audit, clock, db
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.kernel.notices import Notice
from app.needs import commands as needs
from app.needs.models import LIVE, Need
from app.needs.queries import amendments_of
from app.needs.questions import commands, policy, queries
from app.needs.questions.models import (
    ALREADY,
    ANSWERED,
    DECLINE,
    DECLINED,
    END,
    ENDED,
    MOST_CHARACTERS,
    MOST_UNANSWERED,
    WAITING,
    PublicAnswer,
    Question,
)
from tests import make
from tests.needs import make as make_need
from tests.needs.questions import make as make_question


@pytest.fixture(autouse=True)
def _in_transaction(store: db.Database) -> Iterator[None]:
    with transaction():
        yield


def notices_of(kind: str) -> list[Notice]:
    return list(session().scalars(select(Notice).where(Notice.kind == kind)))


def entries(verb: str) -> list[AuditEntry]:
    return list(session().scalars(select(AuditEntry).where(AuditEntry.verb == verb)))


# Asking


def test_a_question_arrives_without_its_asker_and_the_audit_can_prove_who_it_was() -> None:
    need, provider = make_need.open_need(), make.supplier()
    staff = make.staff(provider)
    question = make_question.question(need, of=provider, by=staff, text="  Why? ")
    assert (question.text, question.state, question.asked_at) == ("Why?", WAITING, clock.now())
    entry = entries("ask")[0]
    assert (entry.person_id, entry.subject, set(entry.facts)) == (
        None,
        f"questions:{question.id}",
        {"need", "commitment"},
    )
    asking = queries.find_asking(question)
    assert asking is not None
    assert (asking.person, asking.organisation) == (staff, provider)
    assert queries.is_proven(asking)
    asking.organisation_id = make.supplier().id
    assert not queries.is_proven(asking)
    assert notices_of("question.arrived")[0].facts == {}


@pytest.mark.parametrize("microseconds", [0, 1, 3_600_000_000])
def test_at_the_end_of_questions_itself_is_late(microseconds: int) -> None:
    need = make_need.open_need()
    need.questions_until = clock.now() - timedelta(microseconds=microseconds)
    with pytest.raises(IllegalMove, match=r"could be asked until .* That moment has passed"):
        make_question.question(need)
    need.questions_until = clock.now() + timedelta(microseconds=1)
    assert make_question.question(need).state == WAITING


@pytest.mark.parametrize("state", Need.states())
def test_questions_are_taken_while_a_need_is_live(state: str) -> None:
    need = make_need.need_in(state)
    if state == LIVE:
        make_question.question(need)
    else:
        with pytest.raises((IllegalMove, NotAllowed)):
            make_question.question(need)
    assert len(entries("ask")) == (state == LIVE)


def test_nobody_asks_for_a_provider_that_is_not_theirs_or_from_the_buying_side() -> None:
    need, provider = make_need.open_need(), make.supplier()
    stranger, owner = make.staff(make.supplier()), need.owners[0].person
    make.join(owner, provider, "supplier_staff")
    for person in (stranger, owner, make.operator(), make.officer(need.department)):
        with pytest.raises(NotAllowed):
            make_question.question(need, of=provider, by=person)


@pytest.mark.parametrize(("text", "is_taken"), [("", False), ("  ", False), ("x" * 2_000, True), ("x" * 2_001, False)])
def test_a_question_says_something_and_not_too_much(text: str, is_taken: bool) -> None:
    assert MOST_CHARACTERS == 2_000
    need = make_need.open_need()
    if is_taken:
        assert make_question.question(need, text=text).text == text
    else:
        with pytest.raises(Conflict):
            make_question.question(need, text=text)


def test_a_provider_has_at_most_twenty_unanswered_questions_on_one_need() -> None:
    need, other, provider = make_need.open_need(), make_need.open_need(), make.supplier()
    staff = make.staff(provider)
    asked = [make_question.question(need, of=provider, by=staff) for _ in range(MOST_UNANSWERED)]
    with pytest.raises(Conflict, match="20 of your questions wait"):
        make_question.question(need, of=provider, by=make.staff(provider))
    assert make_question.question(need)
    assert make_question.question(other, of=provider, by=staff)
    make_question.answered(asked[0])
    assert make_question.question(need, of=provider, by=staff)


# Handling


def test_one_officer_at_a_time_takes_a_question_on_and_hands_it_over() -> None:
    question = make_question.question(make_need.open_need())
    first, second = (make.officer(question.need.department) for _ in range(2))
    commands.take_on_question(question, by=first)
    with pytest.raises(Conflict, match="Another officer"):
        commands.take_on_question(question, by=second)
    with pytest.raises(NotAllowed):
        commands.hand_over_question(question, second, by=second)
    for nobody in (first, make.buyer(question.need.department), make.officer(make.department())):
        with pytest.raises(Conflict):
            commands.hand_over_question(question, nobody, by=first)
    commands.hand_over_question(question, second, by=first)
    assert [policy.may_see_asker(each, question) for each in (first, second)] == [False, True]
    assert [(entry.verb, entry.person_id) for entry in audit.entries_about(question)] == [
        ("ask", None),
        ("take_on", first.id),
        ("hand_over", first.id),
    ]


def test_an_officer_who_left_has_it_in_hand_no_more() -> None:
    question = make_question.question(make_need.open_need())
    first, second = (make.officer(question.need.department) for _ in range(2))
    commands.take_on_question(question, by=first)
    make.leave(first, question.need.department)
    commands.take_on_question(question, by=second)
    assert question.handler == second


@pytest.mark.parametrize("who", ["owner", "buyer", "operator", "rival"])
def test_only_officers_take_questions_on(who: str) -> None:
    question = make_question.question(make_need.open_need())
    rival = make.officer(question.need.department)
    make.join(rival, make.supplier(), "supplier_staff")
    people: dict[str, Person] = {
        "owner": make_question.answerer(question.need),
        "buyer": make.buyer(question.need.department),
        "operator": make.operator(),
        "rival": rival,
    }
    with pytest.raises(NotAllowed):
        commands.take_on_question(question, by=people[who])


# Answering


def test_a_draft_is_kept_and_can_be_unfinished() -> None:
    question = make_question.question(make_need.open_need())
    by = make_question.answerer(question.need)
    assert queries.content_of(None, question)["wording"] == question.text
    before = queries.fingerprint(None, question)
    draft = commands.save_draft(question, make_question.content(text="", wording="Half"), by=by)
    session().flush()
    assert queries.content_of(queries.find_draft(question), question) == make_question.content(text="", wording="Half")
    assert queries.fingerprint(draft, question) != before
    assert entries("draft_answer")[0].facts == {}


def test_one_answer_answers_all_that_were_put_together() -> None:
    need = make_need.open_need()
    asked = [make_question.question(need) for _ in range(3)]
    answer = make_question.answered(asked[0], together=[asked[1].id])
    assert [(each.state, each.answer) for each in asked] == [(ANSWERED, answer), (ANSWERED, answer), (WAITING, None)]
    assert (answer.number, answer.wording, answer.text) == (1, make_question.WORDING, make_question.ANSWERED)
    assert [notice.facts for notice in notices_of("answer.published")] == [{"answer": answer.id}]
    assert [each.id for each in queries.waiting_questions(need)] == [asked[2].id]


def test_questions_of_other_needs_and_answered_ones_are_not_put_together() -> None:
    need = make_need.open_need()
    question, done = make_question.question(need), make_question.question(need)
    make_question.answered(done)
    for other in (done, make_question.question(make_need.open_need())):
        with pytest.raises(Conflict, match="answered meanwhile"):
            make_question.answered(question, together=[other.id])
    assert question.state == WAITING


def test_a_question_is_answered_once() -> None:
    question = make_question.question(make_need.open_need())
    make_question.answered(question)
    with pytest.raises(IllegalMove):
        make_question.answered(question)
    with pytest.raises(IllegalMove):
        commands.save_draft(question, make_question.content(), by=make_question.answerer(question.need))
    assert len(queries.answers_of(question.need)) == 1


MOVES = {"answer": ANSWERED, "decline": DECLINED, "end": ENDED}


@pytest.mark.parametrize("state", Question.states())
@pytest.mark.parametrize("verb", Question.MOVES)
def test_every_move_begins_where_a_question_waits(verb: str, state: str) -> None:
    question = Question(text="?")
    if state != WAITING:
        question.move(next(verb for verb, target in MOVES.items() if target == state))
    if state == WAITING:
        question.move(verb)
        assert question.state == MOVES[verb]
    else:
        with pytest.raises(IllegalMove):
            question.move(verb)


def test_a_question_is_declined_with_a_reason_that_is_published() -> None:
    question = make_question.question(make_need.open_need())
    answer = make_question.answered(question, kind=DECLINE, text="Out of scope.")
    assert (question.state, answer.kind, answer.text) == (DECLINED, DECLINE, "Out of scope.")


def test_a_question_that_was_answered_already_leads_to_that_answer() -> None:
    need = make_need.open_need()
    first = make_question.answered(make_question.question(need))
    later = make_question.question(need)
    for wrong in (None, "", "nonsense", make_question.answered(make_question.question(make_need.open_need())).id):
        with pytest.raises(Conflict, match="Select the answer"):
            make_question.answered(later, kind=ALREADY, text="", earlier=wrong)
    answer = make_question.answered(later, kind=ALREADY, text="", earlier=first.id)
    assert (answer.number, answer.earlier, answer.text) == (2, first, "This was answered already: see answer 1.")


@pytest.mark.parametrize("lacking", [{"wording": " "}, {"text": " "}, {"kind": "end"}, {"kind": DECLINE, "text": ""}])
def test_an_answer_says_what_was_asked_and_what_is_answered(lacking: dict[str, Any]) -> None:
    question = make_question.question(make_need.open_need())
    with pytest.raises(Conflict):
        make_question.answered(question, **lacking)
    assert queries.answers_of(question.need) == []


def test_an_answer_is_published_until_the_deadline_and_corrected_until_then() -> None:
    question = make_question.question(make_need.open_need())
    need = question.need
    need.questions_until = clock.now()
    answer = make_question.answered(question)
    correction = commands.correct_answer(answer, text=" Yes, both. ", by=make_question.answerer(need))
    assert (correction.number, correction.earlier, correction.wording) == (2, answer, answer.wording)
    assert (correction.text, answer.text) == ("Yes, both.", make_question.ANSWERED)
    need.deadline_at = clock.now()
    with pytest.raises(IllegalMove):
        commands.correct_answer(answer, text="Late.", by=make_question.answerer(need))
    waiting = Question(need=need, text="?", asked_at=clock.now())
    session().add(waiting)
    with pytest.raises(IllegalMove):
        make_question.answered(waiting)


# How it stands


def test_everybody_is_told_how_many_wait_since_when_and_how_long_answers_took() -> None:
    need = make_need.open_need(clock.now() + timedelta(days=60))
    assert queries.standing(need) == queries.Standing(0, None, None)
    old, young = make_question.question(need), make_question.question(need)
    old.asked_at = young.asked_at = clock.now() - timedelta(days=7)
    third = make_question.question(need)
    third.asked_at = clock.now() - timedelta(days=2)
    session().flush()
    assert queries.standing(need) == queries.Standing(3, old.asked_at, None)
    make_question.answered(old, together=[young.id])
    assert queries.standing(need) == queries.Standing(1, third.asked_at, 5)


def test_the_desk_shows_what_waits_to_those_who_answer_with_the_due_date() -> None:
    need = make_need.open_need(clock.now() + timedelta(days=60))
    first, second = (make.officer(need.department) for _ in range(2))
    owner, colleague = make_question.answerer(need), make.buyer(need.department)
    question = make_question.question(need)
    everybody = (first, second, owner, colleague, make.operator(), make.officer(make.department()))

    def desks() -> list[int]:
        return [len(queries.awaiting(person, clock.now())) for person in everybody]

    assert desks() == [1, 1, 1, 0, 0, 0]
    commands.take_on_question(question, by=first)
    assert desks() == [1, 0, 1, 0, 0, 0]
    waiting = queries.awaiting(owner, clock.now())[0]
    assert (waiting.since, waiting.endpoint, waiting.values) == (
        question.asked_at,
        "questions.handle",
        {"question_id": question.id},
    )
    assert waiting.due_at is not None
    assert timedelta(days=5) <= waiting.due_at - question.asked_at <= timedelta(days=8)
    make_question.answered(question)
    assert desks() == [0] * 6


# Amending because of an answer, and the end of questions in amendments


def test_an_amendment_keeps_the_answer_that_it_followed_from() -> None:
    question = make_question.question(make_need.open_need())
    need, by = question.need, question.need.owners[0].person
    answer = make_question.answered(question)
    needs.amend_need(need, "problem", {"problem": "Worse."}, reason="We were asked.", by=by, cause=answer)
    needs.amend_need(need, "basics", {"title": "Clearer"}, reason="Clearer.", by=by)
    amendments = amendments_of(need)
    assert [each.answer_id for each in amendments] == [None, answer.id]
    assert (queries.amendments_after(need), queries.answer_numbers(amendments)) == ({answer.id: [1]}, {answer.id: 1})
    other = make_question.answered(make_question.question(make_need.open_need()))
    assert queries.find_cause(need, other.id) is None
    with pytest.raises(Conflict, match="same need"):
        needs.amend_need(need, "basics", {"title": "No"}, reason="No.", by=by, cause=other)


def amend_end(need: Need, days: float | None) -> None:
    assert need.questions_until
    until = None if days is None else need.questions_until + timedelta(days=days)
    needs.amend_need(need, "timing", {"questions_until": until}, reason="Time.", by=need.owners[0].person)


def test_the_end_of_questions_moves_later_never_earlier_and_not_once_it_has_passed() -> None:
    need = make_need.open_need()
    was = need.questions_until
    assert was
    for days, why in [(-0.1, "only move later"), (None, "until when"), (30, "before the deadline")]:
        with pytest.raises(Conflict, match=why):
            amend_end(need, days)
    assert need.questions_until == was
    amend_end(need, 1)
    assert need.questions_until == was + timedelta(days=1)
    need.questions_until = clock.now()
    with pytest.raises(Conflict, match="has passed"):
        amend_end(need, 1)
    needs.amend_need(need, "basics", {"title": "Still amended"}, reason="Clearer.", by=need.owners[0].person)


def test_a_need_without_an_end_of_questions_can_be_given_one_that_is_no_earlier() -> None:
    need = make_need.open_need(clock.now() + timedelta(days=30))
    need.questions_until = None
    by = need.owners[0].person
    early, late = clock.now() + timedelta(days=3), need.deadline_at - timedelta(hours=1)  # type: ignore[operator]
    with pytest.raises(Conflict, match="only move later"):
        needs.amend_need(need, "timing", {"questions_until": early}, reason="Time.", by=by)
    needs.amend_need(need, "timing", {"questions_until": late}, reason="Time.", by=by)
    assert need.questions_until == late


# Endings


@pytest.mark.parametrize("ending", ["withdraw", "close"])
def test_at_a_needs_end_what_waits_is_told_to_be_unanswered_once_for_all(ending: str) -> None:
    need = make_need.open_need()
    asked = [make_question.question(need) for _ in range(3)]
    first = make_question.answered(asked[0])
    if ending == "withdraw":
        needs.withdraw_need(need, reason="Over.", by=need.owners[0].person)
    else:
        need.deadline_at = clock.now()
        assert needs.close_need(need)
    last = queries.answers_of(need)[-1]
    how = "was withdrawn" if ending == "withdraw" else "closed"
    assert (last.number, last.kind) == (2, END)
    assert last.text == f"This need {how} before 2 questions were answered. No answer will follow."
    assert [(each.state, each.answer) for each in asked] == [(ANSWERED, first), (ENDED, last), (ENDED, last)]
    assert len(notices_of("questions.ended")) == 1
    with pytest.raises(IllegalMove):
        commands.correct_answer(last, text="But.", by=make_question.answerer(need))


def test_a_need_without_waiting_questions_ends_in_silence() -> None:
    make_need.withdrawn_need()
    make_need.concluded_need()
    assert session().scalar(select(func.count()).select_from(PublicAnswer)) == 0
    assert notices_of("questions.ended") == []


def test_officers_are_those_of_today() -> None:
    question = make_question.question(make_need.open_need())
    person = make.officer(question.need.department)
    other = make.officer(question.need.department, "Other")
    tied = make.officer(question.need.department)
    make.join(tied, make.supplier(), "supplier_lead")
    make.buyer(question.need.department)
    assert queries.officers_to_take(question, person) == [other]
    assert other.holds(question.need.department_id, OFFICER)
