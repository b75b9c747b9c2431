"""The story, played by three people in a real browser: from a posted need to a recorded outcome that search finds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults_of

TITLE = "Tell boaters which moorings are free tonight"
ANSWERS = (
    "We moored for a week with twelve crews and tested four ways to ask.",
    "A board that counts what the crews report.",
)

SignIn = Callable[..., Page]


class Album:
    """Keeps pictures of the story in a folder, where one was asked for."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder) if folder else None

    def keep(self, page: Page, name: str, *, at: str = "") -> None:
        """Keep what the window shows, scrolled so that a heading is at its top."""
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            if at:
                page.get_by_role("heading", name=at, exact=True).first.evaluate("heading => heading.scrollIntoView()")
            page.screenshot(path=self.folder / f"{name}.png", animations="disabled")


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(request.config.getoption("--screenshots"))


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def fill(page: Page, **fields: str) -> None:
    """Fill fields by their names in the form, which no change of words can break."""
    for name, value in fields.items():
        page.locator(f"[name='{name}']").fill(value)


def fill_day(page: Page, name: str, day: datetime) -> None:
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name='{name}-{part}']").fill(str(value))


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check()


def save(page: Page, section: str) -> None:
    press(page, "Save and go to the list")
    expect(page.locator("main")).to_contain_text("Completed")
    assert page.url.split("#")[0].endswith("/edit"), section


def write_need(page: Page, now: datetime) -> str:
    """The buyer posts a need, section by section, until it can be published as open. Its address."""
    page.goto("/needs/new")
    fill(page, title=TITLE, summary="One honest list of free moorings, kept by the crews who use them.")
    choose(page, "rung", "open")
    press(page, "Save and continue")
    address = page.url.split("/edit")[0]
    page.goto(f"{address}/edit/basics")
    page.locator("details:has(input[value='user-research']) > summary").click()
    page.get_by_label("User research", exact=True).check()
    save(page, "basics")
    page.goto(f"{address}/edit/problem")
    fill(page, problem="Crews motor for an hour after dark to find a mooring, and half of those are taken.")
    fill(page, users="14,000 crews on holiday, and the keepers whom they telephone.")
    save(page, "problem")
    page.goto(f"{address}/edit/background")
    fill(page, done_already="A telephone line, from nine to five.", supplied_today="Nobody.")
    save(page, "background")
    write_outcomes(page, address, now)
    write_requirements(page, address)
    write_terms(page, address, now)
    page.goto(f"{address}/edit/rung")
    choose(page, "confidence_need", "high")
    choose(page, "confidence_money", "high")
    save(page, "rung")
    return address


def look_first(page: Page, address: str, album: Album) -> None:
    """The buyer says what was found of reuse, neighbours and in-house teams."""
    page.goto(f"{address}/first")
    album.keep(page, "looked-at-first")
    found = {
        "reuse": ("none", "What is there counts berths in ports, and not moorings on the bank."),
        "neighbours": ("different", "The others ask about locks."),
        "in_house": ("cannot", "Our own people are on the water until October."),
    }
    for question, (answer, reason) in found.items():
        choose(page, f"{question}_answer", answer)
        fill(page, **{f"{question}_reason": reason})
    press(page, "Save your answers")


def write_outcomes(page: Page, address: str, now: datetime) -> None:
    page.goto(f"{address}/edit/outcomes")
    first = {
        "outcome": "Crews moor before dark",
        "measure": "Crews moored by sunset",
        "baseline": "20%",
        "target": "80%",
    }
    fill(page, **{f"measures-0-{name}": value for name, value in first.items()})
    fill_day(page, "measures-0-due_on", now + timedelta(days=300))
    save(page, "outcomes")


def write_requirements(page: Page, address: str) -> None:
    page.goto(f"{address}/edit/requirements")
    asked = (
        ("Learn how crews choose a mooring", "50", "User research"),
        ("Show what is free tonight", "30", "Data analysis"),
    )
    fill(page, price_weight="20")
    for number, (text, weight, capability) in enumerate(asked):
        if not page.locator(f"[name='requirements-{number}-text']").count():
            press(page, "Add another requirement")
        fill(page, **{f"requirements-{number}-text": text, f"requirements-{number}-weight": weight})
        choose(page, f"requirements-{number}-kind", "must")
        page.locator(f"[name='requirements-{number}-capabilities']").first.select_option(label=capability)
    save(page, "requirements")


