"""Every kind of page that each role can reach: axe finds nothing, nothing overflows, nothing errs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import NARROW, WIDE, Site

pytestmark = pytest.mark.xdist_group("site")
ROLES = ["officer@demo.example", "supplier@demo.example", "buyer@demo.example", "operator@demo.example", ""]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# pages that no link leads to but one in a mail
BY_SECRET: list[str] = []


def local_links(page: Page) -> list[str]:
    """The paths on this site that the page links to."""
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
    return [href.split("#")[0] for href in hrefs if href.startswith("/") and not href.startswith("//")]


def faults_of(page: Page) -> list[str]:
    """What axe says against the page as it stands."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {[node['html'][:160] for node in fault['nodes'][:2]]}" for fault in found]


def is_too_wide(page: Page) -> bool:
    """Whether the page is wider than its window."""
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    return bool(page.evaluate(width))


@dataclass
class Crawl:
    """A walk along the links of a site: each kind of page once for each person.

    Axe looks at a kind once for all persons; when thorough, once for each, wide and narrow.
    """

    site: Site
    is_thorough: bool = False
    looked: set[str] = field(default_factory=set)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def walk(self, page: Page, start: str) -> None:
        """Visit every kind of page that one person can reach."""
        page.on("pageerror", lambda error: self.note(page, f"script: {error}"))
        page.on("console", lambda told: told.type == "error" and self.note(page, f"console: {told.text}"))
        waiting, seen = [start], set()
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


def only_on_sqlite(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("pages do not depend on the database: SQLite's run looks at them")


@pytest.mark.chromium
def test_every_kind_of_page_is_accessible(
    sign_in: Callable[..., Page], site: Site, request: pytest.FixtureRequest
) -> None:
    """Axe looks at each kind of page once; every role opens each kind that it can reach."""
    only_on_sqlite(request)
    crawl = Crawl(site)
    for email in ROLES:
        crawl.walk(sign_in(email), "/desk" if email else "/")
    assert crawl.faults == {}
    assert site.endpoints() - {kind.rstrip("?") for kind in crawl.looked} == set(BY_SECRET)


@pytest.mark.slow
@pytest.mark.chromium
@pytest.mark.parametrize("email", ROLES, ids=lambda email: email.partition("@")[0] or "nobody")
def test_every_page_of_a_role_is_accessible(
    sign_in: Callable[..., Page], site: Site, request: pytest.FixtureRequest, email: str
) -> None:
    """Axe looks at each kind of page as each role sees it."""
    only_on_sqlite(request)
    crawl = Crawl(site, is_thorough=True)
    crawl.walk(sign_in(email), "/desk" if email else "/")
    assert crawl.faults == {}


@pytest.mark.chromium
def test_the_page_of_an_unknown_address_is_accessible(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    assert page.goto("/nowhere").status == 404  # type: ignore[union-attr]
    assert faults_of(page) == []


@pytest.mark.chromium
def test_planted_faults_are_seen(sign_in: Callable[..., Page], site: Site) -> None:
    page, crawl = sign_in(), Crawl(site)
    crawl.walk(page, "/healthz")
    page.goto("/about")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x style=\"width:9em\">')")
    assert [fault for fault in faults_of(page) if fault.startswith("image-alt")] != []
    page.wait_for_timeout(100)
    assert [fault for fault in crawl.faults["/about"] if fault.startswith("console")] != []
