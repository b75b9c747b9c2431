"""A sweep with canary words: what is sealed shows in no page, list, log, mail, notice or index, for any role.

The sweep is seen to fail on planted leaks, so that its silence means something.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import clock, jobs, notices, search
from app.kernel.db import Base, reading, session, transaction
from app.responses.commands import submit_response, withdraw_response
from app.responses.models import Answer, Response
from app.responses.queries import count_received
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

CANARY, PRICE = "zanzibarquill", 987_654_321
CURIOUS = ("officer", "operator", "rival_staff", None)
OTHERS = ("author", "buyer", "elsewhere", "team_staff", "both")
MOST_OF_EACH = 2
OWN_TABLES = {"responses", "answers", "submission_receipts", "answer_evidence"}
# signed with the time, so they change without anybody doing anything
TOKENS = re.compile(r'name="(csrf_token|seen)" value="[^"]*"')


class Lines(logging.Handler):
    """Every log line of a test, its set-up included, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(message)s"))
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"


@pytest.fixture
def log() -> Iterator[Lines]:
    lines, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


@pytest.fixture
def planted(world: World, log: Lines) -> World:
    """A submitted, a drafted and a withdrawn response, each with the canary in all that can be written."""
    told: dict[str, Any] = {"words": CANARY, "price_pence": PRICE}
    with transaction():
        need = session().merge(world.need)
        make_response.draft(need, **told)
        make_response.submitted(need, of=world.provider, by=world.staff, **told)
        owner = make_response.provider()
        by = make_response.staff(owner)
        withdraw_response(make_response.submitted(need, of=owner, by=by, **told), by=by)
    _work_through()
    return world


def _work_through() -> None:
    """Let background work happen: notices, mail, index."""
    with clock.at(clock.now() + timedelta(seconds=1)):
        jobs.run_due()
    search.catch_up()


def known_ids() -> dict[str, list[str]]:
    """Real ids for each argument of an address: `<need_id>` is filled with needs, and so on."""
    tables = {
        "need_id": "needs",
        "response_id": "responses",
        "receipt_id": "submission_receipts",
        "provider_id": "providers",
        "profile_id": "solution_profiles",
        "evidence_id": "evidence",
        "organisation_id": "organisations",
        "capability_id": "capabilities",
        "interest_id": "interests",
        "conversation_id": "conversations",
        "partnership_id": "partnerships",
        "requirement_id": "requirements",
        "invitation_id": "partner_invitations",
        "part_id": "response_parts",
    }
    with reading():
        return {
            name: list(session().scalars(select(Base.metadata.tables[table].c.id))) for name, table in tables.items()
        }


def addresses(app: Flask) -> list[str]:
    """Every GET address, filled with real ids."""
    ids = known_ids()
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "accounts.sign_out":
            continue
        ways = [rule.rule]
        for name in rule.arguments:
            values = ids.get(name, ["offer"])[:MOST_OF_EACH]
            ways = [re.sub(rf"<(\w+:)?{name}>", value, way) for way in ways for value in values][:MOST_OF_EACH]
        found += ways
    return found


def said(text: str) -> bool:
    """Whether a text betrays something of the sealed responses: a word, or the price as people or machines write it."""
    return any(secret in text.lower() for secret in (CANARY, str(PRICE), "9,876,543"))


def leaking_pages(
    app: Flask, browser: Callable[..., Browser], world: World, roles: tuple[str | None, ...] = CURIOUS
) -> list[str]:
    """The pages, by role, that show something sealed."""
    leaks = []
    for role in roles:
        client = browser(world.people[role] if role else None).client
        for path in addresses(app):
            body = client.get(path).get_data(as_text=True)
            if said(body):
                leaks.append(f"{role} {path}")
    return leaks


def leaking_tables() -> list[str]:
    """The tables, responses' own aside, in which something sealed stands: audit, notices, jobs, mail, change log."""
    with reading():
        return [
            table.name
            for table in Base.metadata.sorted_tables
            if table.name not in OWN_TABLES and any(said(repr(tuple(row))) for row in session().execute(select(table)))
        ]


def leaking_files(folder: Path) -> list[str]:
    """Files of the index and the post box that hold the canary."""
    files = [
        path
        for part in ("index", "mail")
        if (folder / part).exists()
        for path in (folder / part).rglob("*")
        if path.is_file()
    ]
    return [path.name for path in files if CANARY.encode() in path.read_bytes().lower()]


