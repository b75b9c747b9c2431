"""Short searches, as people type them: brands, products, abbreviations, slips and names.

The real terms are those that buyers typed into a marketplace; the test that asks them is skipped where they are not at
hand. No page is empty where a synonym, a correction or a broader capability is known.
"""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.capabilities import commands
from app.capabilities.models import Capability
from app.capabilities.queries import filters_for, recognise
from app.kernel import search
from app.kernel.db import reading, session, transaction
from tests import make
from tests.browser import Browser
from tests.providers import make as make_provider
from tests.providers.test_finding import titles

Browsers = Callable[..., Browser]
DATA = Path(os.environ.get("TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
TERMS = DATA / "registers" / "digital_marketplace_search_terms.csv"
OFFERS = {
    "content-management": "Sites that editors can run",
    "geographic-information-systems": "Layers of the seabed",
    "microsoft-365": "Desks that follow people",
    "online-payments": "Fees paid in a minute",
    "notifications": "Word that arrives",
    "security-operations": "Watch at night",
}
UNKNOWN = ["gartner", "5.G4.0365.202", "*", "-", "six6six", "o'", "' OR 1=1 --", "<b>", "a" * 900]
PAGES = ("/providers", "/providers?show=providers")


@pytest.fixture
def world(app: object) -> None:
    """The vocabulary, and six suppliers that offer one capability each."""
    commands.load_vocabulary()
    with transaction():
        for number, (capability_id, title) in enumerate(OFFERS.items()):
            capability = session().get_one(Capability, capability_id)
            of = make_provider.provider(make.supplier(f"{NAMES[number]} Ltd"), about="A team of ten.")
            make_provider.live_profile(of, title=title, capabilities=[capability], technologies=["Paper"])
    search.catch_up()


NAMES = ["Saltmarsh Studio", "Terrafirm", "Deskside Systems", "Tollgate", "Herald", "Nightwatch Paper"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("typed", "offered", "said"),
    [
        ("GIS", "geographic-information-systems", ""),
        ("esri", "geographic-information-systems", ""),
        ("office 365", "microsoft-365", ""),
        ("CMS", "content-management", ""),
        ("“content management”", "content-management", ""),
        ("sms", "notifications", ""),
        ("Splunk", "security-operations", ""),
        ("drupal", "content-management", "“drupal”. These are for the capability Content management systems."),
        ("Drupal developers", "content-management", "for the capability Content management systems."),
        (
            "wordpres",
            "content-management",
            "“wordpres” or “wordpress”. These are for the capability Content management",
        ),
        ("notificatoins", "notifications", "has “notificatoins”. These are for “notifications”."),
        ("micro soft", "microsoft-365", "These are for “microsoft”."),
        ("contentmanagement", "content-management", "These are for “content management”."),
        ('"messaging notifications"', "notifications", "has “messaging notifications” as a phrase."),
    ],
)
def test_a_page_is_found_for_what_is_meant(browser: Browsers, typed: str, offered: str, said: str) -> None:
    place = list(OFFERS).index(offered)
    for path, first in zip(PAGES, (OFFERS[offered], f"{NAMES[place]} Ltd"), strict=True):
        page = browser().get(f"{path}{'&' if '?' in path else '?'}q={typed}", 200)
        assert titles(page)[:1] == [first]
        assert said in page.text
        assert ("Nothing has" in page.text) is bool(said)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", [*NAMES, "saltmarsh", "DESKSIDE", "Night watch paper", "nightwatch paper limited"])
def test_a_named_provider_comes_first(browser: Browsers, name: str) -> None:
    first = next(each for each in NAMES if each.lower().replace(" ", "")[:5] == name.lower().replace(" ", "")[:5])
    assert titles(browser().get(f"/providers?show=providers&q={name}", 200))[0] == f"{first} Ltd"
    assert titles(browser().get(f"/providers?q={name}", 200))[0] == list(OFFERS.values())[NAMES.index(first)]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "typed", ["gartner", "5.G4.0365.202", "*", "-", "six6six", "o'", "' OR 1=1 --", "<b>", "a" * 900]
)
def test_what_is_not_known_is_not_taken_for_something_else(browser: Browsers, typed: str) -> None:
    page = browser().get("/providers", 200, query_string={"q": typed})
    assert titles(page) == []
    assert "Nothing matches this search." in page.text


@pytest.mark.usefixtures("world")
def test_no_real_term_finds_nothing_where_something_broader_is_known() -> None:
    if not TERMS.exists():
        pytest.skip(f"needs {TERMS}, which is not part of the project")
    with TERMS.open(encoding="utf-8-sig") as file:
        terms = [row["search_term"] for row in csv.DictReader(file)]
    found, named, reachable = 0, 0, 0
    with reading():
        live = {facet: _values(facet) for facet in ("capability", "area")}
        for term in terms:
            total = search.find("profile", term, otherwise=filters_for).total
            reaches = any(value in live[facet] for each in filters_for(term) for facet, (value,) in each.items())
            assert total or not reaches, term
            found, named, reachable = found + bool(total), named + bool(recognise(term)), reachable + reaches
    assert len(terms) == 1000
    assert (named >= 340, reachable >= 130, found >= 180) == (True, True, True)


def _values(facet: str) -> set[str]:
    return set(search.find("profile", facets=[facet], size=0).facet_counts[facet])
