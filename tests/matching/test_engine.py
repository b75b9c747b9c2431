"""The engine on real rows and a real index: who is ranked, why, and in which order."""

from datetime import date
from random import Random
from typing import Any

import pytest

from app.kernel import search
from app.kernel.db import reading, session, transaction
from app.matching import engine
from app.matching.candidate import Candidate
from app.matching.engine import candidate_of, candidates, candidates_among
from app.matching.fitting import needs_that_fit
from app.matching.reasons import MISSING
from app.needs.models import Need
from app.needs.queries import get_need
from app.providers.commands import retire_profile
from app.providers.models import SolutionProfile
from tests import make
from tests.matching.make import HOST, MIGRATE, need, profile
from tests.needs import make as make_need
from tests.providers import make as make_provider

pytestmark = pytest.mark.usefixtures("app")


def ranked(of: Need) -> tuple[Candidate, ...]:
    """The candidates of a need, asked as a page does."""
    search.catch_up()
    with reading():
        return candidates(get_need(of.id)).candidates


def names(found: tuple[Candidate, ...]) -> list[str]:
    return [each.provider.name for each in found]


def standings(candidate: Candidate) -> dict[str, str]:
    return {reason.text: reason.standing for reason in candidate.reasons}


def test_facts_come_before_words() -> None:
    with transaction():
        asked = need()
        profile("Doer", "Data migration", "Cloud hosting")
        profile("Half", "Data migration")
        profile(
            "Talker", "Gardening", approach="Patient records! We move records, host records in regions, all records."
        )
        profile("Stranger", "Gardening")
    found = ranked(asked)
    assert names(found) == ["Doer", "Half", "Talker"]
    assert standings(found[0]) == {MIGRATE: "stated", HOST: "stated"}
    assert standings(found[1]) == {MIGRATE: "stated", HOST: "missing"}
    assert "Stranger" not in names(found)


def test_candidates_among_some_are_ranked_as_among_all_and_found_behind_any_number_of_others() -> None:
    with transaction():
        asked = need()
        for number in range(engine.POOL + 5):
            profile(f"Able {number}", "Data migration", "Cloud hosting")
        half, stranger = profile("Half", "Data migration"), profile("Stranger", "Gardening")
        whole = profile("Whole", "Data migration", "Cloud hosting")
        third = profile("Third", "Cloud hosting")
    among = [each.provider_id for each in (stranger, half, third, whole)]
    search.catch_up()
    with reading():
        row = get_need(asked.id)
        assert names(candidates_among(row, among, 5)) == ["Whole", "Half", "Third"]
        assert names(candidates_among(row, among, 2)) == ["Whole", "Half"]
        assert candidates_among(row, [], 5) == ()
        (alone,) = candidates_among(row, [half.provider_id], 5)
        _, same = candidate_of(row, session().get_one(SolutionProfile, half.id))
        assert same is not None
        assert (alone.score_milli, alone.reasons) == (same.score_milli, same.reasons)


def test_reasons_name_the_best_evidence_with_its_words() -> None:
    with transaction():
        asked = need()
        migration = make_need.capability("Data migration")
        row = profile("Doer", "Data migration")
        told = "It rained. We moved patient records of nine hospitals. All was well."
        piece = make_provider.countersigned(row.provider, title="Nine hospitals", text=told, capabilities=[migration])
    first = ranked(asked)[0]
    reason = next(each for each in first.reasons if each.text == MIGRATE)
    assert (reason.standing, reason.evidence_id, reason.source) == ("countersigned", piece.id, "Nine hospitals")
    assert reason.passage == "We moved patient records of nine hospitals."
    assert reason.words == ("moved", "patient", "records")
    assert reason.capabilities == ("Data migration",)
    assert reason.coverage_milli == 1000


@pytest.mark.parametrize(
    ("standing", "finished_on", "expected"),
    [
        ("countersigned", date(2026, 1, 1), "countersigned"),
        ("disputed", date(2026, 1, 1), "stated"),
        ("countersigned", date(2019, 1, 1), "stated"),
    ],
)
def test_only_what_stands_and_has_not_expired_counts(standing: str, finished_on: date, expected: str) -> None:
    with transaction():
        asked = need()
        row = profile("Doer", "Data migration")
        facts: dict[str, Any] = {"standing": standing, "finished_on": finished_on}
        make_provider.countersigned(row.provider, capabilities=[make_need.capability("Data migration")], **facts)
    assert standings(ranked(asked)[0])[MIGRATE] == expected


def test_stated_evidence_counts_for_the_profile_that_shows_it() -> None:
    with transaction():
        asked = need()
        migration = make_need.capability("Data migration")
        page = make_provider.provider(make.supplier("Doer"))
        piece = make_provider.evidence(page, title="Ledgers", capabilities=[migration])
        make_provider.live_profile(
            page, title="Gardens", capabilities=[make_need.capability("Gardening")], evidence=[piece]
        )
        idle = make_provider.provider(make.supplier("Idle"))
        make_provider.evidence(idle, capabilities=[migration])
        make_provider.live_profile(idle, title="Other gardens", capabilities=[make_need.capability("Gardening")])
    found = ranked(asked)
    assert names(found) == ["Doer"]
    assert found[0].reasons[0].source == "Ledgers"


