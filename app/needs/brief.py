"""A need as a brief: what its page says, in the reader's words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from app.accounts.models import ROLES, Person
from app.kernel import display
from app.needs import policy
from app.needs.choices import CONFIDENCE, DUTIES, PAYMENTS, ROUTES
from app.needs.ladder import LADDER
from app.needs.models import DRAFT, LIVE, OPEN, Amendment, Need, NeedPartner, RungMove
from app.needs.questions.timing import questions_end
from app.needs.sections import told

Pairs = list[tuple[str, Any]]
APPROVED = {True: "approved", False: "not approved yet", None: ""}


def facts(need: Need) -> Pairs:
    """Deadline, money, time and route."""
    deadline: Pairs = []
    if need.rung == OPEN and need.deadline_at:
        deadline = [("Deadline for responses", display.deadline(need.deadline_at, need.time_zone))]
        deadline += [("Questions until", display.deadline(questions_end(need), need.time_zone))]
    return [
        *deadline,
        *_signal(need),
        ("Money", _money(need)),
        *_lines(need),
        ("How it is paid", PAYMENTS.get(need.payment, "")),
        ("Wanted by", display.day(need.wanted_by)),
        ("Length", display.plural(need.length_weeks, "week") if need.length_weeks else ""),
        ("Procurement route", ROUTES.get(need.route, "")),
    ]


def _signal(need: Need) -> Pairs:
    """How sure the department is, and when it acts next, where it said so."""
    sure = [("Need", need.confidence_need), ("money", need.confidence_money)]
    said = [f"{what} {CONFIDENCE[value].lower()}" for what, value in sure if value]
    pairs: Pairs = [("How sure it is", ", ".join(said).capitalize())] if said else []
    if need.rung != OPEN and need.expected_open_on and need.state in (DRAFT, LIVE):
        pairs.append(("Expected to open", display.day(need.expected_open_on)))
    if need.rung != OPEN and need.review_on and need.state in (DRAFT, LIVE):
        pairs.append(("Looked at again by", display.day(need.review_on)))
    return pairs


def _money(need: Need) -> str:
    said = display.money_range(*need.money)
    lines = [need.approved, *(each.approved for each in need.joined)]
    is_partly = True in lines and not all(lines)
    approved = "approved in part" if is_partly else APPROVED[False if False in lines else lines[0]]
    return f"{said}, {approved}" if approved else said


def _lines(need: Need) -> Pairs:
    """Each department's own money, where several hold the need."""
    if not need.joined:
        return []
    lines: list[Need | NeedPartner] = [need, *need.joined]
    return [(f"Share of {each.department.name}", _line(each)) for each in lines]


def _line(line: Need | NeedPartner) -> str:
    said, approved = display.money_range(line.low_pence, line.high_pence), APPROVED[line.approved]
    return f"{said}, {approved}" if approved else said


def constraints(need: Need) -> Pairs:
    """Clearance, places, remote work and standards."""
    return [(label, text) for label, text in told(need, "constraints")]


def owners(need: Need, *, with_names: bool) -> list[tuple[str, str, list[str]]]:
    """Each owner who is staff of the department today: name (for colleagues), role, and what they do."""
    duties: dict[str, list[str]] = {}
    people: dict[str, Person] = {}
    for owner in need.owners:
        if policy.is_staff_of(owner.person, need):
            people[owner.person_id] = owner.person
            duties.setdefault(owner.person_id, []).append(owner.duty)
    return [
        (
            person.name if with_names else "",
            _role(person, need),
            [does for duty, does in DUTIES.items() if duty in duties[key]],
        )
        for key, person in people.items()
    ]


def _role(person: Person, need: Need) -> str:
    roles = [each.role for each in person.memberships if each.organisation_id in need.department_ids]
    return " and ".join(label for role, label in ROLES.items() if role in roles)


def history(need: Need, moves: Iterable[RungMove], amendments: Iterable[Amendment]) -> list[tuple[datetime, str, Any]]:
    """What happened to a need in public, the last first."""
    lines: list[tuple[datetime, str, Any]] = [(each.at, "", _amendment_line(each)) for each in amendments]
    lines += [(each.at, "", _move_line(each)) for each in moves]
    if need.state not in (DRAFT, LIVE) and need.rung == OPEN and need.deadline_at and need.state != "withdrawn":
        lines.append((need.deadline_at, "", "Closed at the deadline"))
    if need.ended_at:
        reason = f": {need.withdrawal_reason}" if need.withdrawal_reason else ""
        lines.append((need.ended_at, "", f"{need.state.capitalize()}{reason}"))
    return sorted(lines, key=lambda line: line[0], reverse=True)


def _move_line(move: RungMove) -> str:
    where = LADDER[move.to_rung].label.lower()
    if move.from_rung == move.to_rung:
        return f"Looked at again, and kept as {where}: {move.reason}"
    if not move.from_rung:
        return f"Published as {where}"
    return f"Moved from {LADDER[move.from_rung].label.lower()} to {where}: {move.reason}"


def _amendment_line(amendment: Amendment) -> Markup:
    link = Markup('<a class="govuk-link" href="#amendment-{0}">Amendment {0}</a>: {1}')
    return link.format(amendment.number, amendment.reason)


def acts(need: Need, person: Person | None) -> list[tuple[str, str]]:
    """What this person can do with the need now: words, and the endpoint."""
    is_before_deadline = not need.is_past_deadline
    may_publish = policy.may_publish_need(person, need)
    offered = [
        ("Continue writing", "needs.edit", need.state == DRAFT and policy.may_edit_need(person, need)),
        ("Comment on it", "comments.of_need", need.state == DRAFT and policy.may_see_need(person, need)),
        ("Check and publish", "needs.publish", need.state == DRAFT and may_publish),
        ("Amend", "needs.amend", need.state == LIVE and is_before_deadline and may_publish),
        ("Move on the ladder", "needs.move_rung", need.state == LIVE and need.rung != OPEN and may_publish),
        ("Look at the signal again", "needs.review_signal", need.state == LIVE and need.rung != OPEN and may_publish),
        ("Choose owners", "needs.owners", policy.may_choose_owners(person, need)),
        (
            "Withdraw",
            "needs.withdraw",
            need.state == LIVE and is_before_deadline and policy.may_withdraw_need(person, need),
        ),
    ]
    return [(text, view) for text, view, offer in offered if offer]
