"""Until when feedback can be rated and asked about, and by when a question about it is to be answered."""

from datetime import datetime, timedelta
from typing import Any

from app.kernel import clock

RATED_WITHIN = ASKED_WITHIN = timedelta(days=30)
ANSWERED_WITHIN = timedelta(days=14)


def rating_ends(response: Any) -> datetime | None:
    """Until when feedback can be rated; at that moment itself is late."""
    return response.told_at + RATED_WITHIN if response.told_at else None


def asking_ends(response: Any) -> datetime | None:
    """Until when the one question can be asked; at that moment itself is late."""
    return response.told_at + ASKED_WITHIN if response.told_at else None


def takes_rating(response: Any) -> bool:
    """Whether feedback can still be rated, or its rating changed."""
    end = rating_ends(response)
    return end is not None and clock.now() < end


def takes_question(response: Any) -> bool:
    """Whether the one question can still be asked."""
    end = asking_ends(response)
    return end is not None and clock.now() < end


def answer_due_at(question: Any) -> datetime:
    """By when officers are to answer."""
    due: datetime = question.asked_at + ANSWERED_WITHIN
    return due


def is_overdue(question: Any) -> bool:
    """Whether its answer is late."""
    return question.answered_at is None and clock.now() >= answer_due_at(question)