def test_good_outcomes_lift_and_bad_ones_lower() -> None:
    with transaction():
        asked = need()
        for name, achieved in (("Good", 100), ("Bad", 0)):
            row = profile(name, "Data migration")
            for number in range(4):
                told = {"achieved_percent": achieved, "capabilities": [make_need.capability("Gardening")]}
                make_provider.countersigned(row.provider, source=f"partnerships:{name}{number}", **told)
        profile("New", "Data migration")
    found = ranked(asked)
    assert names(found) == ["Good", "New", "Bad"]
    assert [each.parts.record for each in found] == [112, 75, 38]
    assert [each.is_newcomer for each in found] == [False, True, False]


def test_eligible_ones_come_first_and_near_misses_say_what_fails() -> None:
    with transaction():
        asked = need(clearance="sc", places=["wales"], remote=False)
        profile("Able", "Cloud hosting", clearance="sc", places=["wales"])
        profile("Near", "Data migration", "Cloud hosting", clearance="bpss", places=["wales"])
        profile("Far", "Data migration", "Cloud hosting", clearance="bpss", places=[])
    found = {each.provider.name: each for each in ranked(asked)}
    assert names(ranked(asked))[0] == "Able"
    assert found["Able"].is_eligible
    assert found["Near"].near_miss is not None
    assert found["Near"].near_miss.name == "Security clearance"
    assert found["Far"].near_miss is None
    assert not found["Far"].is_eligible


def test_an_in_house_team_is_first_among_equals() -> None:
    with transaction():
        asked = need()
        for number in range(4):
            profile(f"Firm {number}", "Data migration", title="What we do")
        team = make.team(make.department(), "Own Lab")
        profile("Own Lab", "Data migration", organisation=team, title="What we do")
    found = ranked(asked)
    assert len({each.score_milli for each in found}) == 1
    assert names(found)[0] == "Own Lab"
    assert found[0].is_in_house


def test_a_provider_stands_once_with_its_best_profile() -> None:
    with transaction():
        asked = need()
        row = profile("Doer", "Gardening", approach="We move records.")
        both = [make_need.capability("Data migration"), make_need.capability("Cloud hosting", "Infrastructure")]
        best = make_provider.live_profile(row.provider, title="Best", capabilities=both)
    (found,) = ranked(asked)
    assert found.profile.id == best.id
    with reading():
        _, other = candidate_of(get_need(asked.id), session().get_one(SolutionProfile, row.id))
    assert other is not None
    assert other.profile.id == row.id
    assert other.score_milli < found.score_milli


def test_drafts_and_retired_profiles_are_no_candidates_even_before_the_index_knows() -> None:
    with transaction():
        asked = need()
        row = profile("Gone", "Data migration")
        make_provider.draft_profile(make_provider.provider(), capabilities=[make_need.capability("Data migration")])
    search.catch_up()
    with transaction():
        gone = session().get_one(SolutionProfile, row.id)
        retire_profile(gone, by=make.staff(gone.provider.organisation))
    with reading():
        assert candidates(get_need(asked.id)).candidates == ()


def test_a_need_without_requirements_is_read_for_what_it_names() -> None:
    with transaction():
        make_need.capability("Data migration")
        asked = make_need.live_need(
            rung="horizon",
            title="Data migration for fishing licences",
            summary="Licences.",
            requirements=[],
            capabilities=[],
        )
        profile("Doer", "Data migration")
        profile("Other", "Gardening")
    found = ranked(asked)
    assert names(found) == ["Doer"]
    assert found[0].reasons[0].capabilities == ("Data migration",)


def test_newcomers_get_places_among_the_first_ten() -> None:
    with transaction():
        asked = need()
        for number in range(12):
            row = profile(f"Known {number}", "Data migration", "Cloud hosting")
            told = {"capabilities": [make_need.capability("Data migration")], "achieved_percent": 90}
            for outcome in range(2):
                make_provider.countersigned(row.provider, source=f"partnerships:{number}-{outcome}", **told)
        for number in range(3):
            profile(f"New {number}", "Data migration")
    found = ranked(asked)
    assert [each.is_newcomer for each in found[:10]] == [False] * 8 + [True] * 2
    kept = [each.kept_place for each in found]
    assert [bool(each) for each in kept] == [False] * 8 + [True] * 2 + [False] * 5
    assert {each.drawn_from for each in kept if each} == {3}
    assert all(each.by_score > 12 for each in kept if each)
    assert [each.provider.id for each in ranked(asked)] == [each.provider.id for each in found]


