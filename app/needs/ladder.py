"""The ladder: what each rung means, and what it demands of a need. The demands are data; `missing` reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.kernel import clock
from app.needs.audience import is_justified, names_capabilities, names_invited
from app.needs.models import (
    COMMITTED,
    DRAFT,
    DRAFTS,
    EXPLORING,
    FIRM,
    HORIZON,
    OPEN,
    PUBLISHES,
    RUNGS,
    SHAPING,
)

Wanted = Callable[[Any], bool]
STAFF = ("buyer", "officer")
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Rung:
    """One rung: its name, what it tells a reader, and what a supplier can do there."""

    key: str
    label: str
    meaning: str
    offer: str


LADDER = {
    rung.key: rung
    for rung in (
        Rung(
            HORIZON,
            "Horizon",
            "A problem we see coming. Nothing is decided, and there may never be a contract.",
            "Say that you are interested, so that we know who is out there.",
        ),
        Rung(
            EXPLORING,
            "Exploring",
            "We are finding out who has the problem and what could be done.",
            "Say that you are interested and what you have learnt elsewhere.",
        ),
        Rung(
            SHAPING,
            "Shaping",
            "We know what we want to change and how we will measure it. We are shaping the requirements.",
            "Say that you are interested and what capacity you have.",
        ),
        Rung(
            COMMITTED,
            "Committed",
            "We intend to buy. Money and time are set out. A formal call is being prepared.",
            "Say that you are interested and what capacity you have.",
        ),
        Rung(
            OPEN,
            "Open",
            "A formal call. Responses are sealed until the deadline.",
            "Respond before the deadline.",
        ),
    )
}


@dataclass(frozen=True)
class Demand:
    """One thing that a need must say from a rung upwards, the section where it is said, and the sentence that asks.

    A demand of signals alone ends below open: what is open has a deadline instead.
    """

    rung: str
    section: str
    sentence: str
    is_met: Wanted
    until: str = OPEN
    # looks at what was given, and asks for nothing that was not
    is_check: bool = False


def _all(rows: str, *fields: str) -> Wanted:
    return lambda need: all(_is_said(row, field) for row in getattr(need, rows) for field in fields)


def _said(*fields: str) -> Wanted:
    return lambda need: all(_is_said(need, field) for field in fields)


def _is_said(thing: Any, field: str) -> bool:
    return getattr(thing, field) not in ("", None, [])


def _place_is_said(need: Any) -> bool:
    return bool(need.remote or need.places)


def _range_is_right(need: Any) -> bool:
    return need.low_pence is None or need.high_pence is None or need.low_pence <= need.high_pence


def _deadline_is_ahead(need: Any) -> bool:
    return need.deadline_at is None or bool(need.deadline_at > clock.now())


def _is_ahead(field: str, most: timedelta | None = None) -> Wanted:
    def is_met(need: Any) -> bool:
        day, today = getattr(need, field), clock.today()
        return day is None or (day > today and (most is None or day <= today + most))

    return is_met


def _questions_end_ahead(need: Any) -> bool:
    return need.questions_until is None or bool(need.questions_until > clock.now())


def _questions_end_in_time(need: Any) -> bool:
    """Judged against a deadline that can be; one that is past is asked for anew first."""
    if need.questions_until is None or need.deadline_at is None or not _deadline_is_ahead(need):
        return True
    return bool(need.questions_until < need.deadline_at)


def _wanted_after_deadline(need: Any) -> bool:
    if need.deadline_at is None or need.wanted_by is None:
        return True
    return bool(need.wanted_by > need.local_deadline.date())


def writers_of(need: Any) -> set[str]:
    """The ids of the people who draft or publish the need and are staff of one of its departments today."""
    return {
        owner.person_id
        for owner in need.owners
        if owner.duty in (DRAFTS, PUBLISHES) and any(owner.person.holds(each, *STAFF) for each in need.department_ids)
    }


def _check(rung: str, section: str, sentence: str, is_met: Wanted, until: str = OPEN) -> Demand:
    return Demand(rung, section, sentence, is_met, until, is_check=True)


DEMANDS = (
    Demand(HORIZON, "basics", "Enter a title", _said("title")),
    Demand(HORIZON, "basics", "Enter a summary", _said("summary")),
    Demand(HORIZON, "problem", "Explain the problem", _said("problem")),
    Demand(HORIZON, "rung", "Say how sure you are of the need", _said("confidence_need")),
    Demand(HORIZON, "rung", "Say how sure you are of the money", _said("confidence_money")),
    Demand(HORIZON, "rung", "Enter the day on which you look at it again", _said("review_on"), until=COMMITTED),
    _check(
        HORIZON,
        "rung",
        "Enter a day to look at it again that is in the next 12 months",
        _is_ahead("review_on", A_YEAR),
        until=COMMITTED,
    ),
    _check(HORIZON, "money", "Enter a highest amount that is not below the lowest", _range_is_right),
    _check(HORIZON, "audience", "Select the capabilities that those who can take part have", names_capabilities),
    _check(HORIZON, "audience", "Invite at least one organisation, or let others take part", names_invited),
    _check(
        HORIZON, "audience", "Select the reason for inviting, and say why not everybody can take part", is_justified
    ),
    Demand(EXPLORING, "problem", "Say who has the problem", _said("users")),
    Demand(EXPLORING, "basics", "Say which capabilities the need is about", lambda need: bool(need.all_capabilities)),
    Demand(SHAPING, "outcomes", "Add at least one outcome with a measure", lambda need: bool(need.measures)),
    Demand(
        SHAPING,
        "outcomes",
        "Give each outcome a measure, a baseline and a target",
        _all("measures", "outcome", "measure", "baseline", "target"),
    ),
    Demand(SHAPING, "rung", "Say when you expect to open it", _said("expected_open_on"), until=COMMITTED),
    _check(
        SHAPING,
        "rung",
        "Enter a day to open it that is in the future",
        _is_ahead("expected_open_on"),
        until=COMMITTED,
    ),
    Demand(SHAPING, "background", "Say what was done already", _said("done_already")),
    Demand(COMMITTED, "background", "Say who supplies it today", _said("supplied_today")),
    Demand(COMMITTED, "requirements", "Add at least one requirement", lambda need: bool(need.requirements)),
    Demand(COMMITTED, "requirements", "Write out each requirement", _all("requirements", "text")),
    Demand(COMMITTED, "constraints", "Say which clearance people need", _said("clearance")),
    Demand(COMMITTED, "constraints", "Say where the work is done", _place_is_said),
    Demand(COMMITTED, "money", "Enter the range of the money", _said("low_pence", "high_pence")),
    Demand(COMMITTED, "money", "Say whether the money is approved", lambda need: need.approved is not None),
    Demand(COMMITTED, "timing", "Say by when you want it", _said("wanted_by")),
    _check(COMMITTED, "timing", "Enter a date for the result that is in the future", _is_ahead("wanted_by")),
    Demand(COMMITTED, "timing", "Say how long the work takes", _said("length_weeks")),
    Demand(
        COMMITTED,
        "owners",
        "Add a second owner who writes or publishes the need",
        lambda need: len(writers_of(need)) > 1,
    ),
    Demand(OPEN, "outcomes", "Say by when each outcome is wanted", _all("measures", "due_on")),
    Demand(
        OPEN,
        "requirements",
        "Make the weights of the requirements and the price total 100",
        lambda need: not need.requirements or need.points == 100,
    ),
    Demand(OPEN, "requirements", "Tag each requirement with a capability", _all("requirements", "capabilities")),
    Demand(OPEN, "route", "Choose the procurement route", lambda need: need.route not in ("", "undecided")),
    Demand(OPEN, "money", "Say how the work is paid", _said("payment")),
    Demand(OPEN, "timing", "Enter the deadline for responses", _said("deadline_at")),
    _check(OPEN, "timing", "Enter a deadline that is in the future", _deadline_is_ahead),
    _check(OPEN, "timing", "Enter a date for the result that is after the deadline", _wanted_after_deadline),
    Demand(OPEN, "timing", "Say until when suppliers may ask questions", _said("questions_until")),
    _check(OPEN, "timing", "Enter an end of questions that is in the future", _questions_end_ahead),
    _check(OPEN, "timing", "Enter an end of questions that is before the deadline", _questions_end_in_time),
)


@dataclass(frozen=True)
class Missing:
    """One thing that a need does not say yet, and the section where it is mended."""

    section: str
    sentence: str


def missing(need: Any, rung: str | None = None) -> list[Missing]:
    """What `need` lacks for a rung (its own, where none is named), in the order of the ladder."""
    height = RUNGS.index(rung or need.rung)
    asked = [demand for demand in DEMANDS if RUNGS.index(demand.rung) <= height <= RUNGS.index(demand.until)]
    return [Missing(demand.section, demand.sentence) for demand in asked if not demand.is_met(need)]


def asked_at(rung: str) -> list[Demand]:
    """What this rung asks for beyond the one below it."""
    return [demand for demand in DEMANDS if demand.rung == rung and not demand.is_check]


def is_climb(need: Any, to: str) -> bool:
    """Whether a step to this rung takes an officer's approval: up to committed or open, or published there at once."""
    return to in FIRM and (need.state == DRAFT or is_up(need.rung, to))


def is_up(before: str, after: str) -> bool:
    """Whether a move goes up the ladder."""
    return RUNGS.index(after) > RUNGS.index(before)
