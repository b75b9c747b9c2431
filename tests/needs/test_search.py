"""Finding needs: what the index holds, and the search page."""

from collections.abc import Callable
from datetime import timedelta

from markupsafe import Markup

from app.kernel import clock, db, search
from app.kernel.db import transaction
from app.needs import commands, index, queries
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]
assert index.document  # the kind is registered, with or without the application


def found(words: str = "", **filters: list[str]) -> set[str]:
    search.catch_up()
    return {Markup(hit.title).striptags() for hit in search.find("need", words, filters=filters).hits}


def test_published_needs_are_found_and_drafts_and_withdrawn_ones_never(store: db.Database) -> None:
    with transaction():
        for state in ("draft", "live", "closed", "concluded", "withdrawn"):
            make_need.need_in(state, title=f"A {state} need")
    assert found() == {"A live need", "A closed need", "A concluded need"}


def test_a_need_is_found_by_its_requirement_its_department_and_its_capability(store: db.Database) -> None:
    with transaction():
        ministry = make.department("Ministry of Glaciers")
        rows = [make_need.requirement("Count icebergs", weight=70)]
        need = make_need.open_need(department=ministry, title="Ice", requirements=rows)
        make_need.open_need(title="Fire")
    assert found("icebergs") == found("ministry of glaciers") == {"Ice"}
    assert found(department=[need.department_id]) == {"Ice"}
    assert found(area=["area-data"], rung=["open"]) == {"Ice", "Fire"}


def test_the_index_follows_amendments_moves_and_withdrawal(store: db.Database) -> None:
    with transaction():
        need = make_need.live_need(title="Zebra words")
        author = need.owners[0].person
    assert found("zebra") == {"Zebra words"}
    with transaction():
        commands.amend_need(queries.get_need(need.id), "basics", {"title": "New speech"}, reason="Clearer.", by=author)
    assert (found("zebra"), found("speech")) == (set(), {"New speech"})
    with transaction():
        commands.move_rung(queries.get_need(need.id), "exploring", reason="Doubts.", by=author)
    assert found(rung=["exploring"]) == {"New speech"}
    with transaction():
        commands.withdraw_need(queries.get_need(need.id), reason="Done.", by=author)
    assert found() == set()


def test_the_page_counts_facets_marks_words_and_offers_a_spelling(browser: Browse) -> None:
    with transaction():
        make_need.open_need(title="Patient records for hospitals")
        make_need.live_need(title="Weather records", rung="horizon")
    page = browser().get("/needs?q=records")
    assert "2 needs" in page.text
    assert "<mark>" in page.body
    assert "Open (1)" in page.text
    assert "Horizon (1)" in page.text
    assert "Patient records for hospitals" not in browser().get("/needs?q=records&rung=horizon").text
    assert "No need has “recrods”. These are for “records”." in browser().get("/needs?q=recrods").text
    assert browser().get("/needs?q=weather+recrods").links()["weather records"].startswith("/needs?q=weather+records")


def test_words_that_no_need_has_are_answered_by_what_they_belong_to(browser: Browse) -> None:
    with transaction():
        make_need.capability("Pressroom", "Publishing")
        sites = make_need.capability("Sites", "Publishing")
        make_need.live_need(title="Pages for ferries", capabilities=[sites])
    page = browser().get("/needs?q=pressroom").text
    assert ("Pages for ferries" in page, "These are for the capability Publishing." in page) == (True, True)


def test_closing_soonest_puts_the_nearest_deadline_first(browser: Browse) -> None:
    with transaction():
        make_need.open_need(clock.now() + timedelta(days=20), title="Later one")
        make_need.open_need(clock.now() + timedelta(days=2), title="Sooner one")
        make_need.live_need(title="No deadline one")
    text = browser().get("/needs?sort=closes").text
    places = [text.index(title) for title in ("Sooner one", "Later one", "No deadline one")]
    assert places == sorted(places)


def test_a_chosen_filter_can_be_removed_and_the_address_shared(browser: Browse) -> None:
    with transaction():
        make_need.open_need(title="Open one")
        make_need.live_need(title="Shaping one")
    page = browser().get("/needs?rung=open&q=one")
    assert "Shaping one" not in page.text
    assert "Shaping one" in page.follow("Remove Open ×").text


def test_many_needs_come_in_pages(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        buyer = make.buyer(ministry)
        for number in range(22):
            make_need.live_need(ministry, by=buyer, title=f"Need number {number}")
    page = browser().get("/needs")
    assert "Showing 1 to 20 of 22 needs" in page.text
    assert "Showing 21 to 22 of 22 needs" in browser().get("/needs?page=2").text
