"""Every page that each role can reach, wide and narrow: axe finds nothing, nothing overflows, nothing errs."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.kernel import db
from tests.e2e.conftest import NARROW, WIDE

pytestmark = pytest.mark.xdist_group("site")
ROLES = ["officer@demo.example", "supplier@demo.example", "buyer@demo.example", "operator@demo.example", ""]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RANDOM_ID = re.compile(rf"/[{db.ALPHABET}]{{12}}(?=/|$)")


def shape(path: str) -> str:
    """Addresses that differ in ids alone are one page; the query's names count, its values do not."""
    parts = urlsplit(path)
    names = sorted({part.split("=")[0] for part in parts.query.split("&") if part})
    folded = RANDOM_ID.sub("/<id>", parts.path)
    return re.sub(r"^/capabilities/[^/]+$", "/capabilities/<slug>", folded) + ("?" + "&".join(names) if names else "")


def local_links(page: Page) -> list[str]:
    """The paths on this site that the page links to."""
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
    return [href.split("#")[0] for href in hrefs if href.startswith("/") and not href.startswith("//")]


def faults_of(page: Page) -> list[str]:
    """What axe says against the page as it stands, and whether it is wider than its window."""
    results = (
        Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}).response
    )
    found = [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:2]]}" for v in results["violations"]]
    return [*found, "it scrolls sideways"] if is_too_wide(page) else found


def is_too_wide(page: Page) -> bool:
    """Whether the page is wider than its window."""
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    return bool(page.evaluate(width))


def visit(page: Page, path: str) -> list[str]:
    """Open a page and say what is wrong with it: all of it wide, and narrow whether it fits."""
    response = page.goto(path)
    assert response is not None
    if response.status >= 400:
        return [f"status {response.status}"]
    if "html" not in response.headers.get("content-type", ""):
        return []
    wide = faults_of(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    narrow = ["narrow: it scrolls sideways"] if is_too_wide(page) else []
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return wide + narrow


def crawl(page: Page, start: str, seen: set[str]) -> dict[str, list[str]]:
    """Visit every kind of page that links lead to, each once; the faults by path."""
    waiting, faults = [start], {}
    while waiting:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        found = visit(page, path)
        if found:
            faults[path] = found
        waiting += [link for link in local_links(page) if shape(link) not in seen]
    return faults


@pytest.mark.chromium
def test_every_kind_of_page_is_accessible(sign_in: Callable[..., Page], request: pytest.FixtureRequest) -> None:
    """Each kind of page once, by the first role that gets there, wide by axe and narrow for what sticks out."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("pages do not depend on the database: SQLite's run looks at them")
    seen: set[str] = set()
    faults = {}
    for email in ROLES:
        faults |= crawl(sign_in(email), "/desk" if email else "/", seen)
    assert faults == {}
    assert len(seen) > 60, sorted(seen)


@pytest.mark.chromium
def test_the_page_of_an_unknown_address_is_accessible(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    assert page.goto("/nowhere").status == 404  # type: ignore[union-attr]
    assert faults_of(page) == []


@pytest.mark.chromium
def test_a_planted_fault_is_seen(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    page.goto("/about")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><div class=wide></div>')")
    assert [fault for fault in faults_of(page) if fault.startswith("image-alt")] != []


def test_shapes_fold_ids() -> None:
    assert shape("/needs/0123456789ab/edit?page=2") == "/needs/<id>/edit?page"
    assert shape("/capabilities/kubernetes") == "/capabilities/<slug>"
