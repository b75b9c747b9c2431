"""Pages of needs, as people meet them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models import Organisation, Person
from app.kernel import clock
from app.kernel.db import reading, transaction
from app.needs import queries
from app.needs.models import Need
from app.needs.sections import SECTIONS
from app.needs.sections import stored as content_of
from tests import make
from tests.browser import Browser, Page
from tests.needs import make as make_need

Browse = Callable[..., Browser]


def ministry_and_buyer() -> tuple[Organisation, Person]:
    with transaction():
        make_need.capability()
        ministry = make.department("Ministry of Data")
        return ministry, make.buyer(ministry, "Bea Buyer")


def as_shown(page: Page) -> dict[str, Any]:
    """What stands in select boxes that share a name."""
    found: dict[str, Any] = {}
    for box in page.root.iter("select"):
        values = [each.get("value", "") for each in box.iter("option") if each.get("selected") is not None]
        found.setdefault(box.get("name", ""), []).extend(values)
    return found


def stored(need: Need) -> Need:
    with reading():
        return queries.get_need(need.id)


def test_a_draft_is_posted_written_section_by_section_and_published(browser: Browse) -> None:
    _ministry, buyer = ministry_and_buyer()
    page = browser(buyer).get("/needs/new").submit("Save and continue", title="Faster records", rung="horizon")
    assert page.h1 == "Faster records"
    page = page.follow("Title, summary and capabilities").submit(
        "Save and go to the next section", summary="Records open at once."
    )
    assert page.h1 == "The problem and who has it"
    page = page.submit("Save and go to the list", problem="Clinicians wait four minutes.")
    review_on = clock.today() + timedelta(days=90)
    day = {f"review_on-{part}": str(getattr(review_on, part)) for part in ("day", "month", "year")}
    page = page.follow("How firm the need is").submit(
        "Save and go to the list", {"confidence_need": "medium", "confidence_money": "low", **day}
    )
    page = page.follow("Check and publish").submit("Publish now")
    assert page.h1 == "Faster records"
    assert "Clinicians wait four minutes." in browser().get(page.path).text


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_of_a_draft_opens_and_saves_what_it_shows(browser: Browse, section: str) -> None:
    with transaction():
        need = make_need.complete_draft()
        author = need.owners[0].person
    before = stored(need)
    page = browser(author).get(f"/needs/{need.id}/edit/{section}", status=200)
    page = page.submit("Save and go to the list", as_shown(page))
    assert page.h1 == need.title
    assert content_of(stored(need), section) == content_of(before, section)


@pytest.mark.parametrize("section", [key for key in SECTIONS if key != "rung"])
def test_each_section_of_a_live_need_opens_for_amendment(browser: Browse, section: str) -> None:
    with transaction():
        need = make_need.open_need()
        author = need.owners[0].person
    page = browser(author).get(f"/needs/{need.id}/amend").follow(SECTIONS[section].title)
    page = page.submit("Publish the amendment", as_shown(page), reason="We look again.")
    assert page.errors == ["You have not changed anything"]
