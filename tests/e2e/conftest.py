"""A real browser and a served demo world, for the tests that look at pages as people do."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app.capabilities.commands import load_vocabulary
from app.config import read_settings
from app.demo.building import build, finish
from app.demo.library import Library, read_library
from app.factory import create_app, open_clarion
from app.kernel import db, limits, migrate
from app.kernel.background import Background
from tests.conftest import new_database_url
from tests.demo.small import small_library

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
PASSWORD = "a password for the demo world"


@dataclass
class Site:
    """A served world: where it is, and how its people sign in."""

    address: str
    application: Flask
    is_whole: bool

    def kind(self, path: str) -> str:
        """What addresses that differ in ids alone share: the endpoint that answers, and whether there is a query."""
        parts = urlsplit(path)
        endpoint, _values = self.application.url_map.bind("localhost").match(parts.path)
        return endpoint + ("?" if parts.query else "")

    def endpoints(self) -> set[str]:
        """Every endpoint that can be opened."""
        return {rule.endpoint for rule in self.application.url_map.iter_rules() if "GET" in (rule.methods or ())}


def fill_with(library: Library) -> None:
    """Play a demo world, as `clarion demo` does."""
    load_vocabulary()
    build(library, PASSWORD, lambda done, total: None)
    finish(library)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The demo world, on PostgreSQL a corner of it, served on loopback, with its background work.

    Made once for this package alone: other tests connect databases of their own.
    """
    folder = tmp_path_factory.mktemp("site")
    url = new_database_url(request.config, "site", folder)
    settings = read_settings({"CLARION_INSTANCE": str(folder), "DATABASE_URL": url, "CLARION_DEMO_PASSWORD": PASSWORD})
    application = create_app(open_clarion(settings))
    migrate.upgrade()
    is_whole = url.startswith("sqlite")
    fill_with(read_library() if is_whole else small_library())
    limits.limiter.enabled = False
    server = make_server("127.0.0.1", 0, application, threaded=True)
    work, thread = Background(), threading.Thread(target=server.serve_forever, daemon=True)
    work.start()
    thread.start()
    opened = db.database()
    yield Site(f"http://127.0.0.1:{server.server_port}", application, is_whole)
    limits.limiter.enabled = True
    server.shutdown()
    work.stop()
    work.join(10)
    db.connect(opened)
    opened.engine.dispose()
    db.connect(None)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one, the test is skipped, and says how to get it."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no browser: apt-get install chromium")
    flags = FLAGS if os.name == "posix" and os.getuid() == 0 else FLAGS[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(flags))
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`sign_in("buyer@demo.example")` gives a page of that person's own browser; `sign_in()` is nobody's."""
    contexts = []

    def enter(email: str = "", viewport: Any = WIDE, **options: Any) -> Page:
        context = chromium.new_context(viewport=viewport, base_url=site.address, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if email:
            page.goto("/sign-in")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/desk")
        return page

    yield enter
    for context in contexts:
        context.close()
