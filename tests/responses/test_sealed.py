"""A sweep with canary words: what is sealed shows in no page, list, feed, log, mail, notice or index, for any role.

The sweep is seen to fail on planted leaks, so that its silence means something.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.alerts.models import Notification
from app.kernel import clock, jobs, notices, search
from app.kernel.db import reading, session, transaction
from app.kernel.jobs import Job
from app.kernel.mail import OutboxMail
from app.needs.models import Need
from app.responses.commands import submit_response
from app.responses.models import Answer, Response
from app.responses.queries import count_received
from tests.browser import Browser
from tests.responses import furnish, sweep
from tests.responses import make as make_response
from tests.responses.conftest import World
from tests.responses.sweep import CANARY, NOBODY, SECRETS, TOKENS, Lines, differences

__all__ = ["TOKENS", "Lines"]
CURIOUS = ("officer", "operator", "rival_staff", NOBODY)
OTHERS = (
    "author",
    "owner",
    "buyer",
    "elsewhere",
    "team_staff",
    "both",
    "staff",
    "lead",
    "partner_staff",
    "asked_staff",
)


@pytest.fixture
def log() -> Iterator[Lines]:
    yield from sweep.listened()


@pytest.fixture
def planted(world: World, log: Lines) -> World:
    """A submitted, a drafted and a withdrawn response, each with the canary in all that can be written."""
    with transaction():
        furnish.answers(world)
    sweep.work_through()
    return world


@pytest.fixture
def furnished(planted: World) -> World:
    """The same, with a row of everything that has an address, and each other secret where it is written."""
    with transaction():
        furnish.everything(planted)
    sweep.work_through()
    return planted


# Every address, every role


def test_every_argument_of_every_address_has_something_real_to_stand_in_it(app: Flask, furnished: World) -> None:
    known = sweep.known_ids(furnished)
    assert sweep.arguments(app) == set(known)
    assert [name for name, ids in known.items() if not ids] == []


def test_an_argument_that_nobody_filled_is_seen(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sweep.IDS, "question_id")
    assert sweep.arguments(app) - set(sweep.known_ids(world)) == {"question_id"}


def test_every_role_of_the_world_is_swept(planted: World) -> None:
    assert set(planted.people) | {NOBODY} == {*CURIOUS, *OTHERS}


def test_the_secrets_are_shown_to_those_for_whom_they_are(app: Flask, browser: Any, furnished: World) -> None:
    """Else the sweep would look for what was never written."""
    shown = {role: browser(furnished.people[role]).client for role in ("staff", "officer", "elsewhere")}
    text = {
        role: "".join(sweep.answered(client, path) for path in sweep.addresses(app, furnished))
        for role, client in shown.items()
    }
    found = {role: {name for name, secret in SECRETS.items() if secret.is_in(text[role])} for role in shown}
    assert found == {
        "staff": set(SECRETS),
        "officer": {
            *("clarification", "conversation", "idea proposed", "interest"),
            *("question of feedback", "question to an idea"),
        },
        "elsewhere": {"idea proposed"},
    }


@pytest.mark.parametrize("roles", [CURIOUS, pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["curious", "others"])
def test_nothing_sealed_shows_on_any_page_feed_or_export_for_any_role(
    app: Flask, browser: Callable[..., Browser], furnished: World, roles: tuple[str, ...]
) -> None:
    assert len(sweep.addresses(app, furnished)) > 150
    assert sweep.leaking_pages(app, browser, furnished, roles) == []


def test_no_search_box_answers_to_a_sealed_word(app: Flask, browser: Callable[..., Browser], furnished: World) -> None:
    assert sweep.found_by_words(app, browser, furnished, (*CURIOUS, "author", "elsewhere")) == []


def test_no_address_of_a_response_says_that_there_is_one(
    app: Flask, browser: Callable[..., Browser], furnished: World
) -> None:
    """Neither by reading nor by acting."""
    roles = ("officer", "author", "operator", "rival_staff", "both")
    assert sweep.answering_acts(app, browser, furnished, roles) == []


def test_nothing_sealed_stands_in_audit_notices_jobs_mail_or_index(
    furnished: World, tmp_path: Path, log: Lines
) -> None:
    assert sweep.leaking_tables() == []
    assert sweep.leaking_files(tmp_path) == []
    assert sweep.found_by_search() == []
    assert not any(secret.is_in(log.text) for secret in SECRETS.values())


def test_nothing_sealed_is_logged_when_a_save_breaks(
    app: Flask,
    browser: Callable[..., Browser],
    planted: World,
    log: Lines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A constraint that refuses the write, and a fault in the middle of it."""
    app.config["SHOW_ERROR_PAGES"] = True
    page = (
        browser(planted.rival_staff).get(f"/needs/{planted.need.id}/respond").submit("Start the response of Quay Ltd")
    )
    page = page.follow("1. Move 2 million records without loss")
    monkeypatch.setattr(Answer, "text", Breaking())
    client = page.browser.client
    form = {"csrf_token": page.browser.token(), "version": "0", "text": CANARY, "press": "save"}
    assert client.post(page.path, data=form).status_code in (409, 500)
    app.config["SHOW_ERROR_PAGES"] = False
    assert log.text
    assert not SECRETS["response"].is_in(log.text)


