"""Commands of clarifications: when they can be asked and answered, by whom, and that they change no answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from app.accounts.models import Person
from app.kernel import audit, clock
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import Need
from app.responses.models import Response, SubmissionReceipt
from app.responses.queries import receipts_of, submissions_of
from app.reviews.clarifications import commands, queries
from app.reviews.clarifications.models import ANSWERED, LAPSED, MOST_DAYS, WAITING, Clarification
from app.reviews.commands import decide_review
from app.reviews.queries import get_review
from tests import make
from tests.reviews import make as make_review
from tests.reviews.conftest import CANARY, Bench

ASKERS = {"officer", "second"}


def asked(bench: Bench, place: int = 0, **other: Any) -> Clarification:
    """A clarification asked of one respondent by the officer."""
    with transaction():
        return make_review.clarification(make_review.again(bench.responses[place]), by=bench.officer, **other)


def again(clarification: Clarification) -> Clarification:
    return session().get_one(Clarification, clarification.id)


def person(bench: Bench, role: str) -> Person:
    return session().get_one(Person, bench.people[role].id)


@pytest.mark.parametrize(
    "role",
    ["officer", "second", "author", "owner", "buyer", "both", "elsewhere", "operator", "staff", "rival", "outsider"],
)
def test_who_asks(opened: Bench, role: str) -> None:
    with transaction():
        first = make_review.again(opened.responses[0])
        if role in ASKERS:
            assert make_review.clarification(first, by=person(opened, role)).standing == WAITING
        else:
            with pytest.raises(NotAllowed):
                make_review.clarification(first, by=person(opened, role))


def test_an_officer_who_left_a_respondent_asks_nothing(opened: Bench) -> None:
    with transaction():
        leaver = make.officer(opened.need.department)
        make.join(leaver, opened.responses[1].provider.organisation, "supplier_lead")
        make.leave(leaver, opened.responses[1].provider.organisation)
        with pytest.raises(NotAllowed):
            make_review.clarification(make_review.again(opened.responses[0]), by=leaver)


@pytest.mark.parametrize("fixture", ["sealed", "due", "opened", "decided", "told"])
def test_only_between_the_opening_and_the_decision(request: pytest.FixtureRequest, fixture: str) -> None:
    bench: Bench = request.getfixturevalue(fixture)
    with transaction():
        first = make_review.again(bench.responses[0])
        if fixture == "opened":
            make_review.clarification(first, by=person(bench, "officer"))
        else:
            with pytest.raises(IllegalMove):
                make_review.clarification(first, by=person(bench, "officer"))
        for closed in (bench.draft, bench.withdrawn):
            with pytest.raises(IllegalMove):
                make_review.clarification(make_review.again(closed), by=person(bench, "officer"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " \n"},
        {"question": "x" * 2_001},
        {"days": 0},
        {"days": -1},
        {"days": MOST_DAYS + 1},
        {"requirement": "0123456789ab"},
    ],
    ids=str,
)
def test_what_cannot_be_asked(opened: Bench, wrong: dict[str, Any]) -> None:
    with transaction(), pytest.raises(Conflict):
        make_review.clarification(make_review.again(opened.responses[0]), by=opened.officer, **wrong)


@pytest.mark.parametrize(
    "role", ["staff", "officer", "second", "author", "owner", "buyer", "both", "operator", "rival", "outsider"]
)
def test_who_answers(opened: Bench, role: str) -> None:
    clarification = asked(opened)
    with transaction():
        if role == "staff":
            commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, role))
            assert again(clarification).standing == ANSWERED
        else:
            with pytest.raises(NotAllowed):
                commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, role))


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_at_its_moment_itself_is_late(opened: Bench, seconds: int, is_taken: bool) -> None:
    clarification = asked(opened)
    with clock.at(clarification.answer_until + timedelta(seconds=seconds)), transaction():
        if is_taken:
            commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, "staff"))
        else:
            with pytest.raises(IllegalMove):
                commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, "staff"))
        assert again(clarification).standing == (ANSWERED if is_taken else LAPSED)


def test_it_is_answered_once(opened: Bench) -> None:
    clarification = asked(opened)
    with transaction():
        commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, "staff"))
        with pytest.raises(Conflict):
            commands.answer_clarification(again(clarification), answer="No, June.", by=person(opened, "staff"))
        assert again(clarification).answer == "We mean May."


def kept(response: Response) -> list[tuple[str, str, str]]:
    """All that is stored of what was submitted, byte for byte."""
    with reading():
        found: list[SubmissionReceipt] = receipts_of(response)
        said = audit.canonical(submissions_of([make_review.again(response)])[response.id].answers[0].text)
        return [(audit.canonical(each.content), each.salt, each.commitment) for each in found] + [(said, "", "")]


def test_question_and_answer_change_no_byte_of_what_was_submitted(opened: Bench) -> None:
    before = kept(opened.responses[0])
    with reading():
        asked_of = submissions_of([make_review.again(opened.responses[0])])[opened.responses[0].id].answers[1]
    clarification = asked(opened, requirement=asked_of.requirement_id)
    with transaction():
        commands.answer_clarification(again(clarification), answer="At half the price.", by=person(opened, "staff"))
    assert kept(opened.responses[0]) == before
    with reading():
        found = queries.clarifications_of([opened.responses[0]])[opened.responses[0].id]
        assert [(each.asked_of, each.answer) for each in found] == [(asked_of.asked, "At half the price.")]


def test_each_is_in_the_audit_without_its_words(opened: Bench) -> None:
    clarification = asked(opened, question=f"What is {CANARY}?")
    with transaction():
        commands.answer_clarification(again(clarification), answer=f"It is {CANARY}.", by=person(opened, "staff"))
    with reading():
        entries = audit.entries_about(make_review.again(opened.responses[0]))[-2:]
        assert [(entry.verb, entry.facts["clarification"]) for entry in entries] == [
            ("ask_clarification", clarification.id),
            ("answer_clarification", clarification.id),
        ]
        assert CANARY not in str([entry.facts for entry in entries])
        assert list(audit.verify()) == []


def test_the_decision_waits_for_whoever_can_still_answer(opened: Bench) -> None:
    clarification = asked(opened)

    def decide() -> None:
        review = get_review(session().get_one(Need, opened.need.id))
        decide_review(review, awards={}, reason="None is suitable.", by=person(opened, "officer"))

    with transaction(), pytest.raises(IllegalMove, match="can still be answered until"):
        decide()
    with clock.at(clarification.answer_until), transaction():
        decide()
        assert again(clarification).standing == LAPSED


def test_the_decision_waits_no_longer_once_it_is_answered(opened: Bench) -> None:
    clarification = asked(opened)
    with transaction():
        commands.answer_clarification(again(clarification), answer="We mean May.", by=person(opened, "staff"))
        review = get_review(session().get_one(Need, opened.need.id))
        decide_review(review, awards={}, reason="None is suitable.", by=person(opened, "officer"))


def answer_at_once(bench: Bench, clarification: Clarification, words: str, start: Barrier) -> bool:
    def attempt() -> None:
        commands.answer_clarification(again(clarification), answer=words, by=person(bench, "staff"))

    start.wait()
    try:
        in_transaction(attempt)
    except Conflict:
        return False
    return True


def test_of_several_colleagues_at_once_one_answers(opened: Bench) -> None:
    clarification, start = asked(opened), Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(answer_at_once, opened, clarification, f"Words {n}", start) for n in range(4)]
        won = [f"Words {number}" for number, future in enumerate(futures) if future.result(60)]
    with reading():
        assert [again(clarification).answer] == won


def desk(bench: Bench, role: str) -> list[str]:
    with reading():
        return [each.text for each in queries.awaiting(person(bench, role), clock.now())]


def test_the_desk_of_the_provider_alone_names_it(opened: Bench) -> None:
    clarification = asked(opened)
    told = {role: desk(opened, role) for role in opened.people}
    wanted: dict[str, list[str]] = {role: [] for role in opened.people}
    assert told == {**wanted, "staff": ["Answer a clarification on your response: Move the tide tables"]}
    with clock.at(clarification.answer_until):
        assert desk(opened, "staff") == []