def test_what_moved_the_place_adds_up_to_the_score() -> None:
    with transaction():
        asked = need()
        for number in range(9):
            profile(f"Able {number}", "Data migration", approach="We move patient records." if number % 2 else "We do.")
        row = profile("Proven", "Data migration", "Cloud hosting")
        for outcome in range(2):
            make_provider.countersigned(row.provider, source=f"partnerships:{outcome}", achieved_percent=90)
        profile("Little", "Cloud hosting")
    found = ranked(asked)
    assert len(found) == 11
    for each in found:
        assert sum(moved.milli for moved in each.moved) == each.score_milli
        assert sum(milli for _, milli in each.words) <= each.parts.words + len(each.words)
        names = [moved.name for moved in each.moved]
        place = ["Newcomer’s place"] if each.kept_place else []
        assert names == ["What they can do and show", "Words", "Record", *place]
    said = {each.provider.name: [word for word, _ in each.words] for each in found}
    assert {"patient", "records"} <= set(map(str.lower, said["Able 1"]))
    records = {each.provider.name: each.moved[2].why for each in found}
    assert records["Proven"] == "2 measured outcomes, 90% of what was wanted, drawn to the average of all"
    assert records["Little"] == "no measured outcome yet: the average of all"


def test_everything_shown_is_explained() -> None:
    draw = Random(7)
    held = ["Data migration", "Cloud hosting", "Gardening", "Cooking"]
    words = ["records", "patients", "regions", "gardens", "soup", "moving", "hosting"]
    with transaction():
        asked = need()
        for number in range(40):
            profile(f"P{number}", *draw.sample(held, draw.randint(1, 2)), approach=" ".join(draw.choices(words, k=9)))
    found = ranked(asked)
    assert found
    for each in found:
        spoken = [reason for reason in each.reasons if reason.standing != MISSING]
        assert spoken
        assert all(reason.capabilities or reason.words for reason in spoken)
        assert all(reason.passage for reason in spoken)
        assert all(not reason.passage and not reason.coverage_milli for reason in each.reasons if reason not in spoken)
        assert each.score_milli == each.parts.facts + each.parts.words + each.parts.record


def test_the_order_of_writing_changes_nothing() -> None:
    facts = [
        ("Alder", ["Data migration"]),
        ("Birch", ["Cloud hosting"]),
        ("Cedar", ["Data migration", "Cloud hosting"]),
    ]
    seen = []
    for seed in range(3):
        order = Random(seed).sample(facts, len(facts))
        with transaction():
            for row in session().query(SolutionProfile).filter(SolutionProfile.state == "live"):
                retire_profile(row, by=make.person())
            for name, capabilities in order:
                profile(f"{name} {seed}", *capabilities, title=f"What {name} does", problem=f"{name} sees records.")
            asked = need(title="Records")
        seen.append([(each.provider.name.split()[0], each.parts, standings(each)) for each in ranked(asked)])
    assert seen[0] == seen[1] == seen[2]
    assert [name for name, *_ in seen[0]] == ["Cedar", "Alder", "Birch"]


def test_the_same_question_has_the_same_answer() -> None:
    with transaction():
        asked = need()
        for number in range(15):
            profile(f"P{number}", "Data migration", title="What we do")
    first, second = ranked(asked), ranked(asked)
    assert first[0].score_milli == first[-1].score_milli
    assert [each.profile.id for each in first] == [each.profile.id for each in second]
    assert names(first) != sorted(names(first))


def test_more_providers_take_no_more_statements() -> None:
    from sqlalchemy import event

    from app.kernel import db

    def count(asked: Need) -> int:
        search.catch_up()
        statements: list[str] = []
        listener = lambda *arguments: statements.append(arguments[2])
        with reading():
            row = get_need(asked.id)
            event.listen(db.database().engine, "before_cursor_execute", listener)
            try:
                engine.candidates(row)
            finally:
                event.remove(db.database().engine, "before_cursor_execute", listener)
        return len(statements)

    with transaction():
        asked = need()
        first = profile("P0", "Data migration")
        make_provider.countersigned(first.provider, source="partnerships:0")
    once = count(asked)
    with transaction():
        for number in range(1, 3):
            row = profile(f"P{number}", "Data migration")
            make_provider.countersigned(row.provider, source=f"partnerships:{number}")
    assert count(asked) == once


def test_live_needs_that_fit_a_provider() -> None:
    with transaction():
        fits = need(title="Fits best")
        narrow = need(title="Wants clearance", clearance="dv")
        make_need.draft_need(
            title="Secret draft about data migration", capabilities=[make_need.capability("Data migration")]
        )
        make_need.closed_need(title="Closed", capabilities=[make_need.capability("Data migration")])
        make_need.withdrawn_need(title="Withdrawn", capabilities=[make_need.capability("Data migration")])
        row = profile("Doer", "Data migration", clearance="bpss")
        page = row.provider
    search.catch_up()
    with reading():
        found = needs_that_fit(page)
    assert [each.need.id for each in found] == [fits.id, narrow.id]
    assert found[0].is_eligible
    assert found[1].near_miss is not None
    assert [reason.standing for reason in found[0].reasons] == ["stated", "missing"]
    with transaction():
        idle = make_provider.provider()
    with reading():
        assert needs_that_fit(idle) == []
