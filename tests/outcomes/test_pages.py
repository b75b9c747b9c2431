"""Pages of partnerships, as people meet them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel import clock, db
from app.kernel.db import transaction
from app.outcomes.models import Partnership
from tests import make
from tests.browser import Browser, Page
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.responses import make as make_response

Browse = Callable[..., Browser]
SECRET = "zebra-crossing-words"


def words_for(partnership: Partnership, **changed: Any) -> dict[str, Any]:
    """What somebody types who records how it went."""
    said: dict[str, Any] = {"result": "delivered", "helped": "One room.", "hindered": "Nothing."}
    for measure in partnership.need.measures:
        said |= {f"value_{measure.id}": "4 seconds", f"reached_{measure.id}": "True"}
    return {**said, **changed}


def days(page: Page, starts_on: date, ends_on: date) -> dict[str, str]:
    """The parts of both dates, under the names that the form has for them."""
    names = [e.get("name", "") for e in page.form("Start the partnership").iter("input")]
    parts = [name for name in names if name.startswith(("starts_on", "ends_on"))]
    return {
        name: str(
            getattr(
                starts_on if name.startswith("s") else ends_on,
                name[len("starts_on-" if name.startswith("s") else "ends_on-") :],
            )
        )
        for name in parts
    }


def test_a_partnership_goes_its_way_from_page_to_page(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.agreed(title="Records in one place")
        owner, staff = make_outcome.owner_of(partnership), make_response.staff(partnership.provider, "Sam Staff")
        provider = partnership.provider
    path = f"/partnerships/{partnership.id}"
    page = browser(owner).get(path).follow("Start the partnership")
    page = page.submit("Start the partnership", days(page, clock.today(), clock.today() + timedelta(days=60)))
    assert "The partnership has started." in page.text
    assert "Running" in page.text
    page = page.follow("Record how it went").submit("Save what you recorded", words_for(partnership, helped=SECRET))
    assert "Your side has recorded how it went." in page.text
    assert SECRET not in browser(staff).get(path).text
    assert SECRET not in browser().get(path).text
    page = browser(staff).get(path)
    assert "You will see it when your side has recorded it too." in page.text
    page = page.follow("Record how it went").submit(
        "Save what you recorded", words_for(partnership, helped="Their trust.")
    )
    for reader in (browser(staff), browser(owner), browser()):
        assert {SECRET in reader.get(path).text, "Their trust." in reader.get(path).text} == {True}
    page = browser().get(f"/providers/{provider.id}")
    assert "Records in one place" in page.text
    assert "Countersigned" in page.text
    assert "Records in one place" in browser().get("/providers?show=evidence&q=records").text
    assert "Delivered: 2 of 2 targets reached" in browser().get("/partnerships").text


def test_a_disputed_outcome_says_so(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.settled("not", "delivered", title="Records in one place")
    assert "The two sides recorded different results." in browser().get(f"/partnerships/{partnership.id}").text
    assert "Disputed" in browser().get(f"/providers/{partnership.provider_id}").text


def test_what_one_side_recorded_can_be_changed_by_it_until_the_other_has(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.running()
        owner = make_outcome.owner_of(partnership)
        make_outcome.record(partnership, by=owner, words="The first words.")
    page = browser(owner).get(f"/partnerships/{partnership.id}").follow("Change what you recorded")
    assert "The first words." in page.body
    page.submit("Save what you recorded", helped="Better words.")
    page = browser(owner).get(f"/partnerships/{partnership.id}").follow("Change what you recorded")
    assert "Better words." in page.body


def test_two_colleagues_do_not_overwrite_each_other(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.running()
        owner, officer = make_outcome.owner_of(partnership), make.officer(partnership.need.department)
    path = f"/partnerships/{partnership.id}/record"
    early, late = browser(owner).get(path), browser(officer).get(path)
    early.submit("Save what you recorded", words_for(partnership, helped="The owner’s words."))
    page = late.submit("Save what you recorded", words_for(partnership, helped="The officer’s words."))
    assert page.status == 422
    assert "The officer’s words." in page.body
    page.submit("Save what you recorded")
    assert "The officer’s words." in browser(owner).get(path).body


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"result": None}, "Select the result"),
        ({"result": "splendid"}, "Select from the list"),
        ({"helped": " "}, "Say what helped"),
        ({"hindered": ""}, "Say what hindered, or enter “nothing”"),
    ],
)
def test_a_report_asks_for_what_is_missing(browser: Browse, changed: dict[str, Any], sentence: str) -> None:
    with transaction():
        partnership = make_outcome.running()
        owner = make_outcome.owner_of(partnership)
    page = browser(owner).get(f"/partnerships/{partnership.id}/record")
    page = page.submit("Save what you recorded", words_for(partnership, **changed))
    assert (page.status, page.errors) == (422, [sentence])


def test_acts_out_of_turn_are_refused(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.agreed()
        owner, officer = make_outcome.owner_of(partnership), make.officer(partnership.need.department)
        staff, stranger = make_response.staff(partnership.provider), make.officer(make.department())
    path = f"/partnerships/{partnership.id}"
    browser(staff).post(f"{path}/start", 403)
    browser(stranger).post(f"{path}/start", 403)
    browser(owner).post(f"{path}/end", 403, reason="x")
    browser(stranger).get(f"{path}/record", 403)
    browser(owner).post(f"{path}/record", 409, version="0", **words_for(partnership))
    assert browser(owner).get(f"{path}/record").path == path
    page = browser(officer).get(f"{path}").follow("End this partnership early")
    page = page.submit("End the partnership early", reason="The money went elsewhere.")
    assert "The money went elsewhere." in browser().get(path).text
    browser(officer).post(f"{path}/end", 409, reason="x")
    assert browser().get(f"{path}/record").h1 == "Sign in"
    assert browser().get("/partnerships/0123456789ab").status == 404


def test_a_partnership_that_may_not_be_known_yet_is_not_there(browser: Browse) -> None:
    with transaction():
        need = make_need.closed_need()
        provider = make_response.provider()
        partnership = Partnership(need=need, provider=provider, agreed_at=clock.now(), source="test:1")
        db.session().add(partnership)
    assert browser().get(f"/partnerships/{partnership.id}").status == 404
    assert need.title not in browser().get("/partnerships").text
    assert browser(need.owners[0].person).get(f"/partnerships/{partnership.id}").status == 200


def test_what_became_of_a_need(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.settled(title="Records")
        none, withdrawn, draft = make_need.concluded_need(), make_need.withdrawn_need(), make_need.draft_need()
        live = make_need.live_need()
    assert "Delivered: 1 of 2 targets reached" in browser().get(f"/needs/{partnership.need_id}/partnerships").text
    assert "No partnership came of this need." in browser().get(f"/needs/{none.id}/partnerships").text
    assert "The money went elsewhere." in browser().get(f"/needs/{withdrawn.id}/partnerships").text
    assert "Nothing yet." in browser().get(f"/needs/{live.id}/partnerships").text
    assert browser().get(f"/needs/{draft.id}/partnerships").status == 404


def test_the_list_of_partnerships_takes_as_many_statements_for_three_as_for_one(browser: Browse) -> None:
    with transaction():
        owner = make_outcome.owner_of(make_outcome.settled())
    reader = browser(owner)
    once = statements(reader, "/partnerships")
    with transaction():
        make_outcome.settled()
        make_outcome.running()
    assert statements(reader, "/partnerships") == once


@pytest.mark.parametrize("page", ["0", "-1", "10" * 20, "x", "%00", "2'"])
def test_the_list_bears_any_page_number(browser: Browse, page: str) -> None:
    assert browser().get(f"/partnerships?page={page}", 200).h1 == "Partnerships"


def test_an_empty_list_leads_on(browser: Browse) -> None:
    assert browser().get("/partnerships").links()["See the needs"] == "/needs"
