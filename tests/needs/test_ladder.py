"""What each rung demands, each demand broken by itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel import clock, db
from app.kernel.db import transaction
from app.needs import ladder
from app.needs.models import COMMITTED, EXPLORING, HORIZON, OPEN, RUNGS, SHAPING, Need
from app.needs.sections import Proposed
from tests.needs import make as make_need


@pytest.fixture
def complete(store: db.Database) -> Iterator[Need]:
    with transaction():
        yield make_need.complete_draft()


def row(**fields: Any) -> Any:
    return type("Row", (), {"text": "x", "kind": "must", "weight": 70, "capabilities": [1], "id": "r"} | fields)()


def measure(**fields: Any) -> Any:
    whole = {"outcome": "a", "measure": "b", "baseline": "1", "target": "2", "due_on": date(2030, 1, 1)}
    return type("Row", (), whole | fields)()


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    (HORIZON, {"title": ""}, "Enter a title"),
    (HORIZON, {"summary": ""}, "Enter a summary"),
    (HORIZON, {"problem": ""}, "Explain the problem"),
    (HORIZON, {"low_pence": 5, "high_pence": 4}, "Enter a highest amount that is not below the lowest"),
    (HORIZON, {"confidence_need": ""}, "Say how sure you are of the need"),
    (HORIZON, {"confidence_money": ""}, "Say how sure you are of the money"),
    (EXPLORING, {"users": ""}, "Say who has the problem"),
    (SHAPING, {"measures": []}, "Add at least one outcome with a measure"),
    (SHAPING, {"measures": [measure(baseline="")]}, "Give each outcome a measure, a baseline and a target"),
    (SHAPING, {"measures": [measure(target="")]}, "Give each outcome a measure, a baseline and a target"),
    (SHAPING, {"done_already": ""}, "Say what was done already"),
    (COMMITTED, {"supplied_today": ""}, "Say who supplies it today"),
    (COMMITTED, {"requirements": []}, "Add at least one requirement"),
    (COMMITTED, {"clearance": ""}, "Say which clearance people need"),
    (COMMITTED, {"places": [], "remote": False}, "Say where the work is done"),
    (COMMITTED, {"high_pence": None}, "Enter the range of the money"),
    (COMMITTED, {"approved": None}, "Say whether the money is approved"),
    (COMMITTED, {"wanted_by": None}, "Say by when you want it"),
    (COMMITTED, {"length_weeks": None}, "Say how long the work takes"),
    (COMMITTED, {"owners": []}, "Add a second owner who writes or publishes the need"),
    (OPEN, {"measures": [measure(due_on=None)]}, "Say by when each outcome is wanted"),
    (OPEN, {"price_weight": 29}, "Make the weights of the requirements and the price total 100"),
    (OPEN, {"route": "undecided"}, "Choose the procurement route"),
    (OPEN, {"payment": ""}, "Say how the work is paid"),
    (OPEN, {"deadline_at": None}, "Enter the deadline for responses"),
    (OPEN, {"questions_until": None}, "Say until when suppliers may ask questions"),
]


@pytest.mark.parametrize(("rung", "broken", "sentence"), BROKEN, ids=[case[2] for case in BROKEN])
def test_a_demand_is_made_from_its_rung_upwards(
    complete: Need, rung: str, broken: dict[str, Any], sentence: str
) -> None:
    need = Proposed(complete, broken)
    told = [sentence in [lack.sentence for lack in ladder.missing(need, each)] for each in RUNGS]
    assert told == [RUNGS.index(each) >= RUNGS.index(rung) for each in RUNGS]


SIGNALS = [
    (HORIZON, {"review_on": None}, "Enter the day on which you look at it again"),
    (HORIZON, {"review_on": date(2020, 1, 1)}, "Enter a day to look at it again that is in the next 12 months"),
    (HORIZON, {"review_on": date(2099, 1, 1)}, "Enter a day to look at it again that is in the next 12 months"),
    (SHAPING, {"expected_open_on": None}, "Say when you expect to open it"),
    (SHAPING, {"expected_open_on": date(2020, 1, 1)}, "Enter a day to open it that is in the future"),
]


@pytest.mark.parametrize(("rung", "broken", "sentence"), SIGNALS)
def test_what_a_signal_says_of_its_days_is_asked_until_it_is_open(
    complete: Need, rung: str, broken: dict[str, Any], sentence: str
) -> None:
    need = Proposed(complete, broken)
    told = [sentence in [lack.sentence for lack in ladder.missing(need, each)] for each in RUNGS]
    assert told == [RUNGS.index(rung) <= RUNGS.index(each) < RUNGS.index(OPEN) for each in RUNGS]


CLIMBS = {
    ("draft", HORIZON, HORIZON): False,
    ("draft", SHAPING, SHAPING): False,
    ("draft", COMMITTED, COMMITTED): True,
    ("draft", OPEN, OPEN): True,
    ("live", HORIZON, EXPLORING): False,
    ("live", SHAPING, COMMITTED): True,
    ("live", HORIZON, OPEN): True,
    ("live", COMMITTED, OPEN): True,
    ("live", COMMITTED, SHAPING): False,
    ("live", COMMITTED, COMMITTED): False,
}


@pytest.mark.parametrize(("state", "rung", "to"), CLIMBS)
def test_a_step_up_to_a_firm_rung_takes_an_approval(state: str, rung: str, to: str) -> None:
    need = Need(rung=rung)
    if state == "live":
        need.move("publish")
    assert ladder.is_climb(need, to) == CLIMBS[state, rung, to]


@pytest.mark.parametrize("rung", RUNGS)
def test_a_complete_need_lacks_nothing(complete: Need, rung: str) -> None:
    assert ladder.missing(complete, rung) == []


def test_each_rung_asks_for_more_than_the_one_below() -> None:
    empty = Need(title="", rung=HORIZON, time_zone="Europe/London", price_weight=0)
    empty.summary = empty.problem = empty.users = empty.done_already = empty.supplied_today = ""
    empty.clearance = empty.payment = empty.route = empty.confidence_need = empty.confidence_money = ""
    counts = [len(ladder.missing(empty, rung)) for rung in RUNGS]
    assert counts == sorted(set(counts))


def test_a_requirement_without_words_or_capability_is_named(complete: Need) -> None:
    rows = [row(text="", capabilities=[])]
    need = Proposed(complete, {"requirements": rows, "all_capabilities": [1]})
    assert [lack.sentence for lack in ladder.missing(need)] == [
        "Write out each requirement",
        "Tag each requirement with a capability",
    ]


def test_a_deadline_in_the_past_or_after_the_result_is_refused(complete: Need) -> None:
    late = Proposed(complete, {"deadline_at": clock.now()})
    assert [lack.sentence for lack in ladder.missing(late)] == ["Enter a deadline that is in the future"]
    after = Proposed(complete, {"deadline_at": clock.now() + timedelta(days=900)})
    sentence = "Enter a date for the result that is after the deadline"
    assert [lack.sentence for lack in ladder.missing(after)] == [sentence]


def test_questions_end_in_the_future_and_before_the_deadline(complete: Need) -> None:
    late = Proposed(complete, {"questions_until": clock.now()})
    assert [lack.sentence for lack in ladder.missing(late)] == ["Enter an end of questions that is in the future"]
    at_the_deadline = Proposed(complete, {"questions_until": complete.deadline_at})
    sentence = "Enter an end of questions that is before the deadline"
    assert [lack.sentence for lack in ladder.missing(at_the_deadline)] == [sentence]


def test_each_demand_names_a_page_that_exists() -> None:
    from app.needs.sections import SECTIONS

    assert {demand.section for demand in ladder.DEMANDS} <= {*SECTIONS, "owners"}
