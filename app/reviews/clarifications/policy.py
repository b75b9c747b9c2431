"""Who may ask, read and answer clarifications: pure predicates over loaded rows. No other respondent learns of one."""

from app.accounts.models import Person
from app.responses.policy import may_read_response
from app.reviews.clarifications.models import Clarification
from app.reviews.policy import may_judge_response

may_ask_clarification = may_judge_response


def may_answer_clarification(person: Person | None, clarification: Clarification | None) -> bool:
    """The provider's own staff; that its moment has passed is said on the page."""
    return clarification is not None and may_read_response(person, clarification.response)
