"""Who answers what is looked at first, and who reads it."""

from app.accounts.models import PROVIDER_ROLES, Person
from app.needs.firsts.choices import IN_HOUSE
from app.needs.models import COMMITTED, DRAFT, LIVE, OPEN, Need
from app.needs.policy import has_duty, is_officer_of, may_edit_need


def is_answerable(need: Need) -> bool:
    """Whether answers may still change: in a draft, and while a live need is not open."""
    return need.state == DRAFT or (need.state == LIVE and need.rung != OPEN)


def is_asked(rung: str) -> bool:
    """Whether a need on this rung has to answer: from committed upwards."""
    return rung in (COMMITTED, OPEN)


def may_answer_firsts(person: Person | None, need: Need) -> bool:
    """Owners who draft or publish."""
    return may_edit_need(person, need)


def may_answer_first(person: Person | None, need: Need, question: str) -> bool:
    """The same; but who works for a provider does not say what in-house teams can do, and is not shown them."""
    return may_answer_firsts(person, need) and not (question == IN_HOUSE and _works_for_a_provider(person))


def may_read_answers(person: Person | None, need: Need) -> bool:
    """Everybody, once the need is published as committed or open; before that the department's own people."""
    is_public = need.state != DRAFT and is_asked(need.rung)
    return is_public or _is_own(person, need)


def may_read_candidates(person: Person | None, need: Need, question: str) -> bool:
    """Owners and officers of the department; which teams were looked at, only those who work for no provider."""
    return _is_own(person, need) and not (question == IN_HOUSE and _works_for_a_provider(person))


def _is_own(person: Person | None, need: Need) -> bool:
    return has_duty(person, need) or is_officer_of(person, need)


def _works_for_a_provider(person: Person | None) -> bool:
    return person is not None and any(membership.role in PROVIDER_ROLES for membership in person.memberships)