class Breaking:
    """In the place of an attribute: a row that no constraint lets through is written in the middle of the work."""

    def __set__(self, row: Answer, text: str) -> None:
        row.response_id, row.requirement_id, row.requirement = row.response.id, None, None  # type: ignore[assignment]
        row.__dict__["sealed"] = text
        session().flush()


def test_nothing_sealed_is_kept_or_logged_of_a_job_that_fails(planted: World, log: Lines) -> None:
    """Its error stands in a row that the operator reads; here the database itself refuses a row of a response."""

    def breaks(_payload: dict[str, Any]) -> None:
        with transaction():
            response = session().scalars(select(Response).where(Response.summary.contains(CANARY))).first()
            assert response is not None
            response.summary, response.need_id = f"{CANARY} again", "nowhere"
            session().flush()

    jobs.job("tests.break")(breaks)
    with transaction():
        jobs.enqueue("tests.break", {})
    jobs.run_due()
    with reading():
        errors = list(session().scalars(select(Job.error).where(Job.kind == "tests.break")))
    assert [bool(error) for error in errors] == [True]
    assert sweep.leaking_tables() == []
    assert not SECRETS["response"].is_in(log.text)


# With one and with four


def told_to(world: World, roles: tuple[str, ...]) -> dict[str, list[str]]:
    """What each was notified of, and mailed."""
    with reading():
        found = {}
        for role in roles:
            person = world.people[role]
            texts = select(Notification.text).where(Notification.person_id == person.id)
            mails = select(OutboxMail.subject).where(OutboxMail.to == person.email)
            found[role] = sorted([*session().scalars(texts), *session().scalars(mails)])
        return found


@pytest.mark.parametrize(
    "roles",
    [
        ("officer", "rival_staff"),
        pytest.param(("author", "owner", "buyer", "elsewhere", "operator", NOBODY), marks=pytest.mark.slow),
    ],
    ids=["closest", "others"],
)
def test_others_pages_are_the_same_with_none_with_one_and_with_four(
    app: Flask, browser: Callable[..., Browser], world: World, roles: tuple[str, ...]
) -> None:
    """Equal but for tokens, page by page, two of the four being coalitions; so is what they hear, who all listen."""
    with transaction():
        need = session().get_one(Need, world.need.id)
        furnish.everybody_listens(world, need)
        drafts = furnish.four_drafts(need)
    sweep.work_through()
    paths = [path for path in sweep.asked_for(app, world) if path not in sweep.TELL_THE_TIME]
    seen: list[dict[str, str]] = []
    told: list[dict[str, list[str]]] = []
    moment = clock.now() + timedelta(minutes=1)
    for more in ([], drafts[:1], drafts[1:]):
        with transaction():
            for draft_id, by in more:
                submit_response(session().get_one(Response, draft_id), by=by)
        sweep.work_through()
        with clock.at(moment):
            seen.append(sweep.pages_as_they_are(browser, world, paths, roles))
            told.append(told_to(world, tuple(role for role in roles if role != NOBODY)))
    none, one, four = seen
    assert differences(none, one) == []
    assert differences(one, four) == []
    assert told[0] == told[1] == told[2]


