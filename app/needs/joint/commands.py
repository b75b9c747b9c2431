"""Joining a need, leaving it, and each department's own money line. What changes in public is an amendment."""

from typing import Any

from app.accounts.models import BUYER, OFFICER, Organisation, Person
from app.kernel import audit, clock, display, notices
from app.kernel.db import constrained
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.commands import given_reason, tell_amendment, write_amendment
from app.needs.joint import policy
from app.needs.ladder import writers_of
from app.needs.models import DRAFTS, FIRM, READS, Amendment, Need, NeedOwner, NeedPartner
from app.needs.sections import Proposed

MOST_PARTNERS = 20
TOO_LATE = "Departments join and leave a need while it is live and not open yet."


def ask_to_join(
    need: Need,
    department: Organisation,
    *,
    reason: str,
    low_pence: int | None = None,
    high_pence: int | None = None,
    approved: bool | None = None,
    by: Person,
) -> NeedPartner:
    """Ask the leading department to hold the need together with it, with an own line of money."""
    _require_open_to_partners(need)
    if department.id not in {each.id for each in policy.could_join(by, need)}:
        raise NotAllowed("Staff of a department that does not hold the need can ask to join it.")
    if len(need.joined) >= MOST_PARTNERS:
        raise Conflict(f"A need is held by at most {MOST_PARTNERS + 1} departments.")
    partner = NeedPartner(department=department, reason=given_reason(reason), asked_by_id=by.id, asked_at=clock.now())
    partner.low_pence, partner.high_pence, partner.approved = low_pence, high_pence, approved
    _add(need, partner)
    facts = {"department": department.id, "reason": partner.reason, **_line(partner)}
    audit.record("ask_to_join", need, by=by, facts=facts)
    notices.post("need.joining_asked", subject=need, facts={"department": department.id})
    return partner


def accept_partner(partner: NeedPartner, *, by: Person) -> Amendment:
    """Let a department join, told to all by an amendment. Moves: joining asked -> joined."""
    _require_open_to_partners(partner.need)
    need, before, held = partner.need, _money(partner.need), _names(partner.need)
    if len(need.joined) >= MOST_PARTNERS:
        raise Conflict(f"A need is held by at most {MOST_PARTNERS + 1} departments.")
    partner.move("accept")
    partner.joined_at = clock.now()
    _give_duty(need, partner)
    changes = [_change("Departments", held, _names(need)), *_money_change(before, need)]
    return _amended(partner, f"{partner.department.name} joins: {partner.reason}", changes, "accept_partner", by)


def decline_partner(partner: NeedPartner, *, note: str, by: Person) -> None:
    """Say no, with the reason, to the department that asked. Moves: joining asked -> declined."""
    _end(partner, "decline", given_reason(note))
    audit.record("decline_partner", partner.need, by=by, facts={"department": partner.department_id, "note": note})
    notices.post("need.joining_declined", subject=partner.need, facts={"asked_by": partner.asked_by_id})


def take_back_joining(partner: NeedPartner, *, by: Person) -> None:
    """Take the request back. Moves: joining asked -> taken back."""
    _end(partner, "take_back", "")
    audit.record("take_back_joining", partner.need, by=by, facts={"department": partner.department_id})


def leave_need(partner: NeedPartner, *, reason: str, by: Person) -> Amendment:
    """Hold the need no more, told to all by an amendment. Moves: joining joined -> left."""
    _require_open_to_partners(partner.need)
    before, held, why = _money(partner.need), _names(partner.need), given_reason(reason)
    _require_writers_without(partner)
    _end(partner, "leave", why)
    changes = [_change("Departments", held, _names(partner.need)), *_money_change(before, partner.need)]
    return _amended(partner, f"{partner.department.name} leaves: {why}", changes, "leave_need", by)


def _require_writers_without(partner: NeedPartner) -> None:
    need = partner.need
    others = Proposed(need, {"partners": [each for each in need.partners if each is not partner]})
    if need.rung in FIRM and len(writers_of(others)) < 2:
        raise Conflict("A committed need keeps two owners who write or publish it. Have the lead add another first.")


def change_line(
    partner: NeedPartner,
    *,
    low_pence: int | None,
    high_pence: int | None,
    approved: bool | None,
    reason: str,
    by: Person,
) -> Amendment:
    """Change a department's own line of money, by an amendment."""
    if not policy.may_change_line(by, partner):
        raise IllegalMove("A department that holds the need changes its money before the deadline.")
    what, why = f"Money of {partner.department.name}", given_reason(reason)
    before, said = _money(partner.need), _line(partner)
    partner.low_pence, partner.high_pence, partner.approved = low_pence, high_pence, approved
    if _line(partner) == said:
        raise Conflict("Nothing has changed.")
    changes = [_change(what, _told(said), _told(_line(partner))), *_money_change(before, partner.need)]
    return _amended(partner, why, changes, "change_line", by)


def _add(need: Need, partner: NeedPartner) -> None:
    with constrained("This department has asked already."):
        need.partners.append(partner)


def _end(partner: NeedPartner, verb: str, note: str) -> None:
    partner.move(verb)
    partner.ended_at, partner.note = clock.now(), note


def _give_duty(need: Need, partner: NeedPartner) -> None:
    """Who asked sees and writes for the new department; an officer reads, and stays free to review."""
    if not partner.asked_by.holds(partner.department_id, BUYER, OFFICER):
        return
    duty = DRAFTS if partner.asked_by.holds(partner.department_id, BUYER) else READS
    if not any(each.person_id == partner.asked_by_id and each.duty == duty for each in need.owners):
        need.owners.append(NeedOwner(person=partner.asked_by, duty=duty))


def _amended(partner: NeedPartner, reason: str, changes: list[dict[str, str]], act: str, by: Person) -> Amendment:
    need = partner.need
    amendment = write_amendment(need, reason, changes)
    need.changed_at = clock.now()
    facts = {"section": "departments", "act": act, "department": partner.department_id, **_line(partner)}
    tell_amendment(amendment, facts, by=by)
    return amendment


def _line(partner: NeedPartner) -> dict[str, Any]:
    return {"low_pence": partner.low_pence, "high_pence": partner.high_pence, "approved": partner.approved}


def _told(line: dict[str, Any]) -> str:
    approved = {True: ", approved", False: ", not approved yet", None: ""}[line["approved"]]
    return f"{display.money_range(line['low_pence'], line['high_pence'])}{approved}"


def _names(need: Need) -> str:
    return display.words(each.name for each in need.departments)


def _money(need: Need) -> str:
    return display.money_range(*need.money)


def _change(what: str, was: str, now: str) -> dict[str, str]:
    return {"what": what, "was": was, "is": now}


def _money_change(before: str, need: Need) -> list[dict[str, str]]:
    after = _money(need)
    return [_change("Money of all departments", before, after)] if after != before else []


def _require_open_to_partners(need: Need) -> None:
    if not policy.takes_partners(need):
        raise IllegalMove(TOO_LATE)
