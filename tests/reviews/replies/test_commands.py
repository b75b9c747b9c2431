"""Commands of replies: who rates and asks, until when, and that neither tells more than it may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.accounts.models import Organisation, Person
from app.kernel import audit, clock
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.models import Need
from app.responses.models import Response
from app.responses.queries import find_last_receipt, receipt_faults
from app.reviews.models import Award
from app.reviews.replies import commands, queries, timing
from app.reviews.replies.models import NO, PARTLY, YES, FeedbackQuestion, FeedbackRating
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review
from tests.reviews.conftest import CANARY, Bench

ROLES = ["staff", "rival", "outsider", "officer", "second", "author", "owner", "buyer", "both", "elsewhere", "operator"]


def person(bench: Bench, role: str) -> Person:
    return session().get_one(Person, bench.people[role].id)


def first(bench: Bench) -> Response:
    return make_review.again(bench.responses[0])


def ask(bench: Bench, text: str = "What of the price?", role: str = "staff") -> FeedbackQuestion:
    return commands.ask_about_feedback(first(bench), text=text, by=person(bench, role))


@pytest.mark.parametrize("role", ROLES)
def test_who_rates_and_asks(told: Bench, role: str) -> None:
    with transaction():
        by = person(told, role)
        if role == "staff":
            commands.rate_feedback(first(told), useful=YES, by=by)
            ask(told)
            return
        with pytest.raises(NotAllowed):
            commands.rate_feedback(first(told), useful=YES, by=by)
        with pytest.raises(NotAllowed):
            ask(told, role=role)


@pytest.mark.parametrize("fixture", ["opened", "decided"])
def test_nobody_rates_or_asks_before_they_were_told(request: pytest.FixtureRequest, fixture: str) -> None:
    bench: Bench = request.getfixturevalue(fixture)
    with transaction():
        with pytest.raises(NotAllowed):
            commands.rate_feedback(first(bench), useful=YES, by=person(bench, "staff"))
        with pytest.raises(NotAllowed):
            ask(bench)


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False)])
def test_at_the_end_itself_is_late(told: Bench, seconds: int, is_taken: bool) -> None:
    with reading():
        end = timing.rating_ends(first(told))
        assert end is not None
        assert end == timing.asking_ends(first(told))
    with clock.at(end + timedelta(seconds=seconds)), transaction():
        if is_taken:
            commands.rate_feedback(first(told), useful=NO, by=person(told, "staff"))
            ask(told)
            return
        with pytest.raises(IllegalMove):
            commands.rate_feedback(first(told), useful=NO, by=person(told, "staff"))
        with pytest.raises(IllegalMove):
            ask(told)


def test_a_rating_can_be_changed_and_the_audit_keeps_no_word_of_it(told: Bench) -> None:
    with transaction():
        commands.rate_feedback(first(told), useful=NO, sentence=CANARY, by=person(told, "staff"))
        rating = commands.rate_feedback(first(told), useful=PARTLY, sentence=CANARY, by=person(told, "staff"))
        assert session().query(FeedbackRating).count() == 1
        entry = audit.entries_about(first(told))[-1]
        said = {"useful": PARTLY, "sentence": CANARY}
        assert entry.facts == {"commitment": audit.commitment(said, rating.salt)}


def test_a_receipt_holds_after_its_feedback_was_rated(told: Bench) -> None:
    """Both acts leave a commitment in the trail of the response."""
    with transaction():
        commands.rate_feedback(first(told), useful=YES, by=person(told, "staff"))
    with reading():
        receipt = find_last_receipt(first(told))
        assert receipt is not None
        assert receipt_faults(receipt) == []


@pytest.mark.parametrize("wrong", [{"useful": "very"}, {"useful": ""}, {"useful": YES, "sentence": "x" * 301}], ids=str)
def test_what_is_no_rating(told: Bench, wrong: dict[str, str]) -> None:
    with transaction(), pytest.raises(Conflict):
        commands.rate_feedback(first(told), **wrong, by=person(told, "staff"))


def test_one_question_for_each_response(told: Bench) -> None:
    with transaction():
        ask(told)
        with pytest.raises(Conflict):
            ask(told, "And what of the plan?")
        commands.ask_about_feedback(make_review.again(told.responses[1]), text="Why?", by=person(told, "rival"))
        assert session().query(FeedbackQuestion).count() == 2


@pytest.mark.parametrize("text", ["", " \n", "x" * 2_001], ids=len)
def test_what_is_no_question(told: Bench, text: str) -> None:
    with transaction(), pytest.raises(Conflict):
        ask(told, text)


@pytest.mark.parametrize("role", ROLES)
def test_who_answers(told: Bench, role: str) -> None:
    with transaction():
        question = ask(told)
        if role in ("officer", "second"):
            commands.answer_feedback_question(question, answer="It was fair.", by=person(told, role))
            with pytest.raises(Conflict):
                commands.answer_feedback_question(question, answer="Or not.", by=person(told, role))
            return
        with pytest.raises(NotAllowed):
            commands.answer_feedback_question(question, answer="It was fair.", by=person(told, role))


def test_an_answer_changes_no_result_and_is_given_even_late(told: Bench) -> None:
    with transaction():
        question = ask(told)
        before = _result(told)
    with clock.at(clock.now() + timedelta(days=40)), transaction():
        again = session().get_one(FeedbackQuestion, question.id)
        assert timing.is_overdue(again)
        commands.answer_feedback_question(again, answer="You should have won.", by=person(told, "officer"))
        assert not timing.is_overdue(again)
        assert _result(told) == before
    with reading():
        assert list(audit.verify()) == []


def _result(bench: Bench) -> list[object]:
    awards = [(award.response_id, award.value_pence) for award in session().query(Award)]
    return [*awards, *(make_review.again(each).state for each in bench.responses)]


def ask_at_once(bench: Bench, words: str, start: Barrier) -> bool:
    start.wait()
    try:
        in_transaction(lambda: ask(bench, words))
    except Conflict:
        return False
    return True


def test_of_several_colleagues_at_once_one_asks(told: Bench) -> None:
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(ask_at_once, told, f"Words {number}", start) for number in range(4)]
        won = [f"Words {number}" for number, future in enumerate(futures) if future.result(60)]
    with reading():
        assert [each.text for each in session().query(FeedbackQuestion)] == won
    assert len(won) == 1


def desk(bench: Bench, role: str) -> list[str]:
    with reading():
        return [each.text for each in queries.awaiting(person(bench, role), clock.now())]


def test_the_desks_of_both_sides(told: Bench) -> None:
    with transaction():
        question = ask(told)
    to_do = ["Answer a question about feedback: Move the tide tables"]
    assert {role: desk(told, role) for role in ROLES} == {role: [] for role in ROLES} | {
        "officer": to_do,
        "second": to_do,
    }
    with transaction():
        again = session().get_one(FeedbackQuestion, question.id)
        commands.answer_feedback_question(again, answer="It was fair.", by=person(told, "officer"))
    assert {role: desk(told, role) for role in ROLES} == {role: [] for role in ROLES} | {
        "staff": ["Read the answer to your question about feedback: Move the tide tables"]
    }


def rated(department: Organisation, useful: list[str]) -> Need:
    """A concluded need of the department whose respondents rated their feedback so, two months ago."""
    need = make_need.open_need(department=department)
    responses = make_response.submitted_many(need, len(useful))
    make_review.notified(need)
    for response, said in zip(responses, useful, strict=True):
        by = make_response.staff(response.provider)
        commands.rate_feedback(response, useful=said, sentence=f"{said} {response.id}", by=by)
        response.told_at = clock.now() - timedelta(days=60)
    return need


@pytest.mark.parametrize(("count", "shown"), [(4, 0), (5, 5), (9, 5), (10, 10)])
def test_ratings_are_told_five_by_five(store: object, count: int, shown: int) -> None:
    with transaction():
        department = make.department()
        rated(department, [YES] * count)
        found = queries.settled_ratings()[department.id]
        assert (found.count, found.useful, len(found.sentences)) == (shown, shown, shown)
        assert found.sentences == sorted(found.sentences)


def test_ratings_that_can_still_change_and_needs_that_run_are_not_counted(store: object) -> None:
    with transaction():
        department, other = make.department(), make.department()
        rated(department, [YES, YES, PARTLY, NO, YES])
        fresh = rated(other, [YES] * 5)
        for response in session().query(Response).filter_by(need_id=fresh.id):
            response.told_at = clock.now() - timedelta(days=29)
        running = make_need.open_need(department=other)
        responses = make_response.submitted_many(running, 6)
        officer = make.officer(other)
        make_review.decided(running, by=officer)
        for response in responses[:5]:
            make_review.give_feedback(response, by=officer)
            commands.rate_feedback(response, useful=YES, by=make_response.staff(response.provider))
            response.told_at = clock.now() - timedelta(days=60)
        found = queries.settled_ratings()
        assert {key: (each.count, each.share) for key, each in found.items()} == {department.id: (5, 0.6)} | {
            key: (0, None) for key in found if key != department.id
        }
