"""Who may do what in a review: pure predicates over loaded rows.

Whoever works for a provider finds no review at all, whether that provider answered or not: else its absence would tell
that there is an answer. Who left a provider that answered is kept out by `queries.is_of_a_respondent`.
"""

from app.accounts.models import Person
from app.needs.models import CLOSED, CONCLUDED, DRAFTS, LIVE, OPEN, Need
from app.needs.policy import has_duty, is_officer_of
from app.providers.policy import works_for_a_provider
from app.responses.models import Response
from app.responses.policy import may_read_response


def may_see_review(person: Person | None, need: Need) -> bool:
    """The department's officers, and the need's owners: how far the review is, and what was decided."""
    is_reviewable = need.rung == OPEN and need.state in (LIVE, CLOSED, CONCLUDED)
    is_inside = is_officer_of(person, need) or has_duty(person, need)
    return is_reviewable and is_inside and not works_for_a_provider(person)


def may_read_responses(person: Person | None, need: Need) -> bool:
    """The department's officers read what was opened."""
    return is_officer_of(person, need) and not works_for_a_provider(person)


def may_review(person: Person | None, need: Need) -> bool:
    """An officer of the department, but never the need's author, nor who has the duty to draft it."""
    if person is None or need.author_id == person.id or has_duty(person, need, DRAFTS):
        return False
    return may_read_responses(person, need)


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
