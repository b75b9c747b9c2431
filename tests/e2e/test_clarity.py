"""Writing a need with a script running: what to mend changes while somebody types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.axe import faults_of

JARGON = "“in order to” is jargon."


def new_draft(page: Page) -> None:
    page.goto("/needs/new")
    page.get_by_label("Title").fill("Find a lost letter")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="The problem and who has it").click()


@pytest.mark.chromium
def test_typing_changes_the_findings_and_saves_nothing(sign_in: Callable[..., Page]) -> None:
    page = sign_in("buyer@demo.example")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    new_draft(page)
    findings, spoken = page.locator("[data-clarity-findings]"), page.locator("[data-clarity-spoken]")
    expect(page.get_by_role("button", name="Check what I wrote")).to_have_count(0)
    expect(findings).to_contain_text("The problem is not explained.")
    expect(spoken).to_be_empty()
    problem = page.get_by_label("What is the problem?")
    problem.press_sequentially("We write in order to find 40 letters")
    expect(findings).to_contain_text(JARGON)
    expect(findings).not_to_contain_text("The problem is not explained.")
    expect(spoken).to_have_text(findings.locator("[data-clarity-summary]").inner_text())
    assert faults_of(page) == []
    problem.fill("40 letters are lost each day, which costs six clerks two hours. People wait for weeks.")
    expect(findings).not_to_contain_text(JARGON)
    page.reload()
    expect(problem).to_have_value("")
    assert faults == []


@pytest.mark.chromium
def test_a_look_that_fails_leaves_the_page_as_it_was(sign_in: Callable[..., Page]) -> None:
    page = sign_in("buyer@demo.example")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    new_draft(page)

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/clarity/problem", fail)
    with page.expect_event("requestfailed"):
        page.get_by_label("What is the problem?").fill("We write in order to find 40 letters")
    expect(page.locator("[data-clarity-findings]")).to_contain_text("The problem is not explained.")
    # the button is there for such a moment
    expect(page.get_by_role("button", name="Check what I wrote")).to_be_visible()
    page.unroute("**/clarity/problem", fail)
    page.get_by_role("button", name="Check what I wrote").click()
    expect(page.locator("[data-clarity-findings]")).to_contain_text(JARGON)
    expect(page.get_by_label("What is the problem?")).to_have_value("We write in order to find 40 letters")
    assert faults == []


@pytest.mark.chromium
def test_without_a_script_a_button_checks_what_was_typed(sign_in: Callable[..., Page]) -> None:
    page = sign_in("buyer@demo.example", java_script_enabled=False)
    new_draft(page)
    page.get_by_label("What is the problem?").fill("We write in order to find 40 letters")
    page.get_by_role("button", name="Check what I wrote").click()
    expect(page.locator("[data-clarity-findings]")).to_contain_text(JARGON)
    page.get_by_role("button", name="Save and go to the list").click()
    page.get_by_role("link", name="The problem and who has it").click()
    expect(page.get_by_label("What is the problem?")).to_have_value("We write in order to find 40 letters")
