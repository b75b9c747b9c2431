"""The table of rules, case by case: which way each fact weighs, and what they add up to."""

from dataclasses import replace
from typing import Any

import pytest

from app.responses.fit.facts import Cost, Drawn, Facts, Results, drawn_from
from app.responses.fit.rules import AGAINST, CAREFUL, FOR, LOOK, NEITHER, NOT, RULES, WORTH, verdict

PLAIN = Facts(
    musts=4,
    musts_missing=0,
    musts_confirmed=0,
    unmet=(),
    constraints=2,
    is_inside=True,
    is_open=True,
    days_left=12,
    high_pence=100_000_00,
    is_money_approved=True,
    cost=Cost(60_000_00, "Your lowest price is £60,000 a project"),
    drawn=None,
    results=Results(),
)

# what is different, the rule that then holds, which way it weighs, and the answer
CASES: list[tuple[dict[str, Any], str, str, str]] = [
    ({}, "Must-haves", FOR, WORTH),
    ({}, "Constraints", FOR, WORTH),
    ({}, "Price", FOR, WORTH),
    ({}, "Your results", NEITHER, WORTH),
    ({}, "Answers", NEITHER, WORTH),
    ({}, "Time", NEITHER, WORTH),
    ({}, "Evidence", NEITHER, WORTH),
    ({"is_inside": False}, "Who can take part", AGAINST, NOT),
    ({"musts_missing": 3}, "Must-haves", AGAINST, NOT),
    ({"musts_missing": 2}, "Must-haves", CAREFUL, LOOK),
    ({"musts_missing": 1}, "Must-haves", CAREFUL, LOOK),
    ({"musts": 1, "musts_missing": 1}, "Must-haves", AGAINST, NOT),
    ({"musts_confirmed": 1}, "Evidence", FOR, WORTH),
    ({"unmet": ("Place",)}, "Constraints", CAREFUL, LOOK),
    ({"unmet": ("Place", "Standard")}, "Constraints", AGAINST, NOT),
    ({"cost": Cost(100_000_01, "x")}, "Price", CAREFUL, LOOK),
    ({"cost": Cost(100_000_00, "x")}, "Price", FOR, WORTH),
    ({"cost": None}, "Price", NEITHER, WORTH),
    ({"high_pence": None}, "Price", NEITHER, WORTH),
    ({"is_money_approved": False}, "Money", CAREFUL, LOOK),
    ({"days_left": 4}, "Time", CAREFUL, LOOK),
    ({"days_left": 0}, "Time", CAREFUL, LOOK),
    ({"days_left": 5}, "Time", NEITHER, WORTH),
    ({"is_open": False, "days_left": None, "is_money_approved": False}, "Time", NEITHER, WORTH),
    ({"drawn": Drawn(5, 15, 1, 30)}, "Answers", CAREFUL, LOOK),
    ({"drawn": Drawn(5, 14.5, 1, 30)}, "Answers", NEITHER, WORTH),
    ({"drawn": Drawn(5, 4, 1, 30)}, "Answers", FOR, WORTH),
    ({"results": Results(1, 1)}, "Your results", FOR, WORTH),
    ({"results": Results(5, 1)}, "Your results", FOR, WORTH),
    ({"results": Results(6, 1)}, "Your results", NEITHER, WORTH),
    ({"results": Results(2, 0)}, "Your results", NEITHER, WORTH),
    ({"results": Results(3, 0)}, "Your results", CAREFUL, LOOK),
    ({"is_inside": False, "results": Results(9, 9)}, "Your results", FOR, NOT),
]


@pytest.mark.parametrize(("change", "name", "way", "answer"), CASES)
def test_each_fact_weighs_its_way(change: dict[str, Any], name: str, way: str, answer: str) -> None:
    judged = verdict(replace(PLAIN, **change))
    assert judged.answer == answer
    assert [each.weighs for each in judged.reasons if each.name == name] == [way]


def test_every_rule_is_met_by_some_case_and_says_something() -> None:
    cases = [replace(PLAIN, **change) for change, _, _, _ in CASES]
    assert [rule for rule in RULES if not any(rule.holds(facts) for facts in cases)] == []
    for facts in cases:
        for said in verdict(facts).reasons:
            assert said.text.endswith(".")
            assert "None" not in said.text


def test_one_thing_is_said_of_each_name_so_that_no_reasons_contradict() -> None:
    for change, _, _, _ in CASES:
        names = [each.name for each in verdict(replace(PLAIN, **change)).reasons]
        assert sorted(names) == sorted(set(names))


def test_without_anything_that_speaks_for_it_it_wants_a_closer_look() -> None:
    nothing = replace(PLAIN, musts=0, constraints=0, cost=None)
    assert [each for each in verdict(nothing).reasons if each.weighs != NEITHER] == []
    assert verdict(nothing).answer == LOOK


def test_who_is_new_gets_the_same_answer_as_who_has_a_few_results() -> None:
    for change, _, _, _ in CASES:
        if "results" not in change:
            new, known = replace(PLAIN, **change), replace(PLAIN, **change, results=Results(2, 0))
            assert verdict(new).answer == verdict(known).answer


@pytest.mark.parametrize("count", range(5))
def test_numbers_of_fewer_than_five_needs_are_not_said(count: int) -> None:
    assert drawn_from([7] * count) is None


def test_the_middle_and_the_range_of_five_needs() -> None:
    assert drawn_from([1, 30, 9, 12, 14]) == Drawn(5, 12, 1, 30)
