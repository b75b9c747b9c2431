"""Who may ask, read, handle and answer questions: pure predicates over loaded rows.

The asker is shown to one person alone: the officer who handles the question, as long as it waits.
"""

from app.accounts.models import PROVIDER_ROLES, Organisation, Person
from app.accounts.policy import is_provider_staff
from app.needs.models import ANSWERS, DRAFT, LIVE, Need
from app.needs.policy import acts_for_need, has_duty, is_officer_of, may_amend_need, may_see_need
from app.needs.questions.models import END, WAITING, PublicAnswer, Question


def is_on_buying_side(person: Person, need: Need) -> bool:
    """Whether the person wrote the need, has a duty for it, or was in its department since it was posted."""
    return need.author_id == person.id or acts_for_need(person, need)


def may_read_answers(person: Person | None, need: Need) -> bool:
    """Everybody, as soon as the need was published."""
    return need.state != DRAFT and may_see_need(person, need)


def may_come_to_ask(person: Person | None, need: Need) -> bool:
    """Whoever works for a provider and is not of the buying side: the page says what can be done."""
    is_across = person is not None and is_provider_staff(person) and not is_on_buying_side(person, need)
    return is_across and need.state != DRAFT


def may_ask(person: Person | None, need: Need, organisation: Organisation) -> bool:
    """The staff of an open provider who are not of the buying side, while the need is live."""
    if person is None or not may_come_to_ask(person, need) or need.state != LIVE:
        return False
    return organisation.is_provider and organisation.is_open and person.holds(organisation.id, *PROVIDER_ROLES)


def may_read_waiting(person: Person | None, need: Need) -> bool:
    """The department's officers and the owners who answer, unless they work for a provider: rivals ask here."""
    return (is_officer_of(person, need) or has_duty(person, need, ANSWERS)) and not is_provider_staff(person)


def may_read_question(person: Person | None, question: Question | None) -> bool:
    """Those who may read the waiting questions of its need: the text as it was typed, never who typed it."""
    return question is not None and may_read_waiting(person, question.need)


def may_handle(person: Person | None, question: Question) -> bool:
    """Officers of the department who may read the question."""
    return may_read_question(person, question) and is_officer_of(person, question.need)


def is_handled(question: Question) -> bool:
    """Whether an officer has it in hand, and may still."""
    return question.handler is not None and may_handle(question.handler, question)


def handles(person: Person | None, question: Question | None) -> bool:
    """Whether the person is the officer who handles it."""
    if person is None or question is None:
        return False
    return question.handler_id == person.id and may_handle(person, question)


def may_take_on(person: Person | None, question: Question | None) -> bool:
    """Officers, while nobody has it in hand."""
    return question is not None and _waits(question) and may_handle(person, question) and not is_handled(question)


def may_hand_over(person: Person | None, question: Question | None) -> bool:
    """The officer who handles it."""
    return question is not None and _waits(question) and handles(person, question)


def may_see_asker(person: Person | None, question: Question) -> bool:
    """The officer who handles it alone, and only while it waits."""
    return _waits(question) and handles(person, question)


def may_answer(person: Person | None, question: Question | None) -> bool:
    """The officer who handles it, and the owners who answer."""
    if question is None or not _waits(question) or not may_read_question(person, question):
        return False
    return handles(person, question) or has_duty(person, question.need, ANSWERS)


def may_correct(person: Person | None, answer: PublicAnswer | None) -> bool:
    """Those who may read waiting questions; that the need has ended is said once and for all."""
    return answer is not None and answer.kind != END and may_read_waiting(person, answer.need)


def may_amend_because(person: Person | None, answer: PublicAnswer) -> bool:
    """Owners who publish, while the need is live."""
    return answer.need.state == LIVE and answer.kind != END and may_amend_need(person, answer.need)


def _waits(question: Question) -> bool:
    return question.state == WAITING
