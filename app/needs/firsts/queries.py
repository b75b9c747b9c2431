"""Reading what was looked at first: the answers, those that are still asked, and as much as a person may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.kernel.db import session
from app.needs.firsts import policy
from app.needs.firsts.choices import IN_HOUSE, QUESTIONS, Question
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.shown import Shown
from app.needs.models import Need


@dataclass(frozen=True)
class Told:
    """One answer as a person may read it; `shown` is None where the candidates are not for them."""

    question: Question
    label: str
    reason: str
    chosen: Shown | None
    shown: Sequence[Shown] | None
    answered_by: str
    answered_at: datetime


def answers_of(need: Need) -> list[FirstAnswer]:
    """The need's answers, in the order of the questions."""
    wanted = select(FirstAnswer).where(FirstAnswer.need_id == need.id).options(joinedload(FirstAnswer.answered_by))
    order = list(QUESTIONS)
    return sorted(session().scalars(wanted), key=lambda each: order.index(each.question))


def find_answer(need: Need, question: str) -> FirstAnswer | None:
    """The need's answer to one question."""
    wanted = select(FirstAnswer).where(FirstAnswer.need_id == need.id, FirstAnswer.question == question)
    return session().scalar(wanted)


def unanswered_firsts(need: Any, rung: str) -> list[str]:
    """The questions that a need still has to answer before it stands on this rung; none below committed."""
    if not policy.is_asked(rung):
        return []
    given = set(session().scalars(select(FirstAnswer.question).where(FirstAnswer.need_id == need.id)))
    return [question for question in QUESTIONS if question not in given]


def standing_of_firsts(need: Need) -> str:
    """How far the answers have come: *done*, *begun*, *empty*, or *optional* while the rung does not ask for them."""
    given = set(session().scalars(select(FirstAnswer.question).where(FirstAnswer.need_id == need.id)))
    if len(given) == len(QUESTIONS):
        return "done"
    return ("begun" if given else "empty") if policy.is_asked(need.rung) else "optional"


def told_to(person: Person | None, need: Need) -> list[Told]:
    """The need's answers as this person may read them; none where they may not."""
    if not policy.may_read_answers(person, need):
        return []
    return [_told(person, need, each) for each in answers_of(need)]


def _told(person: Person | None, need: Need, answer: FirstAnswer) -> Told:
    question = QUESTIONS[answer.question]
    known = question.find_answer(answer.answer)
    is_inside = policy.may_read_candidates(person, need, question.key)
    return Told(
        question,
        known.label if known else answer.answer,
        answer.reason,
        # which team was thought of is not for its rivals
        answer.chosen_one if is_inside or question.key != IN_HOUSE else None,
        answer.shown if is_inside else None,
        answer.answered_by.name if is_inside else "",
        answer.answered_at,
    )
