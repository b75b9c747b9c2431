"""Tables of matching's rules: who may, who is eligible, what a score is, which places are kept. No database."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.accounts.models import BUYER, LEAD, OFFICER, STAFF, Membership, Person
from app.capabilities.tree import Node, Tree
from app.matching import policy
from app.matching.asks import Ask, Claim, Kinship, covered, weighed
from app.matching.eligibility import constraints_of, is_eligible, near_miss
from app.matching.passages import Passage, best_passage, sentences, share_of_words, stems_in, words_in_common
from app.matching.places import OF_EVERY, Placed, with_kept_places
from app.matching.scoring import WHOLE, lot, mean_outcome, parts, shrunk
from app.needs.models import ANSWERS, DRAFTS, PUBLISHES, READS, Need, NeedOwner
from app.providers.models import Provider
from app.providers.queries import Record


def person_with(*roles: tuple[str, str]) -> Person:
    person = Person(id="me", name="Ash", email="ash@example.com", is_operator=False)
    person.memberships = [Membership(organisation_id=organisation, role=role) for organisation, role in roles]
    return person


def need_of(duty: str = "") -> Need:
    need = Need(department_id="dept", title="Records")
    need.owners = [NeedOwner(person_id="me", duty=duty)] if duty else []
    return need


@pytest.mark.parametrize(
    ("roles", "duty", "sees", "decides"),
    [
        ([], "", False, False),
        ([("dept", OFFICER)], "", True, True),
        ([("other", OFFICER)], "", False, False),
        ([("dept", BUYER)], "", False, False),
        ([("dept", BUYER)], DRAFTS, True, False),
        ([("dept", BUYER)], PUBLISHES, True, False),
        ([("dept", BUYER)], ANSWERS, True, False),
        ([("dept", BUYER)], READS, True, False),
        ([("other", BUYER)], READS, False, False),
        ([("firm", STAFF)], "", False, False),
        ([("firm", STAFF)], READS, False, False),
        ([("dept", OFFICER), ("firm", STAFF)], "", False, False),
        ([("dept", OFFICER), ("firm", LEAD)], PUBLISHES, False, False),
    ],
)
def test_who_sees_and_decides_matches(roles: list[tuple[str, str]], duty: str, sees: bool, decides: bool) -> None:
    person, need = person_with(*roles), need_of(duty)
    assert policy.may_see_matches(person, need) == sees
    assert policy.may_decide_match(person, need) == decides


def test_nobody_and_operators_see_no_matches() -> None:
    operator = person_with()
    operator.is_operator = True
    assert not policy.may_see_matches(None, need_of())
    assert not policy.may_see_matches(operator, need_of())


@pytest.mark.parametrize(("role", "expected"), [(STAFF, True), (LEAD, True), (BUYER, False), (OFFICER, False)])
def test_who_sees_the_needs_that_fit(role: str, expected: bool) -> None:
    provider = Provider(organisation_id="firm")
    assert policy.may_see_fitting_needs(person_with(("firm", role)), provider) == expected
    assert not policy.may_see_fitting_needs(person_with(("other", role)), provider)
    assert not policy.may_see_fitting_needs(None, provider)


def asks(
    clearance: str = "", places: tuple[str, ...] = (), remote: bool | None = None, standards: tuple[str, ...] = ()
) -> Need:
    return SimpleNamespace(  # type: ignore[return-value]
        clearance=clearance, places=places, remote=remote, standards=standards, is_limited=False
    )


@pytest.mark.parametrize(
    ("need", "offer", "met"),
    [
        (asks(), asks(), []),
        (asks(clearance="none"), asks(), []),
        (asks(clearance="sc"), asks(clearance="sc"), [True]),
        (asks(clearance="sc"), asks(clearance="dv"), [True]),
        (asks(clearance="sc"), asks(clearance="ctc"), [False]),
        (asks(clearance="bpss"), asks(), [False]),
        (asks(clearance="bpss"), asks(clearance="no such"), [False]),
        (asks(places=("wales",)), asks(places=("wales", "london")), [True]),
        (asks(places=("wales", "london")), asks(places=("wales",)), [False]),
        (asks(places=("wales",)), asks(remote=True), [False]),
        (asks(places=("wales",), remote=True), asks(remote=True), [True]),
        (asks(places=("wales",), remote=True), asks(places=("wales",), remote=False), [True]),
        (asks(places=("wales",), remote=True), asks(places=("london",), remote=False), [False]),
        (asks(remote=True), asks(remote=True), [True]),
        (asks(remote=True), asks(places=("wales",), remote=False), [False]),
        (asks(standards=("iso27001", "iso9001")), asks(standards=("iso9001",)), [False, True]),
        (asks(standards=("cyber_essentials",)), asks(standards=("cyber_essentials_plus",)), [True]),
        (asks(standards=("cyber_essentials_plus",)), asks(standards=("cyber_essentials",)), [False]),
        (asks("sc", ("wales",), False, ("iso9001",)), asks(), [False, False, False]),
    ],
)
def test_eligible_table(need: Need, offer: object, met: list[bool]) -> None:
    found = constraints_of(need, offer, None)  # type: ignore[arg-type]
    assert [each.is_met for each in found] == met
    assert is_eligible(found) == all(met)
    assert (near_miss(found) is not None) == (met.count(False) == 1)


TREE = Tree(
    [
        Node("area-cloud", "area", None, "Cloud", "", False),
        Node("containers", "capability", "area-cloud", "Containers", "", False),
        Node("kubernetes", "skill", "containers", "Kubernetes", "", False),
        Node("hosting", "capability", "area-cloud", "Hosting", "", False),
    ],
    [],
)


@pytest.mark.parametrize(
    ("asked", "claims", "expected"),
    [
        (("containers",), [("containers", "profile")], 0.6),
        (("containers",), [("containers", "stated")], 0.8),
        (("containers",), [("containers", "countersigned")], 1.0),
        (("containers",), [("kubernetes", "countersigned")], 0.75),
        (("kubernetes",), [("containers", "countersigned")], 0.5),
        (("kubernetes",), [("area-cloud", "countersigned")], 0.0),
        (("hosting",), [("containers", "countersigned")], 0.0),
        (("containers", "hosting"), [("containers", "countersigned")], 0.5),
        (("containers", "hosting"), [("kubernetes", "profile"), ("hosting", "stated")], (0.45 + 0.8) / 2),
        (("containers",), [("containers", "profile"), ("kubernetes", "countersigned")], 0.75),
        ((), [("containers", "countersigned")], 0.0),
        (("containers",), [], 0.0),
    ],
)
def test_coverage_table(asked: tuple[str, ...], claims: list[tuple[str, str]], expected: float) -> None:
    ask = Ask("1", "Run containers", "must", 1.0, asked)
    held = [Claim(capability, standing, "e" if standing != "profile" else None) for capability, standing in claims]
    assert covered(ask, held, Kinship(asked, TREE)) == pytest.approx(expected)


def test_coverage_is_weighed() -> None:
    two = (Ask("1", "a", "must", 80.0, ()), Ask("2", "b", "nice", 20.0, ()))
    assert weighed(two, {"1": 1.0, "2": 0.5}) == pytest.approx(0.9)
    assert weighed((), {}) == 0.0


@pytest.mark.parametrize(
    ("facts", "words", "record", "score"),
    [(0, 0, 0, 0), (1, 1, 1, WHOLE), (0.5, 0, 0, 300), (0, 1, 0, 250), (0, 0, 0.7, 105), (0.6, 0.5, 0.7, 590)],
)
def test_the_score_is_the_sum_of_its_parts(facts: float, words: float, record: float, score: int) -> None:
    made = parts(facts, words, record)
    assert made.score_milli == made.facts + made.words + made.record == score


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, 0.6),
        (Record(1, 1.0), (1 + 2.4) / 5),
        (Record(1, 0.0), 2.4 / 5),
        (Record(36, 36.0), (36 + 2.4) / 40),
    ],
)
def test_a_short_record_is_drawn_to_the_mean(record: Record | None, expected: float) -> None:
    assert shrunk(record, 0.6) == pytest.approx(expected)


def test_the_mean_is_of_outcomes_not_of_providers() -> None:
    assert mean_outcome([Record(3, 3.0), Record(1, 0.0)]) == 0.75
    assert mean_outcome([]) == 0.7


def test_the_lot_falls_anew_for_each_need() -> None:
    firsts = {min(("alder", "birch"), key=lambda provider, n=n: lot(f"need {n}", provider)) for n in range(20)}
    assert firsts == {"alder", "birch"}


Numbered = tuple[int, bool]


def placed_of(ordered: list[Numbered], count: int, need: str = "need") -> list[Placed[Numbered]]:
    """The order with places kept, the earlier newcomers likelier."""
    return with_kept_places(
        ordered, lambda each: 1000.0 - each[0] if each[1] else 0.0, lambda each: f"{need}:{each[0]}", count
    )


@settings(max_examples=300)
@given(st.lists(st.booleans(), max_size=45), st.integers(0, 5))
def test_places_are_kept_for_newcomers_while_there_are_any(newcomers: list[bool], count: int) -> None:
    ordered = list(enumerate(newcomers))
    placed = placed_of(ordered, count)
    order = [place.each for place in placed]
    assert sorted(order) == ordered
    known = [each for each in order if not each[1]]
    assert known == sorted(known)
    for start in range(0, len(placed) - OF_EVERY + 1, OF_EVERY):
        ten, later = order[start : start + OF_EVERY], order[start + OF_EVERY :]
        assert sum(new for _, new in ten) >= count or not any(new for _, new in later)
    assert all(place.each[1] for place in placed if place.drawn_from)
    assert all(place.by_score == place.each[0] + 1 for place in placed)
    if sum(newcomers[:OF_EVERY]) >= count:
        assert order[:OF_EVERY] == ordered[:OF_EVERY]


def test_a_drawn_newcomer_takes_the_last_of_the_ten() -> None:
    placed = placed_of([(n, n in (3, 15)) for n in range(20)], 2)
    assert [place.each[0] for place in placed] == [*range(9), 15, 9, *range(10, 15), *range(16, 20)]
    assert [(place.by_score, place.drawn_from) for place in placed if place.drawn_from] == [(16, 1)]


def drawn(need: str) -> tuple[int, ...]:
    """Who is drawn into the first ten of forty, of whom those from the thirteenth on are new."""
    placed = placed_of([(n, n >= 12) for n in range(40)], 2, need)
    return tuple(place.each[0] for place in placed[:10] if place.drawn_from)


def test_the_draw_replays_and_falls_anew_for_each_need() -> None:
    needs = [f"need {n}" for n in range(60)]
    assert [drawn(need) for need in needs] == [drawn(need) for need in needs]
    assert len({drawn(need) for need in needs}) > 30


def test_the_stronger_are_drawn_more_often() -> None:
    ordered: list[Numbered] = [(n, n >= 10) for n in range(12)]
    chances = {10: 3.0, 11: 1.0}
    first = sum(
        with_kept_places(ordered, lambda e: chances.get(e[0], 0.0), lambda e, n=n: f"{n}:{e[0]}", 1)[9].each[0] == 10
        for n in range(2_000)
    )
    assert 1_400 < first < 1_600


def test_the_best_passage_has_the_most_words_and_marks_them_as_written() -> None:
    texts = sentences("We moved patients' records. Nobody lost a record while we were moving them!\nSupport went on.")
    assert len(texts) == 3
    asked = "Move records without loss of a record"
    best = best_passage(stems_in(asked), [Passage(text, stems_in(text), None, "profile") for text in texts])
    assert best is not None
    assert best.text == "We moved patients' records."
    assert words_in_common(asked, best.text) == ("moved", "records")


@pytest.mark.parametrize(
    ("asked", "passage", "counts"),
    [
        ("Host patient records", "We host records for patients", True),
        ("Host patient records", "We host parties", False),
        ("Migration", "A migration of ledgers", True),
        ("One two three four five six seven", "Four of seven, five of nine", True),
        ("", "Anything", False),
    ],
)
def test_a_few_common_words_mean_nothing(asked: str, passage: str, counts: bool) -> None:
    stems = stems_in(asked)
    assert bool(share_of_words(stems, Passage(passage, stems_in(passage), None, "profile"))) == counts


def test_long_sentences_are_cut_between_words() -> None:
    (cut,) = sentences("word " * 200)
    assert len(cut) <= 302
    assert cut.endswith("word …")
