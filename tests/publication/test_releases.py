"""Open data: what is published follows the official schema, and nothing else is published."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from app.kernel.db import session, transaction
from app.needs.models import Need
from app.needs.queries import get_need
from app.outcomes.queries import get_partnership
from app.responses.models import Response
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]
SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "ocds" / "standard-1__1__5-schema.zip"
FEED = "/open-data/releases.json"


def official(name: str) -> Any:
    with zipfile.ZipFile(SCHEMA) as archive:
        return json.loads(archive.read(f"standard-1__1__5/schema/{name}"))


def codes(name: str) -> set[str]:
    with zipfile.ZipFile(SCHEMA) as archive:
        lines = archive.read(f"standard-1__1__5/schema/codelists/{name}.csv").decode().splitlines()
    return {line.split(",")[0] for line in lines[1:]}


@pytest.fixture(scope="module")
def faults_of() -> Callable[[Any], list[str]]:
    """What the official schema says against a release package; no address is fetched."""
    if not SCHEMA.exists():
        pytest.skip("the official schema is not here: standard-1__1__5-schema.zip")
    whole = official("release-package-schema.json")
    whole["properties"]["releases"]["items"] = official("dereferenced-release-schema.json")
    validator = Draft4Validator(whole, format_checker=FormatChecker())
    return lambda package: [f"{list(fault.path)}: {fault.message}" for fault in validator.iter_errors(package)]


def get(browser: Browser, path: str) -> Any:
    page = browser.get(path, 200)
    assert page.response.content_type == "application/json"
    return json.loads(page.body)


def release_of(browser: Browser, need: Need) -> Any:
    (release,) = get(browser, f"/open-data/needs/{need.id}")["releases"]
    return release


def test_every_kind_of_need_follows_the_official_schema(browser: Browse, faults_of: Callable[[Any], list[str]]) -> None:
    with transaction():
        for rung in ("horizon", "exploring", "shaping", "committed", "open"):
            make_need.live_need(rung=rung)
        for state in ("closed", "concluded", "withdrawn"):
            make_need.need_in(state)
        for maker in (make_outcome.agreed, make_outcome.running, make_outcome.settled, make_outcome.ended_early):
            maker()
        make_outcome.ended_early(began=False)
    package = get(browser(), FEED)
    assert len(package["releases"]) == 13
    assert faults_of(package) == []
    contracts = [each for release in package["releases"] for each in release.get("contracts", [])]
    assert {each["status"] for each in contracts} == {"pending", "active", "terminated", "cancelled"}
    assert {each["status"] for each in contracts} <= codes("contractStatus")
    assert {release["tender"]["status"] for release in package["releases"]} <= codes("tenderStatus")
    assert {tag for release in package["releases"] for tag in release["tag"]} <= codes("releaseTag")


def test_the_schema_refuses_a_planted_fault(browser: Browse, faults_of: Callable[[Any], list[str]]) -> None:
    with transaction():
        make_need.live_need()
    package = get(browser(), FEED)
    package["releases"][0]["tender"]["value"]["amount"] = "much"
    assert len(faults_of(package)) == 1


def test_no_draft_is_in_any_feed(browser: Browse) -> None:
    with transaction():
        draft = make_need.complete_draft(title="Walrus plan")
        owner = draft.owners[0].person
    assert get(browser(), FEED)["releases"] == []
    assert get(browser(owner), FEED)["releases"] == []
    assert browser().get(f"/open-data/needs/{draft.id}").status == 404
    assert browser(owner).get(f"/open-data/needs/{draft.id}").status == 403


def test_nothing_of_a_response_is_in_any_feed_before_everybody_was_told(browser: Browse) -> None:
    with transaction():
        need = make_need.open_need()
        provider = make_response.provider("Walrus Digital")
        winner = make_response.submitted(need, of=provider, words="Walrus words.")
        make_response.draft(need, of=make_response.provider("Walrus Drafts"))
    before = release_of(browser(), need)
    assert "Walrus" not in json.dumps(before)
    with transaction():
        make_review.decided(get_need(need.id), winners={session().get_one(Response, winner.id): 77_777_77})
    text = json.dumps([release_of(browser(), need), get(browser(), FEED)])
    assert ("Walrus" in text, "7777777" in text, "awards" in text) == (False, False, False)


def test_an_award_is_published_with_its_supplier_and_value(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.settled(of=make_response.provider("Walrus Digital"))
        need = partnership.need
    release = release_of(browser(), need)
    (award,) = release["awards"]
    assert (award["suppliers"][0]["name"], award["value"]) == ("Walrus Digital", {"amount": 150_000, "currency": "GBP"})
    assert release["contracts"][0]["awardID"] == award["id"]
    assert [party["roles"] for party in release["parties"]] == [["buyer"], ["supplier"]]
    assert "We sat together." not in json.dumps(release)


def test_the_id_of_a_release_changes_with_what_it_says(browser: Browse) -> None:
    with transaction():
        partnership = make_outcome.agreed()
        need = partnership.need
    before = release_of(browser(), need)["id"]
    with transaction():
        make_outcome.start(get_partnership(partnership.id))
    assert release_of(browser(), need)["id"] != before


def test_the_feed_leads_through_its_pages(browser: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.publication.views.MOST", 2)
    with transaction():
        needs = {make_need.live_need().id for _ in range(3)}
    first = get(browser(), FEED)
    second = get(browser(), first["links"]["next"].removeprefix("http://localhost"))
    assert "links" not in second
    assert {release["tender"]["id"] for release in first["releases"] + second["releases"]} == needs


@pytest.mark.parametrize("page", ["0", "-1", "1" + "0" * 20, "x", "%00", "2'"])
def test_the_feed_bears_any_page_number(browser: Browse, page: str) -> None:
    assert get(browser(), f"{FEED}?page={page}")["version"] == "1.1"


@pytest.mark.parametrize("need_id", ["0123456789ab", "x" * 200, "%00", "..%2f.."])
def test_an_unknown_need_is_not_found(browser: Browse, need_id: str) -> None:
    assert browser().get(f"/open-data/needs/{need_id}").status == 404


def test_the_feed_takes_as_many_statements_for_three_needs_as_for_one(browser: Browse) -> None:
    with transaction():
        make_outcome.settled()
    reader = browser()
    once = statements(reader, FEED)
    with transaction():
        make_outcome.agreed()
        make_need.live_need()
    assert statements(reader, FEED) == once


def test_the_page_says_where_and_under_which_licence(browser: Browse) -> None:
    page = browser().get("/open-data")
    assert page.h1 == "Open data"
    assert "Open Government Licence" in page.text
    assert page.links()["All needs, the latest change first"] == FEED


def test_a_limit_is_published_with_its_reason_and_without_the_names(
    browser: Browse, faults_of: Callable[[Any], list[str]]
) -> None:
    with transaction():
        firm = make.supplier("Harbour Ltd")
        why = {"audience_reason": "security", "audience_note": "The tide tables are secret."}
        invited = make_need.live_need(audience="invited", invited_organisations=[firm], **why)
        named = {"audience": "capabilities", "audience_capabilities": [make_need.capability()]}
        able, free = make_need.live_need(**named), make_need.live_need()
    told = [release_of(browser(), each)["tender"] for each in (invited, able, free)]
    assert [each.get("procurementMethod") for each in told] == ["limited", "selective", None]
    assert told[0]["procurementMethodRationale"] == "Security or secrecy. The tide tables are secret."
    package = get(browser(), FEED)
    assert faults_of(package) == []
    assert "Harbour Ltd" not in json.dumps(package)
    assert {"limited", "selective"} <= codes("method")
