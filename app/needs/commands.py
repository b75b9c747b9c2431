"""Changing needs: drafts, the ladder, amendments, endings and owners."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.models import DEPARTMENT_ROLES, Organisation, Person
from app.kernel import audit, clock, jobs, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import differences, drafting, ladder, queries
from app.needs.models import (
    ANSWERS,
    CLOSED,
    COMMITTED,
    DRAFT,
    DRAFTS,
    DUTIES,
    HORIZON,
    LIVE,
    OPEN,
    PUBLISHES,
    RUNGS,
    Amendment,
    Need,
    NeedOwner,
    RungMove,
)
from app.needs.sections import AMENDABLE, SECTIONS, Proposed, stored

CLOSE_DUE = "needs.close_due"


def post_need(department: Organisation, *, title: str, summary: str = "", rung: str = HORIZON, by: Person) -> Need:
    """Begin a draft; who posts it owns it, with every duty."""
    if not by.holds(department.id, *DEPARTMENT_ROLES):
        raise NotAllowed("Only staff of a department can post a need for it.")
    moment = clock.now()
    need = Need(department=department, author_id=by.id, title=title, summary=summary, rung=rung)
    need.created_at = need.changed_at = moment
    need.owners = [NeedOwner(person=by, duty=duty) for duty in (DRAFTS, PUBLISHES, ANSWERS)]
    session().add(need)
    audit.record("post", need, by=by, facts={"title": title, "department": department.id, "rung": rung})
    return need


def save_section(need: Need, section: str, content: Mapping[str, Any], *, by: Person) -> None:
    """Keep one section of a draft, finished or not."""
    if need.state != DRAFT:
        raise IllegalMove("This need was published. What was published changes only by an amendment.")
    before = stored(need, section)
    drafting.write(need, drafting.proposed(need, section, content))
    need.changed_at = clock.now()
    facts = {"section": section, "before": before, "after": stored(need, section)}
    audit.record("save_section", need, by=by, facts=facts)


def publish_need(need: Need, *, by: Person) -> None:
    """Put a complete draft before everybody. Moves: need draft -> live."""
    if need.can("publish"):
        _require_complete(need)
    need.move("publish")
    need.published_at = need.changed_at = clock.now()
    _step(need, "", need.rung, "Published")
    _watch_deadline(need)
    audit.record("publish", need, by=by, facts={"rung": need.rung, "title": need.title})
    notices.post("need.published", subject=need, facts={"rung": need.rung})


def move_rung(need: Need, to: str, *, reason: str, by: Person, deadline_at: datetime | None = None) -> None:
    """Move a live need up or down the ladder; to open with the deadline for responses."""
    require_movable(need)
    if to not in RUNGS or to == need.rung:
        raise Conflict("Choose another rung than the one the need is on.")
    before, why = need.rung, _reason(reason)
    _require_complete(as_moved(need, to, deadline_at))
    need.rung, need.changed_at = to, clock.now()
    need.deadline_at = deadline_at or need.deadline_at
    _step(need, before, to, why)
    _watch_deadline(need)
    facts = {"before": before, "after": to, "reason": why, "deadline": need.deadline_at}
    audit.record("move_rung", need, by=by, facts=facts)
    notices.post("need.moved", subject=need, facts={"before": before, "after": to})


def as_moved(need: Need, to: str, deadline_at: datetime | None = None) -> Any:
    """The need as it would be on another rung, for a look at what it would lack there."""
    return Proposed(need, {"rung": to, "deadline_at": deadline_at or need.deadline_at})


def amend_need(need: Need, section: str, content: Mapping[str, Any], *, reason: str, by: Person) -> Amendment:
    """Change one section of what was published, with a reason and a readable difference."""
    require_amendable(need, section)
    new = drafting.proposed(need, section, content)
    changes = differences.changes(need, section, new)
    faults = amendment_faults(need, section, new)
    if faults or not changes:
        raise Conflict(faults[0] if faults else "Nothing has changed.")
    amendment = _write_amendment(need, _reason(reason), changes)
    before = stored(need, section)
    drafting.write(need, new)
    need.changed_at = clock.now()
    _watch_deadline(need)
    facts = {"number": amendment.number, "section": section, "reason": amendment.reason}
    audit.record("amend", need, by=by, facts={**facts, "before": before, "after": stored(need, section)})
    notices.post("need.amended", subject=need, facts={"number": amendment.number, "section": section})
    return amendment


def _write_amendment(need: Need, reason: str, changes: list[differences.Change]) -> Amendment:
    number = queries.count_amendments(need) + 1
    amendment = Amendment(need=need, number=number, reason=reason, changes=changes, at=clock.now())
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
    return faults


def withdraw_need(need: Need, *, reason: str, by: Person) -> None:
    """End a live need before its deadline. Moves: need live -> withdrawn."""
    require_withdrawable(need)
    why = _reason(reason)
    need.move("withdraw")
    need.withdrawal_reason = why
    need.ended_at = need.changed_at = clock.now()
    audit.record("withdraw", need, by=by, facts={"reason": need.withdrawal_reason})
    notices.post("need.withdrawn", subject=need, facts={"reason": need.withdrawal_reason})


def close_need(need: Need) -> bool:
    """Close a live open need whose deadline has passed; tells whether this call did. Moves: need live -> closed."""
    if need.state != LIVE or not need.is_past_deadline:
        return False
    need.move("close")
    need.changed_at = clock.now()
    audit.record("close", need, by=None, facts={"deadline": need.deadline_at})
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


def add_owner(need: Need, person: Person, duty: str, *, by: Person) -> NeedOwner:
    """Give a colleague a duty for the need."""
    if not person.holds(need.department_id, *DEPARTMENT_ROLES):
        raise Conflict("Owners of a need are staff of its department.")
    if duty not in DUTIES or any(owner.person_id == person.id and owner.duty == duty for owner in need.owners):
        raise Conflict("They have this duty already.")
    owner = NeedOwner(person=person, duty=duty)
    need.owners.append(owner)
    need.changed_at = clock.now()
    audit.record("add_owner", need, by=by, facts={"person": person.id, "duty": duty})
    return owner


def remove_owner(need: Need, owner: NeedOwner, *, by: Person) -> None:
    """Take a duty from an owner; a firm need keeps two people who write it, and every need one who publishes it."""
    if need.state == CLOSED or (need.state == LIVE and need.is_past_deadline):
        raise Conflict("From the deadline until the need is concluded its owners stay: who wrote it cannot decide it.")
    left = [each for each in need.owners if each is not owner]
    if not any(each.duty == PUBLISHES for each in left):
        raise Conflict("A need keeps at least one owner who publishes it. Add another first.")
    is_firm = need.state == LIVE and need.rung in (COMMITTED, OPEN)
    if is_firm and len(ladder.writers_of(Proposed(need, {"owners": left}))) < 2:
        raise Conflict("A committed or open need keeps at least two owners who write or publish it. Add another first.")
    need.owners.remove(owner)
    need.changed_at = clock.now()
    audit.record("remove_owner", need, by=by, facts={"person": owner.person_id, "duty": owner.duty})


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


def _require_complete(need: Any) -> None:
    lacks = ladder.missing(need)
    if lacks:
        rung = ladder.LADDER[need.rung].label.lower()
        raise Conflict(f"This need is not complete for the rung {rung}. {lacks[0].sentence}.")


def _reason(text: str) -> str:
    if not text.strip():
        raise Conflict("Give a reason: everybody who follows the need reads it.")
    return text.strip()


def _step(need: Need, before: str, after: str, reason: str) -> None:
    session().add(RungMove(need=need, from_rung=before, to_rung=after, reason=reason, at=clock.now()))


def _watch_deadline(need: Need) -> None:
    """Have the clock close an open need at its deadline; a job of an earlier deadline finds nothing to do."""
    if need.state == LIVE and need.rung == OPEN and need.deadline_at:
        jobs.enqueue(CLOSE_DUE, {}, run_at=need.deadline_at)
