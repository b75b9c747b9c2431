"""The search page of solution profiles, providers and evidence."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from app.kernel.db import transaction
from app.providers import commands, queries
from tests import make
from tests.browser import Browser, Page
from tests.providers import make as make_provider

Browsers = Callable[..., Browser]


def titles(page: Page) -> list[str]:
    """The titles of the results."""
    cards = [e for e in page.root.iter("li") if "clarion-card" in e.get("class", "").split()]
    return ["".join(next(card.iter("a")).itertext()).strip() for card in cards]


@pytest.fixture
def world(app: object) -> None:
    with transaction():
        boats = make_provider.provider(make.supplier("Saltmarsh Studio"), size="small", people=12, places=["wales"])
        team = make_provider.provider(make.team(make.department("Coasts"), "Harbour Lab"), size="micro", people=5)
        cloud = make_provider.capability("Cloud hosting", "Infrastructure")
        piece = make_provider.countersigned(boats, title="Licences for skippers")
        make_provider.live_profile(
            boats, title="Research on fishing boats", evidence=[piece], places=["wales"], remote=False
        )
        make_provider.live_profile(team, title="Hosting for harbours", capabilities=[cloud], clearance="sc")
        make_provider.draft_profile(boats, title="Secret draft about fishing")


@pytest.mark.usefixtures("world")
def test_live_profiles_are_found_and_drafts_are_not(browser: Browsers) -> None:
    found = browser().get("/providers?q=fishing", 200)
    assert titles(found) == ["Research on fishing boats"]
    assert "<mark>fishing</mark>" in found.body
    everything = browser().get("/providers", 200)
    assert sorted(titles(everything)) == ["Hosting for harbours", "Research on fishing boats"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("area=area-infrastructure", ["Hosting for harbours"]),
        ("capability=user-research", ["Research on fishing boats"]),
        ("place=remote", ["Hosting for harbours"]),
        ("place=wales&place=remote&sort=title", ["Hosting for harbours", "Research on fishing boats"]),
        ("size=micro", ["Hosting for harbours"]),
        ("clearance=sc", ["Hosting for harbours"]),
        ("kind=supplier", ["Research on fishing boats"]),
        ("kind=in_house_team&place=wales", []),
        ("standing=countersigned", ["Research on fishing boats"]),
        ("standing=none", ["Hosting for harbours"]),
        ("show=providers&q=harbour+lab", ["Harbour Lab"]),
        ("show=evidence", ["Licences for skippers"]),
        ("show=evidence&standing=countersigned&q=licence", ["Licences for skippers"]),
        ("show=providers&clearance=sc&sort=title", ["Harbour Lab", "Saltmarsh Studio"]),
    ],
)
def test_filters_narrow_the_search(browser: Browsers, query: str, expected: list[str]) -> None:
    assert titles(browser().get(f"/providers?{query}", 200)) == expected


@pytest.mark.usefixtures("world")
def test_a_misspelt_word_is_suggested(browser: Browsers) -> None:
    page = browser().get("/providers?q=fishng", 200)
    better = page.follow("fishing") if "fishing" in page.links() else page
    assert titles(better) == ["Research on fishing boats"]


@pytest.mark.usefixtures("world")
def test_facets_are_counted_and_chosen_ones_can_be_removed(browser: Browsers) -> None:
    page = browser().get("/providers?kind=supplier", 200)
    assert "Supplier (1)" in page.text
    assert "In-house team (1)" in page.text
    chip = next(href for text, href in page.links().items() if text.startswith("Remove Supplier"))
    assert len(titles(browser().get(chip, 200))) == 2


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999",
        "page=-1",
        "page=x&sort=%00&show=nothing",
        "q=" + quote('"(*&^%$ AND OR NOT <script>alert(1)</script> \x00 ' + "x" * 3000),
        "area=%00&area=unknown&place=' OR 1=1 --&size[]=x",
        "&".join(f"capability=c{n}" for n in range(500)),
        "sort=closes&standing=sealed",
        "q=%FF%FE&show=evidence",
    ],
)
def test_hostile_addresses_give_a_page(browser: Browsers, query: str) -> None:
    page = browser().get(f"/providers?{query}", 200)
    assert "<script>alert" not in page.body


@pytest.mark.usefixtures("world")
def test_what_changes_is_found_anew(browser: Browsers) -> None:
    with transaction():
        profile = next(p for p in _all_profiles() if p.title == "Research on fishing boats")
        staff = make.staff(profile.provider.organisation)
        commands.retire_profile(profile, by=staff)
        profile.provider.organisation.name = "Saltmarsh and Daughters"
    assert titles(browser().get("/providers", 200)) == ["Hosting for harbours"]
    assert titles(browser().get("/providers?show=providers&q=daughters", 200)) == ["Saltmarsh and Daughters"]
    assert titles(browser().get("/providers?show=evidence", 200)) == ["Licences for skippers"]


def _all_profiles() -> list[queries.SolutionProfile]:
    from sqlalchemy import select

    return list(queries.session().scalars(select(queries.SolutionProfile).options(*queries.WHOLE_PROFILE)))


def test_stated_evidence_is_found_only_while_a_live_profile_shows_it(browser: Browsers) -> None:
    with transaction():
        page = make_provider.provider()
        piece = make_provider.evidence(page, title="Forty skippers")
    look = lambda: titles(browser().get("/providers?show=evidence", 200))
    assert look() == []
    with transaction():
        row = queries.get_provider(page.id)
        staff = make.staff(row.organisation)
        profile = make_provider.live_profile(row, by=staff, evidence=[queries.get_visible_evidence(piece.id, staff)])
    assert look() == ["Forty skippers"]
    with transaction():
        commands.change_profile(queries.get_visible_profile(profile.id, staff), evidence=[], by=staff)
    assert look() == []
    with transaction():
        again = queries.get_visible_evidence(piece.id, staff)
        commands.change_profile(queries.get_visible_profile(profile.id, staff), evidence=[again], by=staff)
    assert look() == ["Forty skippers"]
    with transaction():
        commands.retire_profile(queries.get_visible_profile(profile.id, staff), by=staff)
    assert look() == []
