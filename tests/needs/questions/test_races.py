"""Many at once, on a real database: nothing late gets in, nobody has more than twenty, and one answer is published."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import select

from app.accounts.models import Organisation, Person
from app.kernel import clock
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.needs.questions import commands, queries
from app.needs.questions.models import MOST_UNANSWERED, WAITING, Question
from tests import make
from tests.needs.questions import make as make_question
from tests.needs.questions.conftest import Asked

ASKERS = 6


def ask(need: Need, firm: Organisation, person: Person) -> datetime:
    """Ask once: the moment of the question as it was acknowledged."""
    by = session().get_one(Person, person.id)
    question = make_question.question(get_need(need.id), of=session().get_one(Organisation, firm.id), by=by)
    return question.asked_at


def ask_until_refused(need: Need, firm: Organisation, person: Person, start: Barrier) -> list[datetime]:
    told: list[datetime] = []
    start.wait()
    for _ in range(MOST_UNANSWERED * 2):
        try:
            told.append(in_transaction(lambda: ask(need, firm, person)))
        except (Conflict, IllegalMove):
            break
    return told


def firms(count: int) -> list[tuple[Organisation, Person]]:
    with transaction():
        return [(firm, make.staff(firm)) for firm in (make.supplier() for _ in range(count))]


def test_across_the_end_of_questions_what_was_acknowledged_is_there_and_nothing_late_is(asked: Asked) -> None:
    askers = firms(ASKERS)
    with transaction():
        end = clock.now() + timedelta(seconds=0.6)
        session().get_one(Need, asked.need.id).questions_until = end
    start = Barrier(ASKERS)
    with ThreadPoolExecutor(ASKERS) as pool:
        told = [pool.submit(ask_until_refused, asked.need, firm, person, start) for firm, person in askers]
        acknowledged = [moment for future in told for moment in future.result(60)]
    with reading():
        kept = list(session().scalars(select(Question.asked_at).where(Question.id != asked.question.id)))
    assert sorted(acknowledged) == sorted(kept)
    assert kept
    assert max(kept) < end


def test_colleagues_who_ask_at_once_have_twenty_together(asked: Asked) -> None:
    with transaction():
        firm = make.supplier()
        staff = [make.staff(firm) for _ in range(4)]
    start = Barrier(len(staff))
    with ThreadPoolExecutor(len(staff)) as pool:
        told = [pool.submit(ask_until_refused, asked.need, firm, person, start) for person in staff]
        assert sum(len(future.result(60)) for future in told) == MOST_UNANSWERED
    with reading():
        assert queries.count_unanswered(asked.need, firm) == MOST_UNANSWERED


def publish(asked: Asked, wording: str, start: Barrier) -> bool:
    """Try to publish an answer; whether it was this one."""

    def attempt() -> None:
        question = make_question.again(asked.question)
        by = make_question.answerer(question.need)
        commands.publish_answer(question, make_question.content(wording=wording), by=by)

    start.wait()
    try:
        in_transaction(attempt)
    except (Conflict, IllegalMove):
        return False
    return True


def test_of_several_answers_at_once_one_is_published(asked: Asked) -> None:
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        told = [pool.submit(publish, asked, f"Wording {number}", start) for number in range(4)]
        won = [number for number, future in enumerate(told) if future.result(60)]
    with reading():
        assert [answer.wording for answer in queries.answers_of(asked.need)] == [f"Wording {number}" for number in won]
    assert len(won) == 1


def withdraw(asked: Asked, start: Barrier) -> None:
    def attempt() -> None:
        need = get_need(asked.need.id)
        needs.withdraw_need(need, reason="Over.", by=make_question.answerer(need))

    start.wait()
    in_transaction(attempt)


def test_a_need_that_is_withdrawn_while_people_ask_leaves_no_question_waiting(asked: Asked) -> None:
    askers = firms(3)
    start = Barrier(len(askers) + 1)
    with ThreadPoolExecutor(len(askers) + 1) as pool:
        told = [pool.submit(ask_until_refused, asked.need, firm, person, start) for firm, person in askers]
        pool.submit(withdraw, asked, start).result(60)
        count = sum(len(future.result(60)) for future in told)
    with reading():
        found = session().scalars(select(Question)).all()
        assert len(found) == count + 1
        assert [each for each in found if each.state == WAITING] == []
