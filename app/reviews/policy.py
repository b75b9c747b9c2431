"""Who may do what in a review: pure predicates over loaded rows.

Whoever works for a provider that responded is kept out by `queries.get_need_under_review`, before these are asked.
"""

from app.accounts.models import Person
from app.needs.models import CLOSED, CONCLUDED, LIVE, OPEN, Need
from app.needs.policy import has_duty, is_officer_of
from app.responses.models import Response
from app.responses.policy import may_read_response


def may_see_review(person: Person | None, need: Need) -> bool:
    """The department's officers, and the need's owners: how far the review is, and what was decided."""
    is_reviewable = need.rung == OPEN and need.state in (LIVE, CLOSED, CONCLUDED)
    return is_reviewable and (is_officer_of(person, need) or has_duty(person, need))


def may_read_responses(person: Person | None, need: Need) -> bool:
    """The department's officers read what was opened."""
    return is_officer_of(person, need)


def may_review(person: Person | None, need: Need) -> bool:
    """An officer of the department, but never the need's author."""
    return person is not None and is_officer_of(person, need) and need.author_id != person.id


may_open_responses = may_decide_review = may_review


def may_read_received(person: Person | None, response: Response | None) -> bool:
    """Who may read the responses of its need, once it is opened."""
    return response is not None and not response.is_sealed and may_read_responses(person, response.need)


def may_judge_response(person: Person | None, response: Response | None) -> bool:
    """Who may review its need, once it is opened."""
    return response is not None and not response.is_sealed and may_review(person, response.need)


may_shortlist_response = may_set_aside_response = may_give_feedback = may_judge_response


def may_read_result(person: Person | None, response: Response | None) -> bool:
    """The provider's own staff, once they were told."""
    return response is not None and response.told_at is not None and may_read_response(person, response)
