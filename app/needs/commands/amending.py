"""Amending what was published: with a reason, and a difference that people can read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.needs import audience, differences, drafting, extending, ladder, queries
from app.needs.commands.inviting import tell_invited
from app.needs.commands.rules import given_cause, given_reason, require_amendable, watch_deadline
from app.needs.models import OPEN, Amendment, Need
from app.needs.questions.models import PublicAnswer
from app.needs.questions.timing import end_faults
from app.needs.sections import Proposed, stored

ONLY_LATER = "The deadline of an open need can only move later."


def amend_need(
    need: Need,
    section: str,
    content: Mapping[str, Any],
    *,
    reason: str,
    by: Person,
    deadline_at: datetime | None = None,
    cause: PublicAnswer | None = None,
) -> Amendment:
    """Change one section of what was published, and the deadline with it where a later one is given, with a reason.

    `cause` is a published answer of the same need from which the change follows.
    """
    require_amendable(need, section)
    new = as_amended(need, section, content, deadline_at)
    faults = amendment_faults(need, section, content, deadline_at)
    changes = differences.changes(need, section, new)
    if faults or not changes:
        raise Conflict(faults[0] if faults else "Nothing has changed.")
    amendment = write_amendment(need, given_reason(reason), changes, given_cause(need, cause))
    before, invited = _audited(need, section), list(need.invited_organisations)
    drafting.write(need, new)
    need.changed_at = clock.now()
    watch_deadline(need)
    facts = {"section": section, "answer": amendment.answer_id, "before": before, "after": _audited(need, section)}
    tell_amendment(amendment, facts, by=by)
    tell_invited(need, invited)
    return amendment


def tell_amendment(amendment: Amendment, facts: Mapping[str, Any], *, by: Person) -> None:
    """Enter an amendment into the audit, and have those who follow the need hear of it."""
    need, told = amendment.need, {"number": amendment.number, "reason": amendment.reason}
    audit.record("amend", need, by=by, facts={**told, **facts})
    notices.post("need.amended", subject=need, facts={"number": amendment.number, "section": facts["section"]})


def as_amended(
    need: Need, section: str, content: Mapping[str, Any], deadline_at: datetime | None = None
) -> dict[str, Any]:
    """The fields as an amendment would write them: the section's own, and the deadline where a later one is given."""
    later = {"deadline_at": deadline_at} if deadline_at else {}
    return {**drafting.proposed(need, section, content), **later}


def _audited(need: Need, section: str) -> dict[str, Any]:
    return {**stored(need, section), "deadline_at": need.deadline_at}


def write_amendment(
    need: Need, reason: str, changes: list[differences.Change], answer_id: str | None = None
) -> Amendment:
    """Write the next amendment of a need, of which the change itself is made by whoever calls."""
    number = queries.count_amendments(need) + 1
    amendment = Amendment(need=need, number=number, reason=reason, changes=changes, at=clock.now())
    amendment.answer_id = answer_id
    session().add(amendment)
    return amendment


def amendment_faults(
    need: Need, section: str, content: Mapping[str, Any], deadline_at: datetime | None = None
) -> list[str]:
    """Why what was published may not become so: sentences for the person who tries."""
    after: Any = Proposed(need, as_amended(need, section, content, deadline_at))
    faults = [lack.sentence for lack in ladder.missing(after) if lack not in ladder.missing(need)]
    if need.rung == OPEN:
        faults += _faults_of_open(need, after)
    if deadline_at and not (need.rung == OPEN and extending.is_later(need, deadline_at)):
        faults.append(ONLY_LATER)
    return list(dict.fromkeys(faults))


def _faults_of_open(need: Need, after: Any) -> list[str]:
    """What suppliers who work on a response are sure of."""
    faults = []
    if {row.id for row in need.requirements} - {row.id for row in after.requirements}:
        faults.append("An open need keeps each requirement, since suppliers answer it. Change its words instead.")
    if after.deadline_at is None or (need.deadline_at and after.deadline_at < need.deadline_at):
        faults.append(ONLY_LATER)
    faults += end_faults(need, after)
    if audience.is_narrower(need, after):
        faults.append("More can take part in an open need, but not fewer: suppliers may be working on a response.")
    return faults
