"""Reading feedback: what was told, and what is written of it so far."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel.db import session
from app.responses.models import Response
from app.reviews.feedback.models import Feedback, FeedbackDraft
from app.reviews.models import Award, Review


def find_feedback(response: Response) -> Feedback | None:
    """What this respondent was told."""
    wanted = select(Feedback).where(Feedback.response_id == response.id)
    return session().scalar(wanted.options(joinedload(Feedback.given_by)))


def find_draft(response: Response) -> FeedbackDraft | None:
    """What is written of its feedback so far."""
    wanted = select(FeedbackDraft).where(FeedbackDraft.response_id == response.id)
    return session().scalar(wanted.options(joinedload(FeedbackDraft.saved_by)))


def drafted(responses: Iterable[Response]) -> set[str]:
    """The ids of those responses whose feedback was begun."""
    ids = [response.id for response in responses]
    return set(session().scalars(select(FeedbackDraft.response_id).where(FeedbackDraft.response_id.in_(ids))))


def has_winner(review: Review) -> bool:
    """Whether anything was awarded."""
    return session().scalar(select(Award.id).where(Award.review_id == review.id).limit(1)) is not None


def content_of(draft: FeedbackDraft | None) -> dict[str, Any]:
    """What the draft holds; before it is begun, nothing: what was not judged is not filled in."""
    if draft is None:
        return {"strengths": "", "improvements": "", "bands": {}, "standing": ""}
    return {
        "strengths": draft.strengths,
        "improvements": draft.improvements,
        "bands": draft.bands,
        "standing": draft.standing,
    }
