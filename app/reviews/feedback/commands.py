"""Changing feedback: keeping a draft of it, and telling a respondent once and for all."""

from collections.abc import Mapping
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import add_once, session
from app.kernel.errors import Conflict, IllegalMove
from app.responses.models import Response
from app.responses.queries import submissions_of
from app.reviews.commands import notify_review, require_reviewer
from app.reviews.feedback import queries
from app.reviews.feedback.models import Feedback, FeedbackDraft
from app.reviews.feedback.standings import BANDS, standings_for
from app.reviews.models import DECIDED, Review
from app.reviews.queries import feedback_owed, get_review

Bands = Mapping[str, Mapping[str, str]]


def save_draft(
    response: Response, *, strengths: str, improvements: str, bands: Bands, standing: str = "", by: Person
) -> FeedbackDraft:
    """Keep what is written of a respondent's feedback, finished or not; nobody is told."""
    _require_decided(response, by)
    if response.told_at is not None:
        raise Conflict("This respondent has its feedback already.")
    draft = queries.find_draft(response)
    if draft is None:
        draft = FeedbackDraft(response=response)
    draft.strengths, draft.improvements, draft.standing = strengths.strip(), improvements.strip(), standing
    draft.bands = {key: dict(told) for key, told in bands.items()}
    draft.saved_by_id, draft.saved_at = by.id, clock.now()
    add_once(draft, "A colleague began this feedback at the same moment.")
    audit.record("save_feedback_draft", response, by=by)
    return draft


def give_feedback(
    response: Response, *, strengths: str, improvements: str, bands: Bands, standing: str = "", by: Person
) -> Feedback:
    """Tell a respondent the result, requirement by requirement, what was strong and what would have changed it.

    Moves, with the last feedback that was owed: review decided -> notified; need closed -> concluded
    """
    review = _require_decided(response, by)
    if not (strengths.strip() and improvements.strip()):
        raise Conflict("Say what was strong, and what would have changed the result.")
    feedback = Feedback(
        response=response,
        strengths=strengths.strip(),
        improvements=improvements.strip(),
        bands=_told_bands(response, bands),
        standing=_told_standing(response, review, standing),
        given_by_id=by.id,
        given_at=clock.now(),
    )
    add_once(feedback, "This respondent has its feedback already.")
    _forget_draft(response)
    response.told_at = clock.now()
    audit.record("give_feedback", response, by=by, facts=_facts(feedback))
    notices.post("response.feedback", subject=response)
    if not feedback_owed(review):
        notify_review(review, by)
    return feedback


def _require_decided(response: Response, by: Person) -> Review:
    require_reviewer(response.need, by)
    review = get_review(response.need)
    if response.is_sealed or review.state != DECIDED:
        raise IllegalMove("Feedback is given once, after the decision.")
    return review


def _told_bands(response: Response, bands: Bands) -> list[dict[str, Any]]:
    """One band for each requirement, in the words in which it was asked when it was answered."""
    answers = submissions_of([response])[response.id].answers
    if {answer.requirement_id for answer in answers} != set(bands):
        raise Conflict("Say of each requirement, and of no other, how far the response met it.")
    if any(told.get("band") not in BANDS for told in bands.values()):
        raise Conflict("Say of each requirement whether it was met, nearly met or not met.")
    return [
        {
            "requirement": answer.requirement_id,
            "asked": answer.asked,
            "kind": answer.kind,
            "band": bands[answer.requirement_id]["band"],
            "sentence": bands[answer.requirement_id].get("sentence", "").strip(),
        }
        for answer in answers
    ]


def _told_standing(response: Response, review: Review, standing: str) -> str:
    """The standing that an officer chose; what follows from the response's state is not kept again."""
    choices = standings_for(response, queries.has_winner(review))
    if choices and standing not in choices:
        raise Conflict("Say where the response stood against the line.")
    return standing if choices else ""


def _facts(feedback: Feedback) -> dict[str, Any]:
    told = {"strengths": feedback.strengths, "improvements": feedback.improvements, "standing": feedback.standing}
    bands = {each["requirement"]: [each["band"], each["sentence"]] for each in feedback.bands}
    return {**told, "bands": bands}


def _forget_draft(response: Response) -> None:
    draft = queries.find_draft(response)
    if draft is not None:
        session().delete(draft)
        session().flush()
