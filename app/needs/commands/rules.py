"""What several commands of needs refuse, and the clock that they wind."""

from app.kernel import jobs
from app.kernel.errors import Conflict, IllegalMove
from app.needs.models import LIVE, OPEN, Need
from app.needs.questions.models import PublicAnswer
from app.needs.sections import AMENDABLE, SECTIONS

CLOSE_DUE = "needs.close_due"


def require_before_deadline(need: Need) -> None:
    """Refuse what comes after the deadline of an open need."""
    if need.is_past_deadline:
        raise IllegalMove("The deadline has passed: this need is closed.")


def require_withdrawable(need: Need) -> None:
    """Refuse to withdraw a need that is not live or whose deadline has passed."""
    if need.state != LIVE:
        raise IllegalMove(f"Only a live need can be withdrawn. This need is {need.state}.")
    require_before_deadline(need)


def require_movable(need: Need) -> None:
    """Refuse to move the rung of a need that is not live, or that is open."""
    if need.state != LIVE:
        raise IllegalMove(f"Only a live need moves on the ladder. This need is {need.state}.")
    if need.rung == OPEN:
        raise IllegalMove("An open need stays open until its deadline. You can only withdraw it.")


def require_amendable(need: Need, section: str | None = None) -> None:
    """Refuse to amend a need that is not live or whose deadline has passed."""
    if need.state != LIVE:
        raise IllegalMove(f"Only a live need can be amended. This need is {need.state}.")
    require_before_deadline(need)
    if section is not None and section not in AMENDABLE:
        raise IllegalMove(f"{SECTIONS[section].title}: this changes by moving the need on the ladder.")


def given_reason(text: str) -> str:
    """The reason without the space around it; none is refused."""
    if not text.strip():
        raise Conflict("Give a reason: everybody who follows the need reads it.")
    return text.strip()


def given_cause(need: Need, cause: PublicAnswer | None) -> str | None:
    """The id of the published answer that an amendment follows from; one about another need is refused."""
    if cause is not None and cause.need_id != need.id:
        raise Conflict("An amendment follows from an answer about the same need.")
    return cause.id if cause else None


def watch_deadline(need: Need) -> None:
    """Have the clock close an open need at its deadline; a job of an earlier deadline finds nothing to do."""
    if need.state == LIVE and need.rung == OPEN and need.deadline_at:
        jobs.enqueue(CLOSE_DUE, {}, run_at=need.deadline_at)
