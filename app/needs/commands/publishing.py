"""Publishing a need, moving it on the ladder, and looking at its signal again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import ladder, policy
from app.needs.commands.inviting import tell_invited
from app.needs.commands.rules import given_reason, require_movable, watch_deadline
from app.needs.firsts.queries import unanswered_firsts
from app.needs.models import OPEN, RUNGS, SIGNAL, Need, RungMove
from app.needs.sections import Proposed

FIRSTS = "firsts"
NOBODY_APPROVED = "A committed or open need takes the approval of a procurement officer who did not ask for it."


def publish_need(need: Need, *, by: Person, approved_by: Person | None = None) -> None:
    """Put a complete draft before everybody; a firm one with an officer's approval. Moves: need draft -> live."""
    if need.can("publish"):
        require_ready(need, need, need.rung)
        _require_approval(need, need.rung, by, approved_by)
    need.move("publish")
    need.published_at = need.changed_at = clock.now()
    _step(need, "", need.rung, "Published")
    watch_deadline(need)
    facts = {"rung": need.rung, "title": need.title, "approved_by": approved_by.id if approved_by else None}
    audit.record("publish", need, by=by, facts=facts)
    notices.post("need.published", subject=need, facts={"rung": need.rung})
    tell_invited(need)


def move_rung(
    need: Need,
    to: str,
    *,
    reason: str,
    by: Person,
    deadline_at: datetime | None = None,
    questions_until: datetime | None = None,
    signal: Mapping[str, Any] | None = None,
    approved_by: Person | None = None,
) -> None:
    """Move a live need on the ladder: up to committed or open with an officer's approval, to open with deadlines."""
    require_movable(need)
    if to not in RUNGS or to == need.rung:
        raise Conflict("Choose another rung than the one the need is on.")
    before, why = need.rung, given_reason(reason)
    after = as_moved(need, to, deadline_at=deadline_at, questions_until=questions_until, signal=signal)
    require_ready(need, after, to)
    _require_approval(need, to, by, approved_by)
    _say(need, {name: getattr(after, name) for name in SIGNAL})
    need.rung, need.deadline_at, need.questions_until = to, after.deadline_at, after.questions_until
    _step(need, before, to, why)
    watch_deadline(need)
    facts = {"before": before, "after": to, "reason": why, "deadline": need.deadline_at, **said_of(need)}
    audit.record("move_rung", need, by=by, facts={**facts, "approved_by": approved_by.id if approved_by else None})
    notices.post("need.moved", subject=need, facts={"before": before, "after": to})


def review_signal(need: Need, signal: Mapping[str, Any], *, reason: str, by: Person) -> None:
    """Look at a live signal again and leave it on its rung, with what is said of it now and why it stands."""
    require_movable(need)
    why, after = given_reason(reason), as_moved(need, need.rung, signal=signal)
    faults = [lack.sentence for lack in ladder.missing(after) if lack.section == "rung"]
    if faults:
        raise Conflict(f"{faults[0]}.")
    before = said_of(need)
    _say(need, {name: getattr(after, name) for name in SIGNAL})
    _step(need, need.rung, need.rung, why)
    audit.record("review_signal", need, by=by, facts={"before": before, "after": said_of(need), "reason": why})
    notices.post("need.reviewed", subject=need)


def as_moved(
    need: Need,
    to: str,
    *,
    deadline_at: datetime | None = None,
    questions_until: datetime | None = None,
    signal: Mapping[str, Any] | None = None,
) -> Any:
    """The need as it would be on another rung, for a look at what it would lack there."""
    moments = {
        "deadline_at": deadline_at or need.deadline_at,
        "questions_until": questions_until or need.questions_until,
    }
    said = {name: value for name, value in (signal or {}).items() if name in SIGNAL}
    ends = {"expected_open_on": None, "review_on": None} if to == OPEN else {}
    return Proposed(need, {"rung": to, **moments, **said, **ends})


def said_of(need: Any) -> dict[str, Any]:
    """What is said of a signal, for the audit."""
    return {name: getattr(need, name) for name in SIGNAL}


def lacks_of_step(need: Need, after: Any, rung: str) -> list[ladder.Missing]:
    """What the need, as it would be `after` a step to this rung, does not say yet, and what was not looked at first."""
    lacks = ladder.missing(after, rung)
    if ladder.is_climb(need, rung) and unanswered_firsts(need, rung):
        lacks.append(ladder.Missing(FIRSTS, "Say what you found of reuse, neighbours and in-house teams"))
    return lacks


def require_ready(need: Need, after: Any, rung: str) -> None:
    """Refuse a step after which the need would not say what its rung asks for."""
    lacks = lacks_of_step(need, after, rung)
    if lacks:
        raise Conflict(
            f"This need is not complete for the rung {ladder.LADDER[rung].label.lower()}. {lacks[0].sentence}."
        )


def _require_approval(need: Need, to: str, by: Person, approved_by: Person | None) -> None:
    if not ladder.is_climb(need, to):
        return
    if approved_by is None:
        raise IllegalMove(NOBODY_APPROVED)
    if not policy.may_approve(approved_by, need) or approved_by.id == by.id:
        raise NotAllowed(NOBODY_APPROVED)


def _say(need: Need, signal: Mapping[str, Any]) -> None:
    for name, value in signal.items():
        setattr(need, name, value)
    need.changed_at = clock.now()


def _step(need: Need, before: str, after: str, reason: str) -> None:
    move = RungMove(need=need, from_rung=before, to_rung=after, reason=reason, at=clock.now(), **said_of(need))
    session().add(move)