# Plant a leak, and see the sweep fail


def test_a_page_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], planted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(need: object) -> str:
        return session().scalars(select(Response)).all()[0].summary

    monkeypatch.setattr("app.reviews.views.reading.response_band", leaking)
    found = sweep.leaking_pages(app, browser, planted, ("officer",))
    assert found == [f"response: officer /needs/{planted.need.id}/review"]


def test_an_export_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], planted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(needs: list[Any], *rest: Any) -> Any:
        return {"releases": [str(each.price_pence) for each in session().scalars(select(Response))]}

    monkeypatch.setattr("app.publication.views._package", leaking)
    found = sweep.leaking_pages(app, browser, planted, (NOBODY,))
    assert f"response: {NOBODY} /open-data/releases.json" in found
    assert f"response: {NOBODY} /open-data/needs/{planted.need.id}" in found


def test_an_act_that_answers_otherwise_is_seen(
    app: Flask, browser: Callable[..., Browser], planted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.responses.policy.is_staff_of", lambda person, provider: True)
    found = sweep.answering_acts(app, browser, planted, ("rival_staff",))
    assert len([each for each in found if each.startswith("rival_staff GET /responses/")]) > 3


@pytest.fixture
def leaks(planted: World) -> World:
    with transaction():
        response = session().scalars(select(Response)).first()
        assert response is not None
        notices.post("response.submitted", subject=response, facts={"summary": response.summary})
    logging.getLogger("app.responses").warning("saved %s", CANARY)
    return planted


def test_a_notice_and_a_log_line_that_leak_are_seen(leaks: World, log: Lines) -> None:
    assert sweep.leaking_tables() == ["notices"]
    assert SECRETS["response"].is_in(log.text)


def test_a_notice_that_counts_is_seen(planted: World) -> None:
    before = told_to(planted, ("officer",))
    with transaction():
        notices.post("need.closed", subject=session().merge(planted.need))
    sweep.work_through()
    assert told_to(planted, ("officer",)) != before


def test_an_index_that_leaks_is_seen(app: Flask, browser: Callable[..., Browser], planted: World) -> None:
    with transaction():
        session().merge(planted.early).summary = f"We saw {CANARY}"
    search.catch_up()
    assert sweep.found_by_search() == ["need"]
    leaks = sweep.found_by_words(app, browser, planted, (NOBODY,))
    assert f"{NOBODY} /needs?q={sweep.UNWRITTEN}" in {leak.partition(":")[0] for leak in leaks}


def test_a_job_that_keeps_what_it_read_is_seen(planted: World, log: Lines) -> None:
    def quotes(_payload: dict[str, Any]) -> None:
        raise ValueError(CANARY)

    jobs.job("tests.quote")(quotes)
    with transaction():
        jobs.enqueue("tests.quote", {})
    jobs.run_due()
    assert sweep.leaking_tables() == ["jobs"]
    assert SECRETS["response"].is_in(log.text)


def test_a_count_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reviews.views.reading.response_band", lambda need: str(count_received(need)))
    path = f"/needs/{world.need.id}/review"
    before = sweep.pages_as_they_are(browser, world, [path], ("officer",))
    with transaction():
        make_response.submitted(session().merge(world.need))
    after = sweep.pages_as_they_are(browser, world, [path], ("officer",))
    assert differences(before, after) != []