def write_terms(page: Page, address: str, now: datetime) -> None:
    page.goto(f"{address}/edit/constraints")
    choose(page, "clearance", "none")
    page.get_by_label("Yes", exact=True).first.check()
    save(page, "constraints")
    page.goto(f"{address}/edit/money")
    fill(page, low_pence="90,000", high_pence="£120,000")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Fixed price").check()
    save(page, "money")
    page.goto(f"{address}/edit/timing")
    fill_day(page, "wanted_by", now + timedelta(days=200))
    fill(page, length_weeks="20")
    fill_day(page, "deadline_at", now + timedelta(days=2))
    fill(page, **{"deadline_at-time": "5pm"})
    fill_day(page, "questions_until", now + timedelta(days=1))
    fill(page, **{"questions_until-time": "5pm"})
    save(page, "timing")
    page.goto(f"{address}/edit/route")
    page.get_by_label("Quotes below the threshold").check()
    save(page, "route")
    page.goto(f"{address}/owners")
    page.locator("[name='person']").select_option(index=page.locator("[name='person'] option").count() - 1)
    choose(page, "duty", "publish")
    press(page, "Give the duty")


def answer_need(page: Page, address: str, now: datetime) -> str:
    """The supplier answers, requirement by requirement, and submits. The response's address."""
    page.goto(f"{address}/respond")
    page.locator("main").get_by_role("button", name="Start the response").click()
    page.wait_for_url("**/responses/**")
    response = page.url.split("/edit")[0]
    page.goto(f"{response}/edit/offer")
    page.get_by_label("Service design for outdoor and seasonal work").check()
    fill(page, price_pence="104,000", summary="We would live on a boat for a month, and then build little.")
    fill_day(page, "available_from", now + timedelta(days=30))
    press(page, "Save and continue")
    for number, words in enumerate(ANSWERS):
        page.goto(f"{response}/edit")
        page.locator("main .govuk-task-list__link").nth(1 + number).click()
        fill(page, text=words)
        page.locator("input[type='checkbox']").first.check()
        press(page, "Save and continue")
    page.goto(f"{response}/check")
    page.locator("main").get_by_role("button", name="Submit", exact=False).click()
    page.wait_for_load_state()
    return response


def review_need(page: Page, address: str, album: Album) -> None:
    """The officer opens, reads, shortlists, decides and gives feedback."""
    page.goto(f"{address}/review")
    press(page, "Open all responses")
    expect(page.locator("main")).to_contain_text("Saltmarsh Studio")
    page.locator("main").get_by_role("link", name="Saltmarsh Studio").first.click()
    expect(page.locator("main")).to_contain_text(ANSWERS[0])
    album.keep(page, "response-opened")
    page.locator("main").get_by_role("button", name="Shortlist").click()
    page.goto(f"{address}/review/decide")
    assert faults_of(page) == []
    page.locator("input[name='decision'][value='award']").check()
    page.locator("main input[type='checkbox']").first.check()
    fill(page, reason="The only answer, and a good one: it begins with the crews.")
    page.locator("main form").last.get_by_role("button").last.click()
    page.wait_for_load_state()
    page.goto(f"{address}/review")
    page.get_by_role("link", name="Give feedback").click()
    fill(page, strengths="You start where the crews are.", improvements="Say who answers at night.")
    for met in page.get_by_label("Met", exact=True).all():
        met.check()
    album.keep(page, "feedback-to-give")
    press(page, "Give this feedback")
    page.goto(f"{address}/review")
    expect(page.locator("main")).to_contain_text("oncluded")
    album.keep(page, "review-concluded")


def record(page: Page, partnership: str, helped: str) -> None:
    page.goto(f"{partnership}/record")
    page.get_by_label("Delivered", exact=True).check()
    page.get_by_label("Where is it now?").fill("85%")
    page.get_by_label("Yes", exact=True).check()
    fill(page, helped=helped, hindered="Nothing")
    press(page, "Save what you recorded")


