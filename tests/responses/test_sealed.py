"""A sweep with canary words: what is sealed shows in no page, list, log, mail, notice or index, for any role.

The sweep is seen to fail on planted leaks, so that its silence means something.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import clock, jobs, notices, search
from app.kernel.db import Base, reading, session, transaction
from app.responses.models import Response, SubmissionReceipt
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

CANARY, PRICE = "zanzibarquill", 987_654_321
STRANGERS = ("author", "buyer", "officer", "elsewhere", "operator", "rival_staff", "team_staff", "both", None)
OWN_TABLES = {"responses", "answers", "submission_receipts", "answer_evidence"}
# tokens, ages and the numbers of the running process, which change without anybody doing anything
TOKENS = re.compile(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"')


@pytest.fixture
def planted(world: World, caplog: pytest.LogCaptureFixture) -> World:
    """A submitted, a drafted and a withdrawn response, each with the canary in all that can be written."""
    caplog.set_level(logging.DEBUG)
    with transaction():
        need = session().merge(world.need)
        for make in (make_response.submitted, make_response.draft):
            make(need, of=None, words=CANARY, price_pence=PRICE)
        make_response.submitted(need, of=world.provider, by=world.staff, words=CANARY, price_pence=PRICE)
        gone = make_response.submitted(need, words=CANARY, price_pence=PRICE)
        from app.responses.commands import withdraw_response

        withdraw_response(gone, by=session().get_one(SubmissionReceipt, _receipt_of(gone)).submitted_by)
    _work_through()
    return world


def _receipt_of(response: Response) -> str:
    found = session().scalars(select(SubmissionReceipt.id).where(SubmissionReceipt.response_id == response.id)).one()
    return found


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
        "partnership_id": "partnerships",
        "requirement_id": "requirements",
    }
    with reading():
        return {name: list(session().scalars(select(Base.metadata.tables[table].c.id))) for name, table in tables.items()}


def addresses(app: Flask) -> list[str]:
    """Every GET address that can be filled with real ids, and the searches."""
    ids = known_ids()
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "accounts.sign_out":
            continue
        ways = [rule.rule]
        for name in rule.arguments:
            values = ids.get(name, ["offer"])[:6]
            ways = [re.sub(rf"<(\w+:)?{name}>", value, way) for way in ways for value in values][:12]
        found += ways
    return [*found, f"/needs?q={CANARY}", f"/providers?q={CANARY}", f"/capabilities?q={CANARY}"]


def said(text: str) -> bool:
    """Whether a text betrays something of the sealed responses: a word, or the price as people or machines write it."""
    return any(secret in text for secret in (CANARY, str(PRICE), "9,876,543"))


def leaking_pages(app: Flask, browser: Callable[..., Browser], world: World) -> list[str]:
    """The pages, by role, that show something sealed; the words of a search box come from the asker."""
    leaks = []
    for role in STRANGERS:
        client = browser(world.people[role] if role else None).client
        for path in addresses(app):
            body = client.get(path).get_data(as_text=True)
            if said(body.replace(f'value="{CANARY}"', "") if "q=" in path else body):
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
    files = [path for part in ("index", "mail") if (folder / part).exists() for path in (folder / part).rglob("*") if path.is_file()]
    return [path.name for path in files if CANARY.encode() in path.read_bytes()]


def found_by_search() -> list[str]:
    return [kind for kind in search.kinds() if search.find(kind, CANARY).total]


def test_nothing_sealed_shows_on_any_page_for_any_role(app: Flask, browser: Callable[..., Browser], planted: World) -> None:
    assert len(addresses(app)) > 60
    assert leaking_pages(app, browser, planted) == []


def test_nothing_sealed_stands_in_audit_notices_jobs_mail_or_index(planted: World, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert leaking_tables() == []
    assert leaking_files(tmp_path) == []
    assert found_by_search() == []
    assert not said(caplog.text)


def test_nothing_sealed_is_logged_when_a_save_breaks(
    app: Flask, browser: Callable[..., Browser], planted: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constraint that refuses the write, and a fault in the middle of it."""
    app.config["SHOW_ERROR_PAGES"] = True
    page = browser(planted.rival_staff).get(f"/needs/{planted.need.id}/respond").submit("Start the response of Quay Ltd")
    page = page.follow("1. Move 2 million records without loss")
    monkeypatch.setattr("app.responses.commands.flag_modified", _break_the_row)
    client = page.browser.client
    form = {"csrf_token": page.browser.token(), "version": "0", "text": CANARY, "press": "save"}
    assert client.post(page.path, data=form).status_code in (409, 500)
    app.config["SHOW_ERROR_PAGES"] = False
    assert caplog.records
    assert not said(caplog.text)


