"""Every page that each role can reach, wide and narrow: axe finds nothing, nothing overflows, nothing errs."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import NARROW

ROLES = ["", "buyer@demo.example", "officer@demo.example", "supplier@demo.example", "operator@demo.example"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RANDOM_ID = re.compile(r"/[0-9a-z]{12}(?=/|$)")
MOST = 120


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
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    found = [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:2]]}" for v in results["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        found.append("the page scrolls sideways")
    return found


def visit(page: Page, path: str) -> list[str]:
    """Open a page and say what is wrong with it, wide and narrow."""
    response = page.goto(path)
    assert response is not None
    if response.status >= 400:
        return [f"status {response.status}"]
    if "html" not in response.headers.get("content-type", ""):
        return []
    wide = faults_of(page)
    before = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    narrow = [f"narrow: {fault}" for fault in faults_of(page) if fault not in wide]
    page.set_viewport_size(before)  # type: ignore[arg-type]
    return wide + narrow


@pytest.mark.chromium
@pytest.mark.parametrize("email", ROLES, ids=lambda email: email.partition("@")[0] or "nobody")
def test_every_page_is_accessible(sign_in: Callable[..., Page], email: str) -> None:
    page = sign_in(email)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on(
        "console", lambda message: errors.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    waiting, seen, faults = ["/", "/nowhere"] if not email else ["/desk"], set(), {}
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        found = visit(page, path)
        expected = ["status 404"] if path == "/nowhere" else []
        if found != expected:
            faults[path] = found
        waiting += [link for link in local_links(page) if shape(link) not in seen] if found != ["status 404"] else []
    assert faults == {}
    assert [error for error in errors if "/nowhere" not in error] == []
    assert len(seen) > (8 if not email else 12), sorted(seen)


def test_shapes_fold_ids(request: Any) -> None:
    assert shape("/needs/0123456789ab/edit?page=2") == "/needs/<id>/edit?page"
    assert shape("/capabilities/kubernetes") == "/capabilities/<slug>"
