"""Publishing a need, and moving it on the ladder."""

from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.needs import ladder
from app.needs.commands.rules import given_reason, require_movable, watch_deadline
from app.needs.models import RUNGS, Need, RungMove
from app.needs.sections import Proposed


def publish_need(need: Need, *, by: Person) -> None:
    """Put a complete draft before everybody. Moves: need draft -> live."""
    if need.can("publish"):
        _require_complete(need)
    need.move("publish")
    need.published_at = need.changed_at = clock.now()
    _step(need, "", need.rung, "Published")
    watch_deadline(need)
    audit.record("publish", need, by=by, facts={"rung": need.rung, "title": need.title})
    notices.post("need.published", subject=need, facts={"rung": need.rung})


def move_rung(
    need: Need,
    to: str,
    *,
    reason: str,
    by: Person,
    deadline_at: datetime | None = None,
    questions_until: datetime | None = None,
) -> None:
    """Move a live need up or down the ladder; to open with the deadlines for responses and for questions."""
    require_movable(need)
    if to not in RUNGS or to == need.rung:
        raise Conflict("Choose another rung than the one the need is on.")
    before, why = need.rung, given_reason(reason)
    _require_complete(as_moved(need, to, deadline_at, questions_until))
    need.rung, need.changed_at = to, clock.now()
    need.deadline_at = deadline_at or need.deadline_at
    need.questions_until = questions_until or need.questions_until
    _step(need, before, to, why)
    watch_deadline(need)
    facts = {"before": before, "after": to, "reason": why, "deadline": need.deadline_at}
    audit.record("move_rung", need, by=by, facts=facts)
    notices.post("need.moved", subject=need, facts={"before": before, "after": to})


def as_moved(need: Need, to: str, deadline_at: datetime | None = None, questions_until: datetime | None = None) -> Any:
    """The need as it would be on another rung, for a look at what it would lack there."""
    moments = {
        "deadline_at": deadline_at or need.deadline_at,
        "questions_until": questions_until or need.questions_until,
    }
    return Proposed(need, {"rung": to, **moments})


def _step(need: Need, before: str, after: str, reason: str) -> None:
    session().add(RungMove(need=need, from_rung=before, to_rung=after, reason=reason, at=clock.now()))


def _require_complete(need: Any) -> None:
    lacks = ladder.missing(need)
    if lacks:
        rung = ladder.LADDER[need.rung].label.lower()
        raise Conflict(f"This need is not complete for the rung {rung}. {lacks[0].sentence}.")