def _break_the_row(row: object, name: str) -> None:
    row.requirement_id = None  # type: ignore[attr-defined]
    row.requirement = None  # type: ignore[attr-defined]
    session().flush()


def pages_as_they_are(app: Flask, browser: Callable[..., Browser], world: World, paths: list[str]) -> dict[str, str]:
    """Every page for every stranger, without what changes by itself."""
    found = {}
    for role in STRANGERS:
        client = browser(world.people[role] if role else None).client
        for path in paths:
            answer = client.get(path)
            found[f"{role} {path}"] = f"{answer.status_code} {TOKENS.sub('', answer.get_data(as_text=True))}"
    return found


def test_others_pages_are_the_same_with_none_with_one_and_with_four(app: Flask, browser: Callable[..., Browser], world: World) -> None:
    from app.responses.commands import submit_response

    with transaction():
        need = session().merge(world.need)
        drafts = [make_response.draft(need) for _ in range(4)]
        staff = {draft.id: make_response.staff(draft.provider) for draft in drafts}
    _work_through()
    paths = [path for path in addresses(app) if "healthz" not in path and "readyz" not in path]
    seen = []
    for draft_ids in ([], [drafts[0].id], [draft.id for draft in drafts[1:]]):
        with transaction():
            for draft_id in draft_ids:
                submit_response(session().get_one(Response, draft_id), by=staff[draft_id])
        _work_through()
        with clock.at(clock.now() + timedelta(minutes=1) if not seen else moment):
            moment = clock.now()
            seen.append(pages_as_they_are(app, browser, world, paths))
    none, one, four = seen
    assert [key for key in none if none[key] != one[key]] == []
    assert [key for key in one if one[key] != four[key]] == []


# Plant a leak, and see the sweep fail


def test_a_page_that_leaks_is_seen(
    app: Flask, browser: Callable[..., Browser], planted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(need: object) -> str:
        return str(session().scalars(select(Response.summary)).first())

    monkeypatch.setattr("app.reviews.views.reading.response_band", leaking)
    assert f"officer /needs/{planted.need.id}/review" in leaking_pages(app, browser, planted)


@pytest.fixture
def leaks(planted: World) -> Iterator[World]:
    with transaction():
        response = session().scalars(select(Response)).first()
        assert response is not None
        notices.post("response.submitted", subject=response, facts={"summary": response.summary})
    logging.getLogger("app.responses").warning("saved %s", CANARY)
    yield planted


def test_a_notice_and_a_log_line_that_leak_are_seen(leaks: World, caplog: pytest.LogCaptureFixture) -> None:
    assert leaking_tables() == ["notices"]
    assert said(caplog.text)


def test_an_index_that_leaks_is_seen(planted: World) -> None:
    with transaction():
        session().merge(planted.early).summary = f"We saw {CANARY}"
    search.catch_up()
    assert found_by_search() == ["need"]


def test_a_count_that_leaks_is_seen(app: Flask, browser: Callable[..., Browser], world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.responses.queries import count_received

    monkeypatch.setattr("app.reviews.views.reading.response_band", lambda need: str(count_received(need)))
    path = f"/needs/{world.need.id}/review"
    before = pages_as_they_are(app, browser, world, [path])
    with transaction():
        make_response.submitted(session().merge(world.need))
    after = pages_as_they_are(app, browser, world, [path])
    assert [key for key in before if before[key] != after[key]] != []
