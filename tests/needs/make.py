"""Short makers of needs, for use inside `with transaction():`; they go through the commands, so they make them whole.

    need = make_need.open_need(deadline, department=ministry, by=buyer, title="…")

`by` (an own buyer of the department where none is named) is the author; a firm need gets a second owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import delete

from app.accounts.models import Membership, Organisation, Person
from app.capabilities.models import AREA, CAPABILITY, Capability
from app.kernel import clock
from app.kernel.db import session
from app.needs import commands, drafting
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, REUSE
from app.needs.firsts.commands import answer_first
from app.needs.firsts.queries import unanswered_firsts
from app.needs.models import CLOSED, CONCLUDED, DRAFT, FIRM, HORIZON, LIVE, OPEN, PUBLISHES, SHAPING, WITHDRAWN, Need
from tests import make

_numbers = count(1)
FORTNIGHT = timedelta(days=14)


def capability(name: str = "Data engineering", area: str = "Data") -> Capability:
    """A capability of this name, made once."""
    return _node(name, CAPABILITY, _node(area, AREA, None))


def _node(name: str, level: str, parent: Capability | None) -> Capability:
    slug = f"{'area-' if level == AREA else ''}{name.lower().replace(' ', '-')}"
    found = session().get(Capability, slug)
    if found is None:
        found = Capability(id=slug, level=level, parent=parent, name=name)
        session().add(found)
        session().flush()
    return found


def content(deadline: datetime | None = None) -> dict[str, Any]:
    """Everything that an open need must say, by field."""
    data, cloud = capability(), capability("Cloud hosting", "Infrastructure")
    ends = deadline or clock.now() + FORTNIGHT
    return {
        "summary": "Move patient records to one place.",
        "capabilities": [data],
        "problem": "Clinicians wait four minutes for a record.",
        "users": "Clinicians in 40 hospitals.",
        "done_already": "A discovery in 2025.",
        "supplied_today": "Four suppliers under old contracts.",
        "measures": [measure(), measure("Fewer lost records", "Records reported lost", "120 a year", "10 a year")],
        "requirements": [
            requirement("Move 2 million records without loss", weight=40, capabilities=[data]),
            requirement("Host the records in two regions", weight=20, capabilities=[cloud]),
            requirement("Train the hospitals' own teams", kind="nice", weight=10, capabilities=[data]),
        ],
        "price_weight": 30,
        "clearance": "bpss",
        "places": ["london", "wales"],
        "remote": True,
        "standards": ["cyber_essentials"],
        "low_pence": 100_000_00,
        "high_pence": 250_000_00,
        "approved": True,
        "payment": "milestones",
        "wanted_by": (ends + timedelta(days=120)).date(),
        "length_weeks": 26,
        "deadline_at": ends,
        "questions_until": ends - (ends - clock.now()) / 2,
        "time_zone": "Europe/London",
        "route": "open_procedure",
        **signal(),
    }


def signal(**said: Any) -> dict[str, Any]:
    """What a department says of its signal below open."""
    today = clock.today()
    days = {"expected_open_on": today + timedelta(days=90), "review_on": today + timedelta(days=60)}
    return {"confidence_need": "high", "confidence_money": "medium", **days, **said}


def measure(
    outcome: str = "Records open quickly", measure: str = "Seconds to open", was: str = "240", to: str = "5"
) -> dict[str, Any]:
    """One success measure, as a form gives it."""
    return {"outcome": outcome, "measure": measure, "baseline": was, "target": to, "due_on": date(2030, 3, 31)}


def requirement(
    text: str, *, kind: str = "must", weight: int = 10, capabilities: list[Capability] | None = None
) -> dict[str, Any]:
    """One requirement, as a form gives it."""
    return {"text": text, "kind": kind, "weight": weight, "capabilities": capabilities or [capability()]}


def draft_need(
    department: Organisation | None = None,
    *,
    by: Person | None = None,
    title: str = "",
    rung: str = HORIZON,
    **fields: Any,
) -> Need:
    """A draft that holds its title and what is given."""
    owning = department or make.department()
    author = by or make.buyer(owning)
    need = commands.post_need(owning, title=title or f"Need {next(_numbers)}", rung=rung, by=author)
    if fields:
        write(need, **fields)
    return need


def write(need: Need, **fields: Any) -> Need:
    """Write fields of any sections into a need, whatever its state, and leave no trace of it."""
    from app.needs.sections import SECTIONS

    for section in SECTIONS:
        drafting.write(need, drafting.proposed(need, section, fields))
    return need


def complete_draft(
    department: Organisation | None = None,
    *,
    by: Person | None = None,
    rung: str = OPEN,
    deadline: datetime | None = None,
    second: Person | None = None,
    **fields: Any,
) -> Need:
    """A draft that could be published on any rung, with two owners."""
    need = draft_need(department, by=by, rung=rung, **{**content(deadline), **fields})
    author = next(owner.person for owner in need.owners)
    commands.add_owner(need, second or make.buyer(need.department), PUBLISHES, by=author)
    return need


def live_need(
    department: Organisation | None = None, *, by: Person | None = None, rung: str = SHAPING, **fields: Any
) -> Need:
    """A published need."""
    need = complete_draft(department, by=by, rung=rung, **fields)
    publish(need)
    return need


def publisher_of(need: Need) -> Person:
    """An owner who publishes the need."""
    return next(owner.person for owner in need.owners if owner.duty == PUBLISHES)


def publish(need: Need, *, by: Person | None = None) -> None:
    """Publish it by an owner; a firm one is approved by an officer who is in the department for that alone."""
    asker = by or publisher_of(need)
    look_first(need, need.rung, by=asker)
    if need.rung not in FIRM:
        commands.publish_need(need, by=asker)
        return
    with approver(need) as officer:
        commands.publish_need(need, by=asker, approved_by=officer)


def move(need: Need, to: str, *, by: Person | None = None, reason: str = "It is firm now.", **more: Any) -> None:
    """Move it on the ladder, with what was looked at first and an officer's approval where these are asked for."""
    look_first(need, to, by=by or publisher_of(need))
    with approver(need) as officer:
        commands.move_rung(need, to, reason=reason, by=by or publisher_of(need), approved_by=officer, **more)


