"""Writing a response with a script running: what is typed is saved, and nobody's words are overwritten."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.models import Organisation
from app.kernel.db import reading, session
from app.providers.models import Provider
from app.responses.models import DRAFT, Response
from tests.e2e.axe import faults_of
from tests.e2e.conftest import Site

SUPPLIER, NAME = "supplier@demo.example", "Saltmarsh Studio"


def draft() -> str:
    """The response that the supplier has begun."""
    with reading():
        own = select(Response).join(Provider).join(Organisation).where(Organisation.name == NAME)
        found = [each.id for each in session().scalars(own.where(Response.state == DRAFT)) if each.need.takes_responses]
    return found[0]


@pytest.mark.chromium
def test_a_section_is_saved_while_typing_pauses(sign_in: Callable[..., Page], site: Site) -> None:
    if not site.is_whole:
        pytest.skip("nobody drafts in the corner of the demo world")
    page, colleague = sign_in(SUPPLIER), sign_in(SUPPLIER)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"/responses/{draft()}/edit")
    page.get_by_role("link", name="Profile, price and start").click()
    summary, said = page.get_by_label("Your offer in short"), page.locator("[data-autosave-said]")
    summary.fill("")
    summary.press_sequentially("We move it")
    expect(said).to_contain_text("Saved at")
    assert faults_of(page) == []
    page.get_by_label("Price in total").fill("a lot")
    expect(said).to_contain_text("Not saved yet. The price must be an amount in pounds")
    page.get_by_label("Price in total").fill("120,000")
    expect(said).to_contain_text("Saved at")
    colleague.goto(page.url)
    expect(colleague.get_by_label("Your offer in short")).to_have_value("We move it")
    colleague.get_by_label("Your offer in short").fill("We move it twice")
    expect(colleague.locator("[data-autosave-said]")).to_contain_text("Saved at")
    summary.fill("We move it once")
    expect(said).to_contain_text("A colleague saved this section meanwhile.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("What your colleague saved")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Your response")).to_be_visible()
    colleague.reload()
    expect(colleague.get_by_label("Your offer in short")).to_have_value("We move it once")
    assert faults == []
