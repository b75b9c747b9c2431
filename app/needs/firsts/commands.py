"""Answering what is looked at first."""

from collections.abc import Sequence
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import add_once, session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.firsts import policy
from app.needs.firsts.choices import QUESTIONS, Question, faults
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.queries import find_answer
from app.needs.firsts.shown import Shown
from app.needs.models import LIVE, Need


def answer_first(
    need: Need,
    question: str,
    *,
    answer: str,
    reason: str = "",
    chosen: str = "",
    seen: Sequence[Shown] = (),
    by: Person,
) -> FirstAnswer:
    """Keep the answer to one of the three questions, with the candidates that were shown; the same again is nothing."""
    said = {"answer": answer, "reason": reason.strip(), "chosen": chosen}
    _require_good(need, _known(question), said, seen, by)
    kept = find_answer(need, question)
    if kept and all(getattr(kept, name) == value for name, value in said.items()):
        return kept
    before = _facts(kept) if kept else None
    kept = _write(kept or FirstAnswer(need=need, question=question), said, seen, by)
    facts = {"need": need.id, "question": question, "before": before, "after": _facts(kept)}
    audit.record("answer_first", kept, by=by, facts=facts)
    if need.state == LIVE and policy.is_asked(need.rung):
        notices.post("need.answered_first", subject=kept, facts={"question": question})
    return kept


def _known(question: str) -> Question:
    if question not in QUESTIONS:
        raise Conflict("There is no such question.")
    return QUESTIONS[question]


def _require_good(need: Need, question: Question, said: dict[str, str], seen: Sequence[Shown], by: Person) -> None:
    if not policy.may_answer_first(by, need, question.key):
        raise NotAllowed("Owners who write or publish the need answer; about in-house teams those without a provider.")
    if not policy.is_answerable(need):
        raise IllegalMove("What was looked at first is answered before the need is open.")
    wrong = faults(question, **said, shown={each.name for each in seen})
    if wrong:
        raise Conflict(f"{wrong[0].sentence}.")


def _write(kept: FirstAnswer, said: dict[str, str], seen: Sequence[Shown], by: Person) -> FirstAnswer:
    for name, value in said.items():
        setattr(kept, name, value)
    kept.candidates = [each.as_facts() for each in seen]
    kept.answered_by_id, kept.answered_at = by.id, clock.now()
    kept.need.changed_at = kept.answered_at
    add_once(kept, "A colleague answered this question at the same moment. Look at it again.")
    session().expire(kept, ["answered_by"])
    return kept


def _facts(answer: FirstAnswer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in ("answer", "reason", "chosen", "candidates")}
