"""Requests: one transaction each, played again when a race is lost, and nothing said that was not kept."""

import fcntl
from collections.abc import Callable

import flask
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.kernel import clock, db, requests, web
from app.kernel.db import reading, session
from app.kernel.errors import Conflict
from app.kernel.jobs import Job
from tests.browser import Browser

PATHS = [
    ("/needs", "/needs"),
    ("/needs?q=a%20b#x", "/needs?q=a%20b#x"),
    ("//elsewhere.example", None),
    ("/\\elsewhere.example", None),
    ("\\\\elsewhere.example", None),
    ("https://elsewhere.example", None),
    ("javascript:alert(1)", None),
    ("needs", None),
    ("/needs\r\nSet-Cookie: a=b", None),
    ("/\t/elsewhere.example", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("wanted", "path"), PATHS)
def test_only_paths_of_this_site_are_led_to(wanted: str | None, path: str | None) -> None:
    assert web.local_path(wanted) == path


class LostRace(Exception):
    """What PostgreSQL's driver raises when another writer was first."""

    sqlstate = "40001"


@pytest.fixture
def post(app: Flask, browser: Callable[..., Browser]) -> Callable[[Callable[[], str]], tuple[int, dict[str, object]]]:
    """POST to a view of the test's own; the status, and the session that is left."""

    def run(view: Callable[[], str]) -> tuple[int, dict[str, object]]:
        app.view_functions["alerts.mark_read"], kept = view, app.view_functions["alerts.mark_read"]
        app.config["SHOW_ERROR_PAGES"] = True
        visitor = browser()
        try:
            response = visitor.client.post("/notifications/read", data={"csrf_token": visitor.token()})
        finally:
            app.view_functions["alerts.mark_read"] = kept
            app.config["SHOW_ERROR_PAGES"] = False
        with visitor.client.session_transaction() as left:
            return response.status_code, dict(left)

    return run


def enter() -> None:
    session().add(Job(kind="test", payload={}, run_at=clock.now()))
    session().flush()


def count() -> int:
    with reading():
        return len(session().scalars(select(Job)).all())


def test_a_lost_race_is_played_again_and_nothing_doubles(post: Callable) -> None:  # type: ignore[type-arg]
    tries: list[int] = []

    def view() -> str:
        tries.append(1)
        enter()
        flask.flash("Done")
        if len(tries) < 3:
            raise OperationalError("", {}, LostRace())
        return "kept"

    status, left = post(view)
    assert (status, len(tries), count()) == (200, 3, 1)
    assert left["_flashes"] == [("message", "Done")]


@pytest.mark.parametrize(("error", "status"), [(Conflict("No."), 409), (ZeroDivisionError(), 500)])
def test_what_was_refused_or_broke_says_nothing_was_done(post: Callable, error: Exception, status: int) -> None:  # type: ignore[type-arg]
    def view() -> str:
        enter()
        flask.flash("Done")
        raise error

    found, left = post(view)
    assert (found, count()) == (status, 0)
    assert "_flashes" not in left


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (403, 0), (409, 0), (422, 0), (429, 0)])
def test_what_was_written_before_a_refusal_is_not_kept(post: Callable, status: int, kept: int) -> None:  # type: ignore[type-arg]
    def view() -> tuple[str, int]:
        enter()
        return "said", status

    assert (post(view)[0], count()) == (status, kept)


def test_a_view_that_keeps_what_it_refuses_keeps_it(post: Callable) -> None:  # type: ignore[type-arg]
    def view() -> tuple[str, int]:
        enter()
        return "wrong", 422

    assert (post(requests.keeps_refused(view))[0], count()) == (422, 1)


def test_what_a_view_that_only_reads_changes_is_not_kept(post: Callable) -> None:  # type: ignore[type-arg]
    @requests.only_reads
    def view() -> str:
        enter()
        return "seen"

    status, _left = post(view)
    assert (status, count()) == (200, 0)


def test_a_view_that_only_reads_waits_for_no_writer(post: Callable, store: db.Database) -> None:  # type: ignore[type-arg]
    """On SQLite writers stand in line at a file; the line is held here, so a writing view would never answer."""
    if store.lock_file is None:
        pytest.skip("PostgreSQL's writers stand in no line")
    with store.lock_file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        status, _left = post(requests.only_reads(lambda: str(count_here())))
    assert status == 200


def count_here() -> int:
    return len(session().scalars(select(Job)).all())


def test_an_error_of_the_database_is_told_without_its_values() -> None:
    error = OperationalError("INSERT INTO answers VALUES (?)", {"text": "sealed"}, LostRace("sealed"))
    assert db.without_values(error) == "LostRace"


@pytest.mark.parametrize(("path", "status"), [("/sign-in", 413), ("/nowhere", 404)])
def test_a_form_that_is_too_large_is_told_so(browser: Callable[..., Browser], path: str, status: int) -> None:
    answer = browser().client.post(path, data={"email": "x y" * 2_000_000})
    assert answer.status_code == status
    assert "<h1" in answer.get_data(as_text=True)


def test_what_was_typed_is_shown_where_it_cannot_be_saved(browser: Callable[..., Browser]) -> None:
    typed = {"reason": "Ten minutes of <b>thought</b>\x8a", "password": "my secret words", "version": "3"}
    page = browser().send("/sign-in", typed, 400)
    assert [area.text for area in page.root.iter("textarea")] == ["Ten minutes of <b>thought</b>"]
    assert "my secret words" not in page.body


def test_a_post_without_a_token_is_refused_with_a_page(browser: Callable[..., Browser]) -> None:
    page = browser().send("/sign-in", {"email": "a@b.example", "password": "x"}, 400)
    assert page.h1 == "This page cannot be sent any more"
    assert "What you typed" not in page.text
