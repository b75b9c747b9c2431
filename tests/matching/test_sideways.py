"""Why not this one, needs like this need, and partners: what is told, and to whom."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from app.kernel import search
from app.kernel.db import reading, transaction
from app.matching.asking import standings
from app.matching.sideways import Alike, alike, capabilities_shared, partners_of, similar_needs
from app.matching.together import coalitions_for
from app.matching.wording import telling
from app.needs.queries import get_need
from app.providers.queries import get_provider
from tests import make
from tests.browser import Browser
from tests.matching.make import HOST, MIGRATE, need, profile
from tests.needs import make as make_need
from tests.providers import make as make_provider

Browsers = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("app")


def test_why_not_says_what_keeps_each_from_standing_higher() -> None:
    with transaction():
        asked = need(clearance="sc")
        profile("Able Works", "Data migration", "Cloud hosting", clearance="sc")
        profile("Uncleared Works", "Data migration")
        profile("Gardening Works", "Gardening", clearance="sc")
    search.catch_up()
    with reading():
        told = {each.provider.name: each for each in standings(get_need(asked.id), "works")}
    assert set(told) == {"Able Works", "Uncleared Works", "Gardening Works"}
    assert told["Able Works"].place == (1, 2)
    assert told["Able Works"].why == ("All that was asked for is shown, and every constraint is met.",)
    assert told["Uncleared Works"].place == (2, 2)
    assert told["Uncleared Works"].why == (
        "Constraint not met: Security clearance (Security check (SC) is wanted; "
        "offered: Baseline personnel security standard (BPSS)).",
        f"Nothing was found for: {HOST}",
    )
    assert told["Gardening Works"].place is None
    assert told["Gardening Works"].why == (
        f"Nothing was found for: {MIGRATE}",
        f"Nothing was found for: {HOST}",
        "So nothing speaks for it, and what cannot be explained is not shown.",
    )


def test_why_not_is_asked_by_name_and_only_by_those_who_see_matches(browser: Browsers) -> None:
    with transaction():
        asked = need()
        row = profile("Able Works", "Data migration")
        officer, staff = make.officer(asked.department), make.staff(row.provider.organisation)
        make.supplier("Pageless")
    search.catch_up()
    path = f"/needs/{asked.id}/matches/why-not"
    page = browser(officer).get(path, 200).submit("Look it up", name="able")
    assert "Able Works" in page.text
    assert "stands 1 of 1 provider" in page.text
    assert "No provider has that name" in browser(officer).get(f"{path}?name=Nobody", 200).text
    assert "No provider has that name" not in browser(officer).get(f"{path}?name=%20", 200).text
    browser(staff).get(path, 403)
    browser().get(path)


def test_needs_like_this_one_share_telling_words(browser: Browsers) -> None:
    with transaction():
        department = make.department()
        asked = make_need.live_need(department, title="Ferry timetables", summary="Timetables of ferries.")
        twin = make_need.live_need(department, title="Timetables for ferries", summary="People miss the ferry.")
        other = make_need.live_need(department, title="School meals", summary="Menus for pupils.")
        draft = make_need.draft_need(department, title="Ferry timetables again", summary="Timetables of ferries.")
    search.catch_up()
    with reading():
        found = similar_needs(get_need(asked.id))
        assert found[0].need.id == twin.id
        assert {"Ferry", "Timetables"} & set(found[0].words) or {"ferry", "timetables"} & set(found[0].words)
        ids = [each.need.id for each in found]
    assert asked.id not in ids
    assert draft.id not in ids
    assert ids[:1] != [other.id]
    page = browser().get(f"/needs/{asked.id}/similar", 200)
    assert "Timetables for ferries" in page.text
    assert "again" not in page.text
    browser().get(f"/needs/{draft.id}/similar", 404)


def test_needs_alike_are_of_one_state_and_tell_whether_they_share_a_capability() -> None:
    with transaction():
        boats = {"summary": "Ferries.", "capabilities": [make_need.capability("Boats", "Water")]}
        rails = {"summary": "Ferries.", "capabilities": [make_need.capability("Rails", "Land")]}
        asked = make_need.complete_draft(rung="shaping", title="Ferry timetables")
        kinds = (make_need.live_need, make_need.live_need, make_need.concluded_need)
        live, left_out, over = (make(title="Timetables of ferries") for make in kinds)
        other = make_need.live_need(title="Timetables")
        for each in (asked, live, left_out, over):
            make_need.write(each, requirements=[], **boats)
        make_need.write(other, requirements=[], **rails)
    search.catch_up()
    with reading():
        row = get_need(asked.id)
        found = alike(row, "live", exclude=[left_out.id], limit=5)
        assert [(each.need_id, each.shares_capability) for each in found] == [(live.id, True), (other.id, False)]
        assert capabilities_shared(row, [live.id, other.id]) == {live.id: ("Boats",)}
        assert [each.need_id for each in alike(row, "live", limit=1)] == [min(live.id, left_out.id)]
        assert [each.need_id for each in alike(row, "concluded")] == [over.id]


@pytest.mark.parametrize(
    ("shares", "count", "overlaps"), [(True, 1, False), (True, 2, True), (False, 5, False), (False, 6, True)]
)
def test_a_few_words_in_common_are_no_overlap(shares: bool, count: int, overlaps: bool) -> None:
    assert Alike("need", shares).overlaps(["word"] * count) == overlaps


def test_partners_have_what_is_lacking(browser: Browsers) -> None:
    with transaction():
        data, cloud = make_need.capability("Data migration"), make_need.capability("Cloud hosting", "Infrastructure")
        asked = need(
            requirements=[
                make_need.requirement(MIGRATE, weight=50, capabilities=[data]),
                make_need.requirement(HOST, weight=50, capabilities=[cloud]),
            ],
            clearance="sc",
        )
        mover = profile("Mover", "Data migration", clearance="sc")
        profile("Host", "Cloud hosting", clearance="sc")
        profile("Uncleared host", "Cloud hosting")
        profile("Second mover", "Data migration", clearance="sc")
        staff, stranger = make.staff(mover.provider.organisation), make.officer(asked.department)
    search.catch_up()
    with reading():
        found = partners_of(get_provider(mover.provider_id))
        assert [each.provider.name for each in found] == ["Host"]
        assert [(each.id, texts) for each, texts in found[0].fills] == [(asked.id, (HOST,))]
    path = f"/providers/{mover.provider_id}/partners"
    assert HOST in browser(staff).get(path, 200).text
    browser(stranger).get(path, 403)
    browser().get(path)


def test_coalitions_cover_the_musts_together(browser: Browsers) -> None:
    with transaction():
        data, cloud = make_need.capability("Data migration"), make_need.capability("Cloud hosting", "Infrastructure")
        law = make_need.capability("Case law", "Law")
        asked = need(
            requirements=[
                make_need.requirement(MIGRATE, capabilities=[data]),
                make_need.requirement(HOST, capabilities=[cloud]),
                make_need.requirement("Cite judgments by paragraph", capabilities=[law]),
            ],
            clearance="sc",
        )
        mover = profile("Mover", "Data migration", clearance="sc")
        piece = {"capabilities": [data], "finished_on": date(2026, 1, 1)}
        make_provider.countersigned(mover.provider, source="partnerships:1", **piece)
        profile("Second mover", "Data migration", clearance="sc")
        profile("Host", "Cloud hosting", clearance="sc")
        profile("Uncleared", "Data migration", "Cloud hosting")
        officer, staff = make.officer(asked.department), make.staff(mover.provider.organisation)
    search.catch_up()
    with reading():
        told = coalitions_for(get_need(asked.id))
    assert told.uncovered == ("Cite judgments by paragraph",)
    assert (told.is_exact, told.gap) == (True, 0.0)
    assert {each.name for each in told.found[0].members} == {"Mover", "Host"}
    shares = {(each.text, each.provider.name, each.coverage_milli) for each in told.found[0].shares}
    assert shares == {(MIGRATE, "Mover", 1000), (HOST, "Host", 600)}
    assert told.found[0].strength_milli == 800
    assert "Uncleared" not in {member.name for each in told.found for member in each.members}
    page = browser(officer).get(f"/needs/{asked.id}/matches/coalitions", 200)
    assert "Shown by nobody" in page.text
    assert "It is proven that no smaller set would do" in page.text
    browser(staff).get(f"/needs/{asked.id}/matches/coalitions", 403)


def test_the_export_says_what_the_page_says(browser: Browsers) -> None:
    with transaction():
        asked = need(clearance="sc")
        row = profile("Doer", "Data migration", clearance="sc", approach="We move patient records.")
        profile("Near", "Data migration")
        officer, staff = make.officer(asked.department), make.staff(row.provider.organisation)
    search.catch_up()
    path = f"/needs/{asked.id}/matches.json"
    facts = json.loads(browser(officer).client.get(path).data)
    assert (facts["need"]["id"], facts["matched"], len(facts["candidates"])) == (asked.id, 2, 2)
    first, second = facts["candidates"]
    assert (first["place"], first["provider"]["name"], first["profile"]["id"]) == (1, "Doer", row.id)
    assert sum(moved["milli"] for moved in first["moved"]) == first["score_milli"] == sum(first["parts"].values())
    assert [reason["standing"] for reason in first["reasons"]] == ["stated", "missing"]
    assert second["near_miss"]["name"] == "Security clearance"
    assert (first["is_eligible"], second["is_eligible"]) == (True, False)
    page = browser(officer).get(f"/needs/{asked.id}/matches", 200)
    assert str(first["score_milli"] / 10) in page.text
    assert browser(staff).client.get(path).status_code == 403


def test_words_that_hold_sentences_together_are_not_told_as_shared() -> None:
    assert telling(["its", "Before", "tide", "gauge", "half", "weir"], 2) == ("tide", "gauge")
