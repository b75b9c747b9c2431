"""Short makers of reviews, for use inside `with transaction():`. They go through the commands.

    with transaction():
        need = make_need.open_need(department=ministry)
        responses = make_response.submitted_many(need, 3)
        review = make_review.opened(need, by=officer)      # the deadline is moved into the past first

`by` is an officer of the department who did not write the need (a new one where none is named).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session
from app.needs.models import Need
from app.responses.models import Response
from app.responses.queries import received_responses, submissions_of
from app.reviews import commands
from app.reviews.clarifications import commands as clarifications
from app.reviews.clarifications.models import Clarification
from app.reviews.feedback import commands as feedback
from app.reviews.feedback.models import Feedback
from app.reviews.feedback.standings import JUST_BELOW, MET, derived_standing
from app.reviews.models import Review
from tests import make


def pass_deadline(need: Need) -> None:
    """Have the deadline an hour behind."""
    need.deadline_at = clock.now() - timedelta(hours=1)
    session().flush()


def opened(need: Need, *, by: Person | None = None) -> Review:
    """A review whose responses are opened."""
    if not need.is_past_deadline:
        pass_deadline(need)
    review = commands.open_responses(need, by=by or make.officer(need.department))
    session().flush()
    return review


def decided(need: Need, *, winners: Mapping[Response, int] | None = None, by: Person | None = None) -> Review:
    """A review that is decided: for these winners, or for none."""
    officer = by or make.officer(need.department)
    review = opened(need, by=officer)
    awards = winners or {}
    for response in awards:
        commands.shortlist_response(response, by=officer)
    commands.decide_review(review, awards=awards, reason="It meets every must-have at the best price.", by=officer)
    session().flush()
    return review


def told(response: Response, **other: Any) -> dict[str, Any]:
    """Feedback that can be given to an opened response: every requirement met, and somewhere below the line."""
    asked = submissions_of([response])[response.id].answers
    bands = {answer.requirement_id: {"band": MET, "sentence": "As we asked."} for answer in asked}
    standing = "" if derived_standing(response) else JUST_BELOW
    content = {"strengths": "A clear plan.", "improvements": "More evidence.", "bands": bands, "standing": standing}
    return {**content, **other}


def give_feedback(response: Response, *, by: Person, **other: Any) -> Feedback:
    """Tell one respondent."""
    given = feedback.give_feedback(response, **told(response, **other), by=by)
    session().flush()
    return given


def clarification(response: Response, *, by: Person, days: int = 3, **other: Any) -> Clarification:
    """A clarification of the offer that can be answered for some days."""
    content = {"question": "What do you mean by soon?", "answer_until": clock.now() + timedelta(days=days), **other}
    return clarifications.ask_clarification(response, **content, by=by)


def give_all_feedback(need: Need, *, by: Person) -> None:
    """Tell every respondent."""
    for response in received_responses(need):
        if response.told_at is None:
            give_feedback(response, by=by)
    session().flush()


def notified(need: Need, *, winners: Mapping[Response, int] | None = None, by: Person | None = None) -> Review:
    """A review whose respondents were all told, so that its need is concluded."""
    officer = by or make.officer(need.department)
    review = decided(need, winners=winners, by=officer)
    give_all_feedback(need, by=officer)
    return review


def again(response: Response) -> Response:
    """The response in this transaction."""
    return session().get_one(Response, response.id)
