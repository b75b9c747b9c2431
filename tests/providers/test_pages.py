"""Pages of providers, as people with different roles see and use them."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import event

from app.kernel import db
from app.kernel.db import reading, transaction
from app.providers import commands, queries
from tests import make
from tests.browser import Browser, bare
from tests.providers import make as make_provider

Browsers = Callable[..., Browser]


def test_staff_begin_a_page_and_publish_a_profile(browser: Browsers) -> None:
    with transaction():
        make_provider.capability("User research", "Design")
        staff = make.staff(make.supplier("Saltmarsh Studio"))
    mine = browser(staff).get("/providers/mine", 200)
    edit = mine.submit("Begin the page of Saltmarsh Studio")
    assert edit.h1 == "Who you are"
    shown = edit.submit("Save", about="We design things.", people="22", places=["wales"])
    assert "Small (10 to 49 people)" in shown.text
    tasks = shown.follow("Draft a solution profile").submit("Save and continue", title="Research on boats")
    assert "Select at least one capability" in tasks.links()
    offer = tasks.follow("What you offer").submit(
        "Save and continue", problem="Nobody asks skippers.", approach="We ask them.", users="Fishing teams"
    )
    listed = offer.follow("Capabilities and technologies").submit(
        "Save and continue", capabilities=["user-research"], technologies="Miro, , Miro, Python"
    )
    priced = listed.follow("Price").submit("Save and continue", low_pence="650", price_unit="a person a day")
    whole = priced.follow("Clearance, places and standards").submit(
        "Save and continue", clearance="bpss", remote="True", standards=["iso27001"]
    )
    published = whole.submit("Publish")
    assert published.h1 == "Research on boats"
    public = browser().get(published.path, 200)
    assert "£650 a person a day" in public.text
    assert "Miro, Python" in public.text
    assert "Change this solution profile" not in public.links()


def test_publishing_links_to_what_is_missing(browser: Browsers) -> None:
    with transaction():
        profile = make_provider.draft_profile(problem="", capabilities=[make_provider.capability()])
        staff = make.staff(profile.provider.organisation)
    page = browser(staff).get(f"/profiles/{profile.id}/edit", 200)
    assert "Publish" not in page.buttons()
    section = page.follow("Describe the problem that you solve")
    assert section.h1 == "What you offer"
    refused = browser(staff).post(f"/profiles/{profile.id}/publish")
    assert "not complete" in refused.text


def test_a_live_profile_keeps_what_was_typed_when_it_would_become_incomplete(browser: Browsers) -> None:
    with transaction():
        profile = make_provider.live_profile()
        staff = make.staff(profile.provider.organisation)
    page = browser(staff).get(f"/profiles/{profile.id}/edit/offer")
    refused = page.submit("Save and continue", problem="", approach="A wholly new approach.")
    assert refused.status == 422
    assert refused.errors == ["Describe the problem that you solve"]
    assert "A wholly new approach." in refused.body


def test_a_colleagues_change_is_told_and_shown_beside_what_was_typed(browser: Browsers) -> None:
    with transaction():
        profile = make_provider.draft_profile()
        staff = make.staff(profile.provider.organisation)
    page = browser(staff).get(f"/profiles/{profile.id}/edit/offer")
    with transaction():
        row = queries.get_visible_profile(profile.id, staff)
        commands.change_profile(row, problem="Saved by a colleague.", by=staff)
    told = page.submit("Save and continue", problem="Typed by me.")
    assert told.status == 422
    assert "Somebody else changed this" in told.errors[0]
    assert "Saved by a colleague." in told.text
    assert "Typed by me." in told.body
    told.submit("Save and continue")
    with reading():
        assert queries.get_visible_profile(profile.id, staff).problem == "Typed by me."


def test_drafts_and_retired_profiles_exist_for_their_staff_alone(browser: Browsers) -> None:
    with transaction():
        draft, retired = make_provider.draft_profile(), make_provider.live_profile()
        staff = make.staff(retired.provider.organisation)
        commands.retire_profile(retired, by=staff)
        outsiders = [None, make.staff(make.supplier()), make.officer(make.department()), make.operator()]
        own = {draft.id: make.staff(draft.provider.organisation), retired.id: staff}
    for profile_id, person in own.items():
        browser(person).get(f"/profiles/{profile_id}", 200)
        unknown = browser().get("/profiles/000000000000", 404)
        for outsider in outsiders:
            hidden = browser(outsider).get(f"/profiles/{profile_id}", 404)
            for act in ("edit", "edit/offer"):
                browser(outsider).get(f"/profiles/{profile_id}/{act}", 404)
            for act in ("publish", "retire", "revive"):
                browser(outsider).post(f"/profiles/{profile_id}/{act}", 404)
            if outsider is None:
                assert bare(hidden.body) == bare(unknown.body)


def test_others_may_not_change_what_they_see(browser: Browsers) -> None:
    with transaction():
        profile = make_provider.live_profile()
        evidence = make_provider.countersigned(profile.provider)
        other = make.staff(make.supplier())
    for path in (
        f"/profiles/{profile.id}/edit",
        f"/profiles/{profile.id}/edit/price",
        f"/providers/{profile.provider_id}/edit",
        f"/providers/{profile.provider_id}/profiles/new",
        f"/providers/{profile.provider_id}/evidence/new",
        f"/evidence/{evidence.id}/edit",
    ):
        browser(other).get(path, 403)
    browser(other).post(f"/profiles/{profile.id}/retire", 403)
    browser(other).post(f"/evidence/{evidence.id}/remove", 403)


def test_evidence_is_stated_shown_with_its_age_and_removed(browser: Browsers) -> None:
    with transaction():
        make_provider.capability()
        page = make_provider.provider()
        staff = make.staff(page.organisation)
    form = browser(staff).get(f"/providers/{page.id}/evidence/new")
    refused = form.submit("Save", title="Catch records")
    assert refused.errors == [
        "Enter whom you did it for",
        "Describe the work",
        "Enter when it finished",
        "Select at least one capability",
    ]
    day = {"finished_on-day": "1", "finished_on-month": "6", "finished_on-year": "2024"}
    told = {"client": "Coasts", "text": "We watched skippers.", "capabilities": ["user-research"], **day}
    shown = refused.submit("Save", told)
    assert "Counts until 1 June 2029" in shown.text
    assert "Stated" in shown.text
    browser().get(shown.path, 404)
    changed = shown.follow("Change this evidence").submit("Save", client="Department for Coasts")
    assert "Department for Coasts" in changed.text
    gone = changed.submit("Yes, remove Catch records")
    assert gone.status == 200
    browser(staff).get(shown.path, 404)


def test_evidence_of_live_profiles_and_of_buyers_is_public(browser: Browsers) -> None:
    with transaction():
        page = make_provider.provider()
        shown, kept = make_provider.evidence(page, title="Shown"), make_provider.evidence(page, title="Kept back")
        old = make_provider.countersigned(page, title="Old work", finished_on=date(2019, 1, 1), source="partnerships:2")
        make_provider.live_profile(page, evidence=[shown])
        make_provider.countersigned(page)
        staff = make.staff(page.organisation)
    public, own = browser().get(f"/providers/{page.id}", 200), browser(staff).get(f"/providers/{page.id}", 200)
    assert "Shown" in public.links()
    assert "Licences on the web" in public.links()
    assert "Expired" in public.text
    assert "Kept back" not in public.links()
    assert "Kept back" in own.links()
    assert "Expired on 1 January 2024" in browser().get(f"/evidence/{old.id}", 200).text
    browser().get(f"/evidence/{kept.id}", 404)


@pytest.mark.parametrize("path", ["", "profiles/new", "evidence/new", "edit"])
def test_pages_of_unknown_providers_are_not_found(browser: Browsers, path: str) -> None:
    browser().get(f"/providers/000000000000/{path}".rstrip("/"), 404)


def queries_of(browsers: Browsers, path: str) -> int:
    """How many statements one GET of this path takes."""
    counted: list[str] = []
    listener = lambda *arguments: counted.append(arguments[2])
    reader = browsers()
    reader.get(path, 200)
    event.listen(db.database().engine, "before_cursor_execute", listener)
    try:
        reader.client.get(path)
    finally:
        event.remove(db.database().engine, "before_cursor_execute", listener)
    return len(counted)


def test_pages_ask_as_often_for_three_rows_as_for_one(browser: Browsers) -> None:
    with transaction():
        page = make_provider.provider()

    def add(number: int) -> None:
        with transaction():
            row = queries.get_provider(page.id)
            piece = make_provider.evidence(row, title=f"Piece {number}")
            make_provider.live_profile(row, title=f"Profile {number}", evidence=[piece])

    paths = [f"/providers/{page.id}", "/providers", "/providers?show=evidence", "/providers?show=providers"]
    add(1)
    counts = [queries_of(browser, path) for path in paths]
    add(2)
    add(3)
    assert [queries_of(browser, path) for path in paths] == counts