def look_first(need: Need, rung: str, *, by: Person | None = None) -> None:
    """Answer what this rung asks to be looked at first: nothing was found."""
    none = {REUSE: "none", NEIGHBOURS: "different", IN_HOUSE: "cannot"}
    for question in unanswered_firsts(need, rung):
        answer_first(need, question, answer=none[question], reason="We looked.", by=by or publisher_of(need))


@contextmanager
def approver(need: Need) -> Iterator[Person]:
    """An officer of the need's department, who leaves it again: tests count who is there."""
    officer = make.officer(need.department)
    yield officer
    session().execute(delete(Membership).where(Membership.person_id == officer.id))


def open_need(
    deadline: datetime | None = None, *, department: Organisation | None = None, by: Person | None = None, **fields: Any
) -> Need:
    """A published open need; in a fortnight is its deadline, where none is named."""
    return live_need(department, by=by, rung=OPEN, deadline=deadline, **fields)


def closed_need(department: Organisation | None = None, *, by: Person | None = None, **fields: Any) -> Need:
    """An open need whose deadline passed an hour ago, closed by the clock."""
    need = open_need(department=department, by=by, **fields)
    need.deadline_at = clock.now() - timedelta(hours=1)
    assert commands.close_need(need)
    return need


def concluded_need(department: Organisation | None = None, *, by: Person | None = None, **fields: Any) -> Need:
    """A need that went its whole way."""
    need = closed_need(department, by=by, **fields)
    commands.conclude_need(need, by=None)
    return need


def withdrawn_need(department: Organisation | None = None, *, by: Person | None = None, **fields: Any) -> Need:
    """A live need that was withdrawn."""
    need = live_need(department, by=by, **fields)
    commands.withdraw_need(need, reason="The money went elsewhere.", by=need.owners[0].person)
    return need


def need_in(state: str, department: Organisation | None = None, *, by: Person | None = None, **fields: Any) -> Need:
    """A need in this state."""
    makers = {
        DRAFT: complete_draft,
        LIVE: live_need,
        CLOSED: closed_need,
        CONCLUDED: concluded_need,
        WITHDRAWN: withdrawn_need,
    }
    return makers[state](department, by=by, **fields)
