"""How the index stands: told to machines on /readyz, to the operator on the desk, and at the console."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from app.cli import main
from app.kernel import clock, db, health, search
from app.kernel.db import transaction
from app.kernel.search import place
from app.kernel.search.following import shelf_of
from tests import make
from tests.browser import Browser, Page
from tests.needs import make as make_need

YEAR = 365 * 24 * 60 * 60


def ready(app: Flask) -> dict[str, Any]:
    """What /readyz says of the index."""
    answer = app.test_client().get("/readyz").get_json()["index"]
    assert isinstance(answer, dict)
    return answer


def _changed_a_year_ago() -> None:
    now = clock.now()
    with clock.at(now.replace(year=now.year - 1, day=1)), transaction():
        make_need.capability()


def test_readyz_tells_how_far_the_index_is_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    search.catch_up()
    assert ready(app) == {"ready": True, "behind": 0, "seconds": 0.0}
    _changed_a_year_ago()
    behind = ready(app)
    assert (behind["ready"], behind["behind"], behind["seconds"] >= YEAR) == (True, 2, True)
    monkeypatch.setattr(health, "MOST_LAG", 1)
    assert ready(app)["ready"] is False
    assert app.test_client().get("/readyz").status_code == 503
    search.catch_up()
    assert ready(app) == {"ready": True, "behind": 0, "seconds": 0.0}


def test_readyz_tells_that_an_index_was_found_damaged(app: Flask) -> None:
    search.catch_up()
    shelf_of("need").report_broken()
    assert ready(app)["ready"] is False
    search.catch_up()
    assert ready(app)["ready"] is True


def desk(browser: Browser) -> str:
    """What the desk says, with the index as it is: a browser's own `get` would have it catch up."""
    return Page(browser, "/desk", browser.client.get("/desk")).text


def test_the_operators_desk_shows_how_the_index_stands(browser: Callable[..., Browser]) -> None:
    with transaction():
        operator, other = make.operator(), make.person()
    assert "It is being made anew." in desk(browser(operator))
    search.catch_up()
    follower = search.follow()
    try:
        assert follower.leading.wait(20)
        assert "Search index Up to date. It holds 0 documents. Go to" in desk(browser(operator))
    finally:
        follower.stop()
    _changed_a_year_ago()
    shown = desk(browser(operator))
    assert "Search index 2 changes behind; the oldest was made 1" in shown
    assert "run clarion worker" in shown
    assert "Search index" not in desk(browser(other))


@pytest.fixture
def clarion(tmp_path: Path) -> Iterator[Callable[[str], tuple[int, str]]]:
    """`clarion("index verify")` over an instance of its own: the exit code, and what was printed."""
    runner = CliRunner(env={"CLARION_INSTANCE": str(tmp_path), "DATABASE_URL": ""})

    def run(words: str) -> tuple[int, str]:
        done = runner.invoke(main, words.split())
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, done.output

    yield run
    db.database().engine.dispose()
    db.connect(None)


def test_the_index_is_looked_after_at_the_console(clarion: Callable[[str], tuple[int, str]]) -> None:
    assert "cannot be used" in clarion("index status")[1]
    with transaction():
        make_need.capability()
    assert clarion("index rebuild")[0] == 0
    code, said = clarion("index status")
    assert (code, said.splitlines()[-1]) == (0, "0 changes behind (0.0 s); followed by no process.")
    code, said = clarion("index verify")
    assert (code, said.count("agrees"), said.split()[:4]) == (0, 5, ["capability", "2", "documents", "1"])
    shutil.rmtree(place.here().folder / "capability")
    code, said = clarion("index verify")
    assert (code, said.count("agrees")) == (1, 4)
    assert said.splitlines()[1] == "    There is no index that can be read."
    assert said.splitlines()[-1] == "To make the index anew, while searching goes on: clarion index rebuild"
    clarion("index rebuild")
    assert clarion("index verify")[0] == 0


def test_a_page_that_meets_a_damaged_index_says_that_clarion_is_not_ready(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = app.make_response(app.handle_user_exception(search.Broken("garbled")))
    assert (answer.status_code, "Clarion is not ready" in answer.get_data(as_text=True)) == (503, True)