def found_by_search() -> list[str]:
    return [kind for kind in search.kinds() if search.find(kind, CANARY).total]


@pytest.mark.parametrize("roles", [CURIOUS, pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["curious", "others"])
def test_nothing_sealed_shows_on_any_page_for_any_role(
    app: Flask, browser: Callable[..., Browser], planted: World, roles: tuple[str | None, ...]
) -> None:
    assert len(addresses(app)) > 60
    assert leaking_pages(app, browser, planted, roles) == []


def test_nothing_sealed_stands_in_audit_notices_jobs_mail_or_index(planted: World, tmp_path: Path, log: Lines) -> None:
    assert leaking_tables() == []
    assert leaking_files(tmp_path) == []
    assert found_by_search() == []
    assert not said(log.text)


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
    assert not said(log.text)


class Breaking:
    """In the place of an attribute: a row that no constraint lets through is written in the middle of the work."""

    def __set__(self, row: Answer, text: str) -> None:
        row.response_id, row.requirement_id, row.requirement = row.response.id, None, None  # type: ignore[assignment]
        row.__dict__["sealed"] = text
        session().flush()


def pages_as_they_are(browser: Callable[..., Browser], world: World, paths: list[str]) -> dict[str, str]:
    """Every page for those who would like to know, without what changes by itself."""
    found = {}
    for role in CURIOUS[:3]:
        client = browser(world.people[role] if role else None).client
        for path in paths:
            answer = client.get(path)
            found[f"{role} {path}"] = f"{answer.status_code} {TOKENS.sub('', answer.get_data(as_text=True))}"
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The pages that differ, each with its first line that does."""
    found = []
    for key, page in before.items():
        if page != after[key]:
            pairs = zip(page.splitlines(), after[key].splitlines(), strict=False)
            found.append(f"{key}: {next((pair for pair in pairs if pair[0] != pair[1]), 'longer')}")
    return found


def test_others_pages_are_the_same_with_none_with_one_and_with_four(
    app: Flask, browser: Callable[..., Browser], world: World
) -> None:
    with transaction():
        need = session().merge(world.need)
        drafts = [make_response.draft(need) for _ in range(4)]
        staff = {draft.id: make_response.staff(draft.provider) for draft in drafts}
    _work_through()
    paths = [path for path in addresses(app) if "healthz" not in path and "readyz" not in path]
    seen: list[dict[str, str]] = []
    moment = clock.now() + timedelta(minutes=1)
    for draft_ids in ([], [drafts[0].id], [draft.id for draft in drafts[1:]]):
        with transaction():
            for draft_id in draft_ids:
                submit_response(session().get_one(Response, draft_id), by=staff[draft_id])
        _work_through()
        with clock.at(moment):
            seen.append(pages_as_they_are(browser, world, paths))
    none, one, four = seen
    assert differences(none, one) == []
    assert differences(one, four) == []


# Plant a leak, and see the sweep fail


def test_a_page_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], planted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(need: object) -> str:
        return session().scalars(select(Response)).all()[0].summary

    monkeypatch.setattr("app.reviews.views.reading.response_band", leaking)
    assert leaking_pages(app, browser, planted, ("officer",)) == [f"officer /needs/{planted.need.id}/review"]


@pytest.fixture
def leaks(planted: World) -> Iterator[World]:
    with transaction():
        response = session().scalars(select(Response)).first()
        assert response is not None
        notices.post("response.submitted", subject=response, facts={"summary": response.summary})
    logging.getLogger("app.responses").warning("saved %s", CANARY)
    return planted


def test_a_notice_and_a_log_line_that_leak_are_seen(leaks: World, log: Lines) -> None:
    assert leaking_tables() == ["notices"]
    assert said(log.text)


def test_an_index_that_leaks_is_seen(planted: World) -> None:
    with transaction():
        session().merge(planted.early).summary = f"We saw {CANARY}"
    search.catch_up()
    assert found_by_search() == ["need"]


def test_a_count_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.reviews.views.reading.response_band", lambda need: str(count_received(need)))
    path = f"/needs/{world.need.id}/review"
    before = pages_as_they_are(browser, world, [path])
    with transaction():
        make_response.submitted(session().merge(world.need))
    after = pages_as_they_are(browser, world, [path])
    assert differences(before, after) != []
