"""The front page: true figures, and words that hold with an empty database too."""

from collections.abc import Callable
from datetime import timedelta

from app.kernel import clock
from app.kernel.db import transaction
from app.needs.commands import close_due_needs
from tests import make
from tests.browser import Browser, Page, text_of
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]


def figures(page: Page) -> dict[str, str]:
    """The big numbers by what they count."""
    texts = [text_of(e) for e in page.root.iter() if e.tag in ("dt", "dd")]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_the_figures_are_what_there_is(browser: Browse) -> None:
    with transaction():
        make_need.live_need(title="Shaped need")
        make_need.open_need(clock.now() + timedelta(days=3), title="Open need")
        make_need.draft_need(title="Draft need")
        make_need.withdrawn_need(title="Withdrawn need")
        make_review.pass_deadline(make_need.open_need(title="Late need"))
        make_outcome.settled(title="Settled need")
        make_outcome.running(title="Running need")
        make_response.provider()
    page = browser().get("/")
    assert figures(page) == {
        "Live needs": "2",
        "Providers": "3",
        "Solution profiles": "3",
        "Outcome recorded by both sides": "1",
    }
    for hidden in ("Draft need", "Withdrawn need", "Late need", "Running need"):
        assert hidden not in page.text
    assert "Delivered: 1 of 2 targets reached" in page.text
    assert "2 days left" in page.text
    with transaction():
        close_due_needs()
    assert "2 needs" in page.follow("Live needs").text


def test_an_empty_front_page_has_no_zeros_and_leads_on(browser: Browse) -> None:
    page = browser().get("/")
    assert figures(page) == {}
    assert "No need is live at the moment." in page.text
    assert page.follow("Register").status == 200
    with transaction():
        person = make.person()
    assert browser(person).get("/").follow("Go to your desk").h1 == "Your desk"


def test_every_link_of_the_public_pages_leads_somewhere(browser: Browse) -> None:
    with transaction():
        make_need.open_need()
        make_outcome.settled()
    led: set[str] = set()
    for path in ("/", "/about", "/accessibility", "/privacy", "/open-data", "/insight", "/partnerships"):
        page = browser().get(path, 200)
        for text, href in page.links().items():
            if href.startswith("/") and href not in led:
                assert page.follow(text).status == 200, (path, href)
                led.add(href)
    assert len(led) > 15


def test_the_front_page_takes_as_many_statements_for_three_as_for_one(browser: Browse) -> None:
    with transaction():
        make_need.live_need()
        make_need.open_need()
        make_outcome.settled()
    reader = browser()
    once = statements(reader, "/")
    with transaction():
        for _ in range(2):
            make_need.live_need()
            make_need.open_need()
            make_outcome.settled()
    assert statements(reader, "/") == once
