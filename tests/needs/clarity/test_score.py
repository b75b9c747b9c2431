"""The score: its points, what counts on which rung, and that mending never lowers it."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs.clarity.rule import Spot, finding
from app.needs.clarity.rules import RULES
from app.needs.clarity.score import COUNTED, FOREIGN, LATER, THIN, UNTOLD, clarity_in
from app.needs.ladder import DEMANDS
from app.needs.market import Barrier, Market
from app.needs.models import RUNGS
from app.needs.sections import SECTIONS
from tests.needs.clarity.make import FILLER, clear_need, measure, need, requirement
from tests.needs.clarity.test_looks import HARD, SOLUTION, WELSH

BARRIER = Barrier("money", "Highest amount", "£1", 9)
ENOUGH, FEW = Market(40, 12), Market(40, 1, (BARRIER,))


def standings(need: Any, market: Market | None = ENOUGH) -> dict[str, str]:
    return {part.rule.key: part.standing for part in clarity_in(need, market).parts}


def test_the_points_of_all_parts_are_a_hundred() -> None:
    assert sum(rule.points for rule in RULES) == 100


def test_a_clear_need_has_all_points_and_nothing_to_mend() -> None:
    found = clarity_in(clear_need(), ENOUGH)
    assert (found.score, found.most, found.findings) == (100, 100, [])


@pytest.mark.parametrize("rung", RUNGS)
def test_an_empty_need_has_no_points_on_any_rung(rung: str) -> None:
    found = clarity_in(need(rung=rung), FEW)
    # nothing is asked in a must, so no must is too many
    unearned = {part.rule.key for part in found.parts if part.counts and part.met == 0}
    counted = {rule.key for rule in RULES if RUNGS.index(rule.rung) <= RUNGS.index(rung)}
    assert unearned == counted - {"musts", "providers"}
    assert (found.score or 0) <= 8


def test_each_way_tells_its_sentences_in_the_words_of_its_spot() -> None:
    """Every placeholder is filled by a real spot; hostile words stay words."""
    hostile = "{0} {x} %s <b>"
    needs = [
        need(rung="open"),
        need(
            title=hostile, problem=hostile, users="staff", measures=[measure(hostile, "", ""), measure(baseline="TBC")]
        ),
        need(problem=SOLUTION, low_pence=1, requirements=[requirement(hostile)] * 7),
        clear_need(title="Buy Oracle for the QXYZ, at pace", summary=HARD * 3, problem="So it is."),
    ]
    found = [each for made in needs for market in (FEW, Market(9, 0)) for each in clarity_in(made, market).findings]
    assert {rule.key for rule in RULES} == {each.rule for each in found}
    for each in found:
        bare = (each.says + each.mend).replace(hostile, "")
        assert "{" not in bare
        assert bare[0].isupper() or bare[0].isdigit() or bare[0] == "“"


def test_each_finding_names_a_section_and_a_field_of_it() -> None:
    made = [
        need(),
        clear_need(title="Buy Oracle for the QXYZ", requirements=[requirement("Utilise SAP")] * 7, summary=HARD),
    ]
    for each in (each for one in made for each in clarity_in(one, FEW).findings):
        fields = {field.name for field in SECTIONS[each.section].fields}
        assert each.field in fields or each.rule == "providers"


def test_the_words_of_a_finding_are_never_read_as_a_format() -> None:
    rule = next(rule for rule in RULES if rule.key == "products")
    spot = Spot("named", "basics", "title", "Title", {"product": "{rule.__class__}"})
    assert finding(rule, spot).says == "“{rule.__class__}” names a product or a vendor."


# Fair to an early need

ASKED = {
    "horizon": {"problem", "products", "jargon", "abbreviations", "reading_age"},
    "exploring": {"users"},
    "shaping": {"measures"},
    "committed": {"budget", "musts", "providers"},
    "open": set(),
}


@pytest.mark.parametrize("rung", RUNGS)
def test_what_a_rung_does_not_ask_for_is_not_counted(rung: str) -> None:
    asked = set().union(*(ASKED[each] for each in RUNGS[: RUNGS.index(rung) + 1]))
    found = standings(clear_need(rung=rung))
    assert {key for key, standing in found.items() if standing == COUNTED} == asked
    assert {key for key, standing in found.items() if standing == LATER} == set(found) - asked


def test_the_rungs_are_those_of_the_ladder() -> None:
    demanded = {demand.sentence: demand.rung for demand in DEMANDS}
    rungs = {rule.key: rule.rung for rule in RULES}
    assert {key: demanded[sentence] for key, sentence in (
        ("problem", "Explain the problem"), ("users", "Say who has the problem"),
        ("measures", "Add at least one outcome with a measure"), ("budget", "Enter the range of the money"),
        ("musts", "Add at least one requirement"), ("providers", "Say which clearance people need"),
    )} == {key: rungs[key] for key in ("problem", "users", "measures", "budget", "musts", "providers")}  # fmt: skip


def test_a_horizon_need_is_scored_by_its_problem_alone_and_told_nothing_that_is_not_asked() -> None:
    early = clear_need(rung="horizon", users="", measures=[], requirements=[], low_pence=None, high_pence=None)
    found = clarity_in(early, FEW)
    assert (found.score, found.most) == (100, 50)
    assert [each.rule for each in found.findings] == ["providers"]


def test_what_is_written_before_it_is_asked_for_is_looked_at_and_not_counted() -> None:
    early = clear_need(rung="horizon", measures=[measure(baseline="")], requirements=[requirement()] * 7)
    found = clarity_in(early, ENOUGH)
    assert (found.score, [each.rule for each in found.findings]) == (100, ["measures", "musts"])


def test_where_nobody_can_tell_the_rest_is_scaled() -> None:
    found = clarity_in(clear_need(users=""), None)
    assert standings(clear_need(), None)["providers"] == UNTOLD
    assert standings(clear_need(rung="horizon"), None)["providers"] == LATER
    assert (found.earned, found.most, found.score) == (80, 90, 88)


def test_a_need_in_another_language_is_not_scored_on_its_words() -> None:
    foreign = clear_need(title="Cofnodion", summary=WELSH, problem=WELSH, rung="horizon")
    assert clarity_in(foreign, None).score is None
    assert set(standings(foreign).values()) == {FOREIGN, LATER}
    committed = clarity_in(clear_need(title="Cofnodion", summary=WELSH, problem=WELSH), ENOUGH)
    assert (committed.score, committed.most) == (100, 50)


def test_a_few_words_earn_nothing_for_being_plain() -> None:
    few = need(title="Buy Oracle", problem="It is slow.", rung="horizon")
    assert set(standings(few).values()) == {COUNTED, THIN, LATER}
    found = clarity_in(few, None)
    assert (found.score, {each.rule for each in found.findings}) == (10, {"problem", "products"})


def test_all_points_but_a_part_of_one_are_not_a_hundred() -> None:
    measures = [measure()] * 19 + [measure(baseline="")]
    assert clarity_in(clear_need(measures=measures), ENOUGH).score == 99


# Mending never lowers the score: each fault, and what mends it

RUN_ON = "They come to the desk and they ask for it again" + " and they come to the desk and they ask" * 60
FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "problem": ({"problem": SOLUTION}, {"problem": f"{SOLUTION} Today 40 letters a day are lost, for hours."}),
    "users": ({"users": ""}, {"users": "Harbour masters"}),
    "measures": ({"measures": []}, {"measures": [measure()]}),
    "money": ({"low_pence": None, "high_pence": None}, {"low_pence": None, "high_pence": 5}),
    "musts": (
        {"requirements": [requirement(f"Thing {n}") for n in range(9)]},
        {"requirements": [requirement(f"Thing {n}", kind="must" if n else "nice") for n in range(9)]},
    ),
    "product": ({"title": "Replace Oracle"}, {"title": "Replace it"}),
    "jargon": (
        {"summary": f"{FILLER} In order to utilise it."},
        {"summary": f"{FILLER} To use it."},
    ),
    "abbreviation": (
        {"done_already": "The ABCD asked."},
        {"done_already": "The Asset Base Control Desk (ABCD) asked."},
    ),
    "sentence": ({"supplied_today": RUN_ON}, {"supplied_today": RUN_ON.replace(" and they", ". They")}),
}


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("fault", FAULTS)
def test_mending_one_fault_never_lowers_the_score_whatever_else_is_wrong(fault: str, rung: str) -> None:
    wrong, right = FAULTS[fault]
    for others in combinations([key for key in FAULTS if key != fault], 2):
        rest = {name: value for key in others for name, value in FAULTS[key][0].items()}
        before, after = (clarity_in(clear_need(rung=rung, **{**rest, **part}), FEW) for part in (wrong, right))
        assert (after.score or 0) >= (before.score or 0)


def test_mending_every_fault_raises_the_score() -> None:
    for wrong, right in FAULTS.values():
        before, after = (clarity_in(clear_need(**part), ENOUGH) for part in (wrong, right))
        assert (after.score or 0) > (before.score or 0)


@given(
    st.lists(st.sampled_from(["in order to", "utilise", "seamless", "the form", "we wait", "each day"]), max_size=40)
)
def test_taking_jargon_out_never_lowers_the_score(phrases: list[str]) -> None:
    """Down to where too little is left to be called plain."""
    plain = [phrase for phrase in phrases if phrase not in ("in order to", "utilise", "seamless")]
    before, after = (clarity_in(need(done_already=". ".join(each)), None) for each in (phrases, plain))
    assert (after.score or 0) >= (before.score or 0)


@given(st.text(), st.text(), st.lists(st.text(), max_size=4), st.sampled_from([*RUNGS, ""]))
def test_any_text_has_a_score_within_bounds(title: str, problem: str, texts: list[str], rung: str) -> None:
    rows = [requirement(text) for text in texts]
    found = clarity_in(need(title=title, problem=problem, users=title, requirements=rows, rung=rung), FEW)
    assert 0 <= (found.score or 0) <= 100
    assert all(0 <= part.met <= 1 for part in found.parts)


def test_a_form_of_megabytes_is_read_in_part() -> None:
    read = clarity_in(
        need(problem="Oracle ABCD utilise " * 100_000, requirements=[requirement("x " * 50_000)] * 50), None
    )
    assert len(read.findings) < 20


@given(st.sampled_from(["We wait", "The handling department hesitates", HARD, "It is"]), st.integers(1, 12))
def test_explaining_an_abbreviation_never_lowers_the_score(around: str, times: int) -> None:
    """However hard the long form is to read: it weighs nothing in the reading age."""
    texts = (
        f"{around} for the {asked}. " * times
        for asked in ("QXYZ", "Quintessential Xenobiological Yardstick Zone (QXYZ)")
    )
    before, after = (clarity_in(clear_need(done_already=text), ENOUGH) for text in texts)
    assert (after.score or 0) > (before.score or 0)
