"""Every kind of page that each role can reach: axe finds nothing, nothing overflows, nothing errs."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from inspect import getclosurevars
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.queries import find_person_by_email
from app.capabilities.models import Capability
from app.kernel.db import reading, session
from app.needs.attachments.models import Attachment
from app.needs.models import Need, NeedPartner
from app.outcomes.models import Partnership
from app.providers.models import Provider
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.ideas.models import Idea, IdeaAnswer
from app.responses.interest.models import Conversation
from app.responses.models import Response
from tests.e2e.axe import faults_of
from tests.e2e.conftest import NARROW, WIDE, Site

ROLES = ["officer@demo.example", "supplier@demo.example", "buyer@demo.example", "operator@demo.example", ""]
ROWS = {
    "need_id": Need,
    "partner_id": NeedPartner,
    "attachment_id": Attachment,
    "response_id": Response,
    "partnership_id": Partnership,
    "organisation_id": Organisation,
    "provider_id": Provider,
    "capability_id": Capability,
    "conversation_id": Conversation,
    "invitation_id": PartnerInvitation,
    "part_id": Part,
    "idea_id": Idea,
    "ideas.answer_id": IdeaAnswer,
}

# no link leads there but one in a mail, or the sending of a form; three of them stand open for an hour of the story
ELSEWHERE = {
    *("accounts.finish_registration", "accounts.reset_password", "accounts.invitation"),
    *("digests.ask", "accounts.registration_sent", "accounts.reset_sent", "accounts.register_supplier"),
    *("health.alive", "health.ready", "reviews.decide", "outcomes.start", "clarifications.ask"),
    *("responses.receipt_file", "matching.export", "attachments.download"),
    *("catalogue.export", "catalogue.example"),
}
# a browser saves these rather than showing them
FILES = {"responses.receipt_file", "matching.export", "attachments.download", "catalogue.export", "catalogue.example"}


def local_links(page: Page) -> list[str]:
    """The paths on this site that the page links to."""
    links = page.locator("a[href^='/']:not([download])")
    hrefs: list[str] = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [href.split("#")[0] for href in hrefs]


def doors(site: Site, page: Page, email: str, looked: set[str]) -> Iterator[str]:
    """An address of each kind not yet looked at that a person may open: few rows offer every act on them."""
    for rule in site.application.url_map.iter_rules():
        named = [argument for argument in re.findall(r"<(\w+)>", rule.rule) if argument != "section"]
        is_new = "GET" in (rule.methods or ()) and rule.endpoint not in looked | FILES
        model = ROWS.get(f"{rule.endpoint.split('.')[0]}.{named[-1]}", ROWS.get(named[-1])) if named else None
        if is_new and model:
            view = site.application.view_functions[rule.endpoint]
            paths = paths_for(rule.rule, named, model, view, email)
            yield from islice((path for path in paths if page.request.get(path, max_redirects=0).ok), 1)


def paths_for(rule: str, named: list[str], model: type[Any], view: Any, email: str) -> list[str]:
    """The addresses of rows, or of what such a row has, on which somebody may do something, some of them."""
    around = list(getclosurevars(view.asks).nonlocals["loaders"])[:-1]
    if not all(hasattr(model, name) for name in (*around, *named[:-1])):
        return []
    with reading():
        person = find_person_by_email(email) if email else None
        rows = session().scalars(select(model).order_by(model.id))
        allowed = (row for row in rows if view.guarded_by(person, *(getattr(row, name) for name in around), row))
        return [path_of(rule, row, named) for row in islice(allowed, 40)]


def path_of(rule: str, row: Any, named: list[str]) -> str:
    ids = {name: getattr(row, name) for name in named[:-1]} | {named[-1]: row.id, "section": "problem"}
    return re.sub(r"<(\w+)>", lambda found: str(ids[found[1]]), rule)


def is_too_wide(page: Page) -> bool:
    """Whether the page is wider than its window."""
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    return bool(page.evaluate(width))


def is_fault(told: ConsoleMessage) -> bool:
    """Whether the console tells of a fault; a browser asks for an icon of what is no page, and there is none."""
    return told.type == "error" and not str(told.location.get("url", "")).endswith("/favicon.ico")


@dataclass
class Crawl:
    """A walk along the links of a site: each kind of page once for each person.

    Axe looks at a kind once for all persons; when thorough, once for each, wide and narrow.
    """

    site: Site
    is_thorough: bool = False
    looked: set[str] = field(default_factory=set)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def walk(self, page: Page, email: str) -> None:
        """Visit every kind of page that one person can reach."""
        self.listen(page)
        seen: set[str] = set()
        self.follow(page, ["/desk" if email else "/"], seen)
        self.follow(page, doors(self.site, page, email, {kind.rstrip("?") for kind in self.looked}), seen)

    def listen(self, page: Page) -> None:
        """Note what the browser's console tells of."""
        page.on("pageerror", lambda error: self.note(page, f"script: {error}"))
        page.on("console", lambda told: is_fault(told) and self.note(page, f"console: {told.text}"))

    def follow(self, page: Page, starts: Iterable[str], seen: set[str]) -> None:
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            kind = self.site.kind(path)
            if kind not in seen:
                seen.add(kind)
                self.visit(page, path, kind)
                waiting += local_links(page)

    def note(self, page: Page, fault: str) -> None:
        self.faults.setdefault(urlsplit(page.url).path, []).append(fault)

    def visit(self, page: Page, path: str, kind: str) -> None:
        """Open a page and note what is wrong with it, wide and narrow."""
        response = page.goto(path)
        assert response is not None
        if response.status >= 400:
            self.note(page, f"status {response.status}")
        if "html" in response.headers.get("content-type", ""):
            self.look(page, "wide", with_axe=self.is_thorough or kind not in self.looked)
            page.set_viewport_size(NARROW)  # type: ignore[arg-type]
            self.look(page, "narrow", with_axe=self.is_thorough)
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.looked.add(kind)

    def look(self, page: Page, width: str, *, with_axe: bool) -> None:
        """Note what is wrong with a page as it stands."""
        for fault in faults_of(page) if with_axe else []:
            self.note(page, f"{width}: {fault}")
        if is_too_wide(page):
            self.note(page, f"{width}: it scrolls sideways")


