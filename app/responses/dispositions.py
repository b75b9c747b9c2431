"""What became of a response, from its state and its need's alone: an answer, or since when one is owed.

Every response ends: with its result and feedback, by its own provider, or with the reason for which its need was
withdrawn. Until then its provider sees by when the department is to open it and to answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock
from app.kernel.display import day
from app.needs.models import WITHDRAWN as NEED_WITHDRAWN
from app.needs.models import Need
from app.responses.models import AWARDED, DRAFT, SUBMITTED, WITHDRAWN, Response

OPENED_WITHIN, ANSWERED_WITHIN = timedelta(days=7), timedelta(days=60)

WRITING, SEALED, TO_OPEN, BEING_READ, OWED = "writing", "sealed", "to_open", "being_read", "owed"
NOT_SUBMITTED, TAKEN_BACK, NEED_ENDED = "not_submitted", "taken_back", "need_withdrawn"
WON, OUT, LOST = "awarded", "set_aside", "not_awarded"
# the ends, and the words for them in a list
ENDS = {
    NOT_SUBMITTED: "Not submitted",
    TAKEN_BACK: "Withdrawn by you",
    NEED_ENDED: "Need withdrawn",
    WON: "Awarded",
    OUT: "Set aside",
    LOST: "Not awarded",
}


@dataclass(frozen=True)
class Disposition:
    """How a response stands: its kind, by when or since when, and what its provider reads."""

    kind: str
    words: str
    at: datetime | None = None

    @property
    def in_short(self) -> str:
        """For a list."""
        if self.kind == OWED:
            return f"Owed since {day(self.at)}"
        return ENDS.get(self.kind, "Not yet")


def opening_due_at(need: Need) -> datetime | None:
    """By when the responses to a need are to be opened."""
    return need.deadline_at + OPENED_WITHIN if need.deadline_at else None


def answer_due_at(need: Need) -> datetime | None:
    """By when every respondent is to have its result and feedback."""
    return need.deadline_at + ANSWERED_WITHIN if need.deadline_at else None


def disposition_of(response: Response) -> Disposition:
    """How a response stands now, as its own staff may know it."""
    if response.state == WITHDRAWN:
        return Disposition(TAKEN_BACK, "This response is withdrawn. Nobody else will read it.")
    if response.told_at is not None:
        return _told(response)
    if response.state in (DRAFT, SUBMITTED) and response.need.state == NEED_WITHDRAWN:
        return _need_ended(response)
    if response.state == DRAFT:
        return _draft(response)
    if response.state == SUBMITTED and not response.need.is_past_deadline:
        words = "This response is sealed. An officer opens all responses at once, after the deadline."
        return Disposition(SEALED, words, response.need.deadline_at)
    return _waiting(response)


def _told(response: Response) -> Disposition:
    kind = WON if response.state == AWARDED else OUT if response.set_aside_reason else LOST
    return Disposition(kind, "The result and the feedback are on their own page.", response.told_at)


def _need_ended(response: Response) -> Disposition:
    why = response.need.withdrawal_reason.rstrip(".")
    words = f"The department withdrew this need on {day(response.need.ended_at)}. Its reason: {why}. "
    return Disposition(NEED_ENDED, f"{words}Your response stays closed: nobody else reads it.", response.need.ended_at)


def _draft(response: Response) -> Disposition:
    if response.need.is_past_deadline:
        return Disposition(NOT_SUBMITTED, "This draft was not submitted, so nobody else will read it.")
    return Disposition(WRITING, "", response.need.deadline_at)


def _waiting(response: Response) -> Disposition:
    """Submitted or opened, and past the deadline: nobody was told yet."""
    if response.state == SUBMITTED:
        kind, due = TO_OPEN, opening_due_at(response.need)
        words = f"The deadline has passed. An officer opens all responses at once: that is due by {day(due)}."
        late = "The department owes you an answer since {day}: by then the responses were to be opened."
    else:
        kind, due = BEING_READ, answer_due_at(response.need)
        words = "The department has opened the responses and is reading them. You get the result and feedback, "
        words += f"whatever the result: that is due by {day(due)}."
        late = "The department owes you an answer since {day}: by then every respondent was to have its feedback."
    if due is not None and clock.now() >= due:
        return Disposition(OWED, late.format(day=day(due)), due)
    return Disposition(kind, words, due)
