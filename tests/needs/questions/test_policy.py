"""Who may do what with questions: every role, every act, every state, over rows without a database."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from app.accounts.models import (
    BUYER,
    DEPARTMENT,
    IN_HOUSE_TEAM,
    LEAD,
    OFFICER,
    STAFF,
    SUPPLIER,
    Membership,
    Organisation,
    Person,
)
from app.needs.models import ANSWERS, PUBLISHES, READS, Need, NeedOwner
from app.needs.questions import policy
from app.needs.questions.models import ANSWER, CORRECTION, DECLINE, END, WAITING, PublicAnswer, Question
from tests.needs.test_policy import WAYS

OURS, THEIRS, ACME, TEAM = "ministry", "agency", "acme", "team"
KINDS = {OURS: DEPARTMENT, THEIRS: DEPARTMENT, ACME: SUPPLIER, TEAM: IN_HOUSE_TEAM}
# (role, organisation) of each membership, and the duty for the need (or none)
ROLES: dict[str, tuple[list[tuple[str, str]], str]] = {
    "supplier staff": ([(STAFF, ACME)], ""),
    "supplier lead": ([(LEAD, ACME)], ""),
    "team staff": ([(STAFF, TEAM)], ""),
    "buyer elsewhere": ([(BUYER, THEIRS)], ""),
    "officer elsewhere": ([(OFFICER, THEIRS)], ""),
    "colleague": ([(BUYER, OURS)], ""),
    "officer": ([(OFFICER, OURS)], ""),
    "handler": ([(OFFICER, OURS)], ""),
    "handler no more": ([(BUYER, OURS)], ""),
    "answers": ([(BUYER, OURS)], ANSWERS),
    "publishes": ([(BUYER, OURS)], PUBLISHES),
    "reads": ([(BUYER, OURS)], READS),
    "left": ([], ANSWERS),
    "officer and rival": ([(OFFICER, OURS), (STAFF, ACME)], ""),
    "answers and rival": ([(BUYER, OURS), (STAFF, ACME)], ANSWERS),
    "handler and rival": ([(OFFICER, OURS), (STAFF, ACME)], ""),
    "left to a supplier": ([(STAFF, ACME)], ANSWERS),
}
EVERYBODY = {"nobody", "operator", *ROLES}
ACROSS = {"supplier staff", "supplier lead", "team staff"}
ANSWERERS = {"officer", "handler", "answers"}
NEED_STATES, QUESTION_STATES = Need.states(), Question.states()


def a_person(role: str) -> Person | None:
    if role == "nobody":
        return None
    held, _ = ROLES.get(role, ([], ""))
    person = Person(id=role, is_operator=role == "operator", memberships=[])
    for job, place in held:
        person.memberships.append(Membership(organisation_id=place, role=job, organisation=an_organisation(place)))
    return person


def an_organisation(place: str) -> Organisation:
    return Organisation(id=place, kind=KINDS[place], name=place)


def a_need(role: str, person: Person | None, state: str) -> Need:
    need = Need(department_id=OURS)
    while need.state != state:
        need.move(next(verb for verb in WAYS[state] if need.can(verb)))
    duty = ROLES.get(role, ([], ""))[1]
    if duty and person:
        need.owners.append(NeedOwner(person_id=person.id, duty=duty, person=person))
    return need


def a_question(role: str, need: Need, person: Person | None, state: str, *, is_taken: bool) -> Question:
    question = Question(need=need, text="?")
    if state != WAITING:
        question.move(next(verb for verb, move in Question.MOVES.items() if move.target == state))
    if person and role.startswith("handler"):
        question.handler, question.handler_id = person, person.id
    elif is_taken:
        other = a_person("handler")
        question.handler, question.handler_id = other, "handler"
    return question


@pytest.mark.parametrize(("role", "state"), list(product(sorted(EVERYBODY), NEED_STATES)))
def test_who_may_read_and_ask_about_a_need(role: str, state: str) -> None:
    person = a_person(role)
    need = a_need(role, person, state)
    assert policy.may_read_answers(person, need) == (state != "draft")
    assert policy.may_come_to_ask(person, need) == (role in ACROSS and state != "draft")
    assert policy.may_read_waiting(person, need) == (role in ANSWERERS)
    for place in KINDS:
        own = {"supplier staff": ACME, "supplier lead": ACME, "team staff": TEAM}.get(role)
        assert policy.may_ask(person, need, an_organisation(place)) == (state == "live" and place == own)


def test_nobody_asks_for_a_provider_that_is_closed() -> None:
    person = a_person("supplier staff")
    closed = an_organisation(ACME)
    assert policy.may_ask(person, a_need("", None, "live"), closed)
    closed.closed_at = True  # type: ignore[assignment]
    assert not policy.may_ask(person, a_need("", None, "live"), closed)


ACTS: dict[Callable[..., bool], Callable[[str, str, bool], bool]] = {
    policy.may_read_question: lambda role, state, is_taken: role in ANSWERERS,
    policy.may_take_on: lambda role, state, is_taken: role == "officer" and state == WAITING and not is_taken,
    policy.may_hand_over: lambda role, state, is_taken: role == "handler" and state == WAITING,
    policy.may_see_asker: lambda role, state, is_taken: role == "handler" and state == WAITING,
    policy.may_answer: lambda role, state, is_taken: role in ("handler", "answers") and state == WAITING,
}
EVERY_CASE = list(product(sorted(EVERYBODY), QUESTION_STATES, [True, False]))


@pytest.mark.parametrize(("role", "state", "is_taken"), EVERY_CASE)
def test_acts_on_a_question_are_for_these_roles_alone(role: str, state: str, is_taken: bool) -> None:
    person = a_person(role)
    question = a_question(role, a_need(role, person, "live"), person, state, is_taken=is_taken)
    allowed = {act.__name__ for act in ACTS if act(person, question)}
    assert allowed == {act.__name__ for act, may in ACTS.items() if may(role, state, is_taken)}


@pytest.mark.parametrize("role", ["handler no more", "handler and rival"])
def test_an_officer_who_may_not_handle_it_any_more_has_it_in_hand_no_more(role: str) -> None:
    person = a_person(role)
    question = a_question(role, a_need(role, person, "live"), person, WAITING, is_taken=False)
    assert not policy.is_handled(question)
    assert policy.may_take_on(a_person("officer"), question)


@pytest.mark.parametrize(("role", "kind"), list(product(sorted(EVERYBODY), [ANSWER, DECLINE, CORRECTION, END])))
def test_who_corrects_an_answer_and_who_amends_because_of_it(role: str, kind: str) -> None:
    person = a_person(role)
    need: Any = a_need(role, person, "live")
    answer = PublicAnswer(need=need, kind=kind)
    assert policy.may_correct(person, answer) == (role in ANSWERERS and kind != END)
    assert policy.may_amend_because(person, answer) == (role == "publishes" and kind != END)
