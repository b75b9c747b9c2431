"""How needs end: withdrawn by people, closed by the clock, concluded by the last feedback."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.needs import queries
from app.needs.commands.rules import given_reason, require_withdrawable
from app.needs.models import LIVE, Need
from app.needs.questions.commands import end_questions


def withdraw_need(need: Need, *, reason: str, by: Person) -> None:
    """End a live need before its deadline. Moves: need live -> withdrawn; questions waiting -> ended."""
    require_withdrawable(need)
    why = given_reason(reason)
    need.move("withdraw")
    need.withdrawal_reason = why
    need.ended_at = need.changed_at = clock.now()
    audit.record("withdraw", need, by=by, facts={"reason": need.withdrawal_reason})
    end_questions(need)
    notices.post("need.withdrawn", subject=need, facts={"reason": need.withdrawal_reason})


def close_need(need: Need) -> bool:
    """Close a live open need whose deadline has passed; tells whether this call did.

    Moves: need live -> closed; questions waiting -> ended.
    """
    if need.state != LIVE or not need.is_past_deadline:
        return False
    need.move("close")
    need.changed_at = clock.now()
    audit.record("close", need, by=None, facts={"deadline": need.deadline_at})
    end_questions(need)
    notices.post("need.closed", subject=need)
    return True


def close_due_needs() -> int:
    """Close every open need whose deadline has passed; how many were closed. Moves: needs live -> closed."""
    return sum(close_need(need) for need in queries.due_needs())


def conclude_need(need: Need, *, by: Person | None) -> None:
    """End a closed need: every response that it got has its feedback. Moves: need closed -> concluded."""
    close_need(need)
    need.move("conclude")
    need.ended_at = need.changed_at = clock.now()
    audit.record("conclude", need, by=by)
    notices.post("need.concluded", subject=need)