def partnership_of(page: Page, address: str) -> str:
    """The partnership that the award started, as soon as its job is done."""
    link = page.locator("main").get_by_role("link", name=TITLE)
    for _ in range(40):
        page.goto(f"{address}/partnerships")
        if link.count():
            link.first.click()
            return page.url
        page.wait_for_timeout(250)
    raise AssertionError("the award started no partnership")


@pytest.mark.chromium
def test_the_story_from_a_posted_need_to_a_countersigned_outcome(sign_in: SignIn, album: Album) -> None:
    now = datetime.now(UTC)
    anybody = sign_in()
    anybody.goto("/")
    album.keep(anybody, "front")
    buyer = sign_in("buyer@demo.example")
    album.keep(buyer, "desk-of-a-buyer")
    address = write_need(buyer, now)
    buyer.goto(f"{address}/edit")
    album.keep(buyer, "need-as-a-task-list")
    look_first(buyer, address, album)
    buyer.goto(f"{address}/publish")
    album.keep(buyer, "before-publishing")
    press(buyer, "Ask for approval")
    officer = sign_in("officer@demo.example")
    officer.goto(f"{address}/approval")
    assert faults_of(officer) == []
    choose(officer, "verb", "approve")
    press(officer, "Send your answer")
    buyer.goto(address)
    expect(buyer.locator("h1")).to_have_text(TITLE)
    album.keep(buyer, "need")

    officer.goto(f"{address}/matches")
    expect(officer.locator("main")).to_contain_text("At a glance")
    officer.locator("summary").filter(has_text="Reasons").first.click()
    album.keep(officer, "matches", at="With reasons")
    officer.locator("main").get_by_role("link", name="Look and decide").first.click()
    choose(officer, "verb", "invite")
    fill(officer, note="You know the water.")
    press(officer, "Save the decision")

    supplier = sign_in("supplier@demo.example")
    response = answer_need(supplier, address, now)
    supplier.goto(response)
    expect(supplier.locator("main")).to_contain_text("Submitted")
    album.keep(supplier, "response-submitted")
    assert officer.goto(response).status == 404  # type: ignore[union-attr]
    for page in (officer, buyer):
        page.goto(f"{address}/review")
        expect(page.locator("main")).to_contain_text("Fewer than 5")
        expect(page.locator("main")).not_to_contain_text("Saltmarsh")

    with time_machine.travel(now + timedelta(days=4), tick=True):
        officer = sign_in("officer@demo.example")
        review_need(officer, address, album)
        partnership = partnership_of(officer, address)
        officer.goto(f"{partnership}/start")
        assert faults_of(officer) == []
        fill_day(officer, "starts_on", now + timedelta(days=4))
        fill_day(officer, "ends_on", now + timedelta(days=140))
        press(officer, "Start the partnership")

    with time_machine.travel(now + timedelta(days=140), tick=True):
        buyer, supplier = sign_in("buyer@demo.example"), sign_in("supplier@demo.example")
        record(buyer, partnership, "They lived on a boat.")
        supplier.goto(partnership)
        expect(supplier.locator("main")).not_to_contain_text("They lived on a boat.")
        record(supplier, partnership, "The keepers' patience.")
        expect(supplier.locator("main")).to_contain_text("They lived on a boat.")
        album.keep(supplier, "outcome", at="What the department recorded")
        found_by_anybody(sign_in(), album)


def found_by_anybody(page: Page, album: Album) -> None:
    """Nobody in particular searches, and finds the outcome as countersigned evidence."""
    found = page.locator("main").get_by_role("link", name=TITLE)
    for _ in range(40):
        page.goto(f"/providers?show=evidence&q={TITLE.replace(' ', '+')}")
        if found.count():
            break
        page.wait_for_timeout(250)
    found.first.click()
    expect(page.locator("main")).to_contain_text("Countersigned")
    expect(page.locator("main")).to_contain_text("Saltmarsh Studio")
    album.keep(page, "evidence-found")
