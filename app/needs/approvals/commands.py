"""Asking for an approval, and answering it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, NotAllowed
from app.needs import ladder
from app.needs.approvals.models import Approval
from app.needs.approvals.policy import may_answer_approval
from app.needs.approvals.queries import find_asked
from app.needs.commands import as_moved, given_reason, move_rung, publish_need, require_movable, require_ready, said_of
from app.needs.models import DRAFT, Need
from app.needs.policy import may_publish_need

STALE = "The need was changed after the approval was asked for. Return it, and have it asked for again."


def ask_approval(
    need: Need,
    to: str,
    *,
    by: Person,
    reason: str = "",
    deadline_at: datetime | None = None,
    questions_until: datetime | None = None,
    signal: Mapping[str, Any] | None = None,
) -> Approval:
    """Ask the officers to approve a step to committed or open; an earlier request is taken back by it."""
    moments = {"deadline_at": deadline_at, "questions_until": questions_until}
    after = need if need.state == DRAFT else as_moved(need, to, **moments, signal=signal)
    _require_askable(need, after, to, reason)
    earlier = find_asked(need)
    if earlier:
        withdraw_approval(earlier, by=by)
    approval = Approval(need=need, to_rung=to, reason=reason, **moments, **said_of(after))
    approval.asked_by_id, approval.asked_at = by.id, clock.now()
    session().add(approval)
    audit.record("ask_approval", need, by=by, facts={"to": to, "reason": reason, **moments})
    notices.post("need.approval_asked", subject=need, facts={"asked_by": by.id})
    return approval


def _require_askable(need: Need, after: Any, to: str, reason: str) -> None:
    if not ladder.is_climb(need, to):
        raise Conflict("Only a step up to committed or open takes an approval.")
    if need.state != DRAFT:
        require_movable(need)
        given_reason(reason)
    require_ready(need, after, to)


def give_approval(approval: Approval, *, note: str = "", by: Person) -> None:
    """Approve, and publish or move the need at once. Moves: approval asked -> approved; need draft -> live."""
    need, asker = approval.need, approval.asked_by
    _require_answerable(approval, by)
    if approval.is_stale:
        raise Conflict(STALE)
    if not may_publish_need(asker, need):
        raise Conflict("Who asked for it publishes this need no more. Return it, and have a colleague ask again.")
    # before anything is written: a day that passed while it waited leaves the request as it was
    after = need if need.state == DRAFT else as_moved(need, approval.to_rung, **_step_of(approval))
    require_ready(need, after, approval.to_rung)
    approval.move("approve")
    _answer(approval, note, by)
    audit.record("approve", need, by=by, facts={"to": approval.to_rung, "asked_by": asker.id, "note": note})
    notices.post("need.approved", subject=need, facts={"asked_by": asker.id})
    if need.state == DRAFT:
        publish_need(need, by=asker, approved_by=by)
    else:
        step = _step_of(approval)
        move_rung(need, approval.to_rung, reason=approval.reason, **step, by=asker, approved_by=by)


def _step_of(approval: Approval) -> dict[str, Any]:
    moments = {"deadline_at": approval.deadline_at, "questions_until": approval.questions_until}
    return {**moments, "signal": said_of(approval)}


def return_approval(approval: Approval, *, note: str, by: Person) -> None:
    """Give the need back to who asked, with what is to be mended. Moves: approval asked -> returned."""
    _require_answerable(approval, by)
    if not note.strip():
        raise Conflict("Say what is to be mended.")
    approval.move("return")
    _answer(approval, note.strip(), by)
    audit.record("return", approval.need, by=by, facts={"to": approval.to_rung, "note": approval.note})
    notices.post("need.approval_returned", subject=approval.need, facts={"asked_by": approval.asked_by_id})


def withdraw_approval(approval: Approval, *, by: Person) -> None:
    """Take the request back. Moves: approval asked -> withdrawn."""
    approval.move("withdraw")
    _answer(approval, "", by)
    audit.record("withdraw_approval", approval.need, by=by, facts={"to": approval.to_rung})
    session().flush()


def forget_request(need: Need, *, by: Person) -> None:
    """Take back what was asked for before the need went another way: nobody has to answer it any more."""
    asked = find_asked(need)
    if asked:
        withdraw_approval(asked, by=by)


def _answer(approval: Approval, note: str, by: Person) -> None:
    approval.answered_by_id, approval.answered_at, approval.note = by.id, clock.now(), note


def _require_answerable(approval: Approval, by: Person) -> None:
    if not may_answer_approval(by, approval):
        raise NotAllowed("An officer answers who did not ask for the approval and did not write the need.")
