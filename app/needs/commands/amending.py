"""Amending what was published: with a reason, and a difference that people can read."""

from collections.abc import Mapping
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.needs import differences, drafting, ladder, queries
from app.needs.commands.rules import given_cause, given_reason, require_amendable, watch_deadline
from app.needs.models import OPEN, Amendment, Need
from app.needs.questions.models import PublicAnswer
from app.needs.questions.timing import end_faults
from app.needs.sections import Proposed, stored


def amend_need(
    need: Need,
    section: str,
    content: Mapping[str, Any],
    *,
    reason: str,
    by: Person,
    cause: PublicAnswer | None = None,
) -> Amendment:
    """Change one section of what was published, with a reason, a readable difference, and the answer it follows from.

    The answer, where there is one, is a published one of the same need.
    """
    require_amendable(need, section)
    new = drafting.proposed(need, section, content)
    changes = differences.changes(need, section, new)
    faults = amendment_faults(need, section, new)
    if faults or not changes:
        raise Conflict(faults[0] if faults else "Nothing has changed.")
    amendment = _write_amendment(need, given_reason(reason), changes, given_cause(need, cause))
    before = stored(need, section)
    drafting.write(need, new)
    need.changed_at = clock.now()
    watch_deadline(need)
    facts = {"number": amendment.number, "section": section, "reason": amendment.reason, "answer": amendment.answer_id}
    audit.record("amend", need, by=by, facts={**facts, "before": before, "after": stored(need, section)})
    notices.post("need.amended", subject=need, facts={"number": amendment.number, "section": section})
    return amendment


def _write_amendment(need: Need, reason: str, changes: list[differences.Change], answer_id: str | None) -> Amendment:
    number = queries.count_amendments(need) + 1
    amendment = Amendment(need=need, number=number, reason=reason, changes=changes, at=clock.now())
    amendment.answer_id = answer_id
    session().add(amendment)
    return amendment


def amendment_faults(need: Need, section: str, content: Mapping[str, Any]) -> list[str]:
    """Why what was published may not become so: sentences for the person who tries."""
    after: Any = Proposed(need, drafting.proposed(need, section, content))
    faults = [lack.sentence for lack in ladder.missing(after) if lack not in ladder.missing(need)]
    if need.rung == OPEN:
        if {row.id for row in need.requirements} - {row.id for row in after.requirements}:
            faults.append("An open need keeps each requirement, since suppliers answer it. Change its words instead.")
        if after.deadline_at is None or (need.deadline_at and after.deadline_at < need.deadline_at):
            faults.append("The deadline of an open need can only move later.")
        faults += end_faults(need, after)
    return faults