def only_in_the_whole_world(site: Site) -> None:
    if not site.is_whole:
        pytest.skip("pages do not depend on the database: SQLite's run looks at them")


@pytest.mark.chromium
def test_every_kind_of_page_is_accessible(sign_in: Callable[..., Page], site: Site) -> None:
    """Axe looks at each kind of page once; every role opens each kind that it can reach."""
    only_in_the_whole_world(site)
    crawl = Crawl(site)
    for email in ROLES:
        crawl.walk(sign_in(email), email)
    assert crawl.faults == {}
    assert site.endpoints() - {kind.rstrip("?") for kind in crawl.looked} == ELSEWHERE


@pytest.mark.slow
@pytest.mark.chromium
@pytest.mark.parametrize("email", ROLES, ids=lambda email: email.partition("@")[0] or "nobody")
def test_every_page_of_a_role_is_accessible(sign_in: Callable[..., Page], site: Site, email: str) -> None:
    """Axe looks at each kind of page as each role sees it."""
    only_in_the_whole_world(site)
    crawl = Crawl(site, is_thorough=True)
    crawl.walk(sign_in(email), email)
    assert crawl.faults == {}


@pytest.mark.chromium
def test_pages_that_no_link_leads_to_and_forms_in_error_are_accessible(sign_in: Callable[..., Page]) -> None:
    page, buyer = sign_in(), sign_in("buyer@demo.example")
    faults = {}
    for path in ("/register/sent", "/forgotten-password/sent", "/reset-password/x", "/register/x", "/invitations/x"):
        page.goto(path)
        faults[path] = faults_of(page)
    for path, button in (
        ("/sign-in", "Sign in"),
        ("/register", "Send the link"),
        ("/forgotten-password", "Send the link"),
    ):
        page.goto(path)
        page.locator("main").get_by_role("button", name=button).click()
        assert page.locator(".govuk-error-summary").count() == 1
        faults[f"{path} in error"] = faults_of(page)
    assert buyer.goto("/operator/claims").status == 403  # type: ignore[union-attr]
    faults["forbidden"] = faults_of(buyer)
    buyer.goto("/account/name")
    buyer.context.clear_cookies()
    buyer.locator("main").get_by_role("button").first.click()
    expect(buyer.locator("h1")).to_have_text("This page cannot be sent any more")
    faults["lost session"] = faults_of(buyer)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.chromium
def test_the_page_of_an_unknown_address_is_accessible(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    assert page.goto("/nowhere").status == 404  # type: ignore[union-attr]
    assert faults_of(page) == []


@pytest.mark.chromium
def test_planted_faults_are_seen(sign_in: Callable[..., Page], site: Site) -> None:
    page, crawl = sign_in(), Crawl(site)
    crawl.listen(page)
    page.goto("/about")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x style=\"width:9em\">')")
    assert [fault for fault in faults_of(page) if fault.startswith("image-alt")] != []
    page.wait_for_timeout(100)
    assert [fault for fault in crawl.faults["/about"] if fault.startswith("console")] != []
