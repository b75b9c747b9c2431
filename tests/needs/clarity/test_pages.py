"""The score and its findings on the pages of a need, and the look at what is typed."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.accounts.models import Person
from app.kernel import db
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.needs import market, queries
from app.needs.market import Barrier, Market
from app.needs.models import ANSWERS, DRAFTS, LIVE, PUBLISHES, READS, Need, NeedOwner
from app.needs.policy import may_check_need
from app.needs.sections import SECTIONS, stored
from tests import make
from tests.browser import Browser, Page, filled
from tests.needs import make as make_need
from tests.needs.clarity.test_looks import WELSH
from tests.needs.test_pages import as_shown
from tests.needs.test_policy import EVERY_CASE, person_and_need

Browse = Callable[..., Browser]
BUTTON = "Check what I wrote"
PRODUCT = "“SharePoint” names a product or a vendor."


def draft(**fields: Any) -> tuple[Need, Person]:
    with transaction():
        made = make_need.complete_draft(**fields)
        return made, made.owners[0].person


def live(**fields: Any) -> tuple[Need, Person]:
    with transaction():
        made = make_need.open_need(**fields)
        return made, made.owners[0].person


def contents_of(need: Need) -> dict[str, Any]:
    with reading():
        found = queries.get_need(need.id)
        entries = session().scalar(select(func.count()).select_from(AuditEntry))
        return {"version": found.version, "entries": entries, **{key: stored(found, key) for key in SECTIONS}}


# Who may look


@pytest.mark.parametrize(("role", "state"), EVERY_CASE)
def test_who_could_save_it_may_look_at_it_unsaved(role: str, state: str) -> None:
    person, need = person_and_need(role, state)
    may = {"drafts", "publishes"} if state == "draft" else {"publishes"}
    assert may_check_need(person, need) == (role in may)


STATUSES = {
    "draft": {"nobody": 404, "stranger": 404, DRAFTS: 200, PUBLISHES: 200, ANSWERS: 403, READS: 403},
    "live": {"nobody": 303, "stranger": 403, DRAFTS: 403, PUBLISHES: 200, ANSWERS: 403, READS: 403},
    "closed": {"nobody": 303, "stranger": 403, DRAFTS: 403, PUBLISHES: 409, ANSWERS: 403, READS: 403},
}


@pytest.mark.parametrize(("state", "role"), list(product(STATUSES, STATUSES["draft"])))
def test_the_address_is_guarded_as_the_saving_is(browser: Browse, state: str, role: str) -> None:
    with transaction():
        need = make_need.need_in(state)
        person = None if role == "nobody" else make.buyer(need.department if role != "stranger" else make.department())
        if person and role != "stranger":
            need.owners.append(NeedOwner(person=person, duty=role))
    visitor = browser(person)
    answer = visitor.client.post(f"/needs/{need.id}/clarity/problem", data={"csrf_token": visitor.token()})
    assert answer.status_code == STATUSES[state][role]


def test_a_look_without_a_token_or_at_no_section_is_refused(browser: Browse) -> None:
    need, author = draft()
    assert browser(author).send(f"/needs/{need.id}/clarity/problem", {"problem": "x"}, 400).status == 400
    assert browser(author).post(f"/needs/{need.id}/clarity/nothing", 404).status == 404
    assert browser(author).get(f"/needs/{need.id}/clarity/problem").status == 405


def test_how_firm_a_published_need_is_cannot_be_looked_at_as_an_amendment(browser: Browse) -> None:
    need, author = live()
    assert browser(author).post(f"/needs/{need.id}/clarity/rung", 409, rung="horizon").status == 409


# What is typed


def look(page: Page, **fields: Any) -> Page:
    """The script's question about a form as it stands, with other values."""
    form = page.form(BUTTON)
    place = next(each for each in page.root.iter("section") if each.get("data-clarity"))
    data = {**filled(form), **as_shown(page), "fragment": "1", **fields}
    response = page.browser.client.post(place.get("data-clarity", ""), data=data)
    return Page(page.browser, page.path, response)


def test_the_answer_to_the_script_is_a_part_of_the_page(browser: Browse) -> None:
    need, author = draft()
    page = browser(author).get(f"/needs/{need.id}/edit/problem")
    answer = look(page, problem="We need SharePoint.")
    assert answer.status == 200
    assert answer.body.lstrip().startswith('<p class="govuk-body" data-clarity-summary>Clarity: ')
    assert PRODUCT in answer.body
    assert "<h1" not in answer.body
    assert PRODUCT not in browser(author).get(f"/needs/{need.id}/edit/problem").text


@pytest.mark.parametrize("section", SECTIONS)
def test_a_look_at_each_section_of_a_draft_saves_nothing_and_loses_nothing(browser: Browse, section: str) -> None:
    need, author = draft()
    before = contents_of(need)
    page = browser(author).get(f"/needs/{need.id}/edit/{section}")
    checked = page.submit(BUTTON, as_shown(page))
    assert (checked.status, checked.errors) == (200, [])
    assert (filled(checked.form(BUTTON)) | {"csrf_token": ""}) == (filled(page.form(BUTTON)) | {"csrf_token": ""})
    assert contents_of(need) == before
    saved = checked.submit("Save and go to the list", as_shown(checked))
    assert saved.h1 == need.title


@pytest.mark.parametrize("section", [key for key in SECTIONS if key != "rung"])
def test_a_look_at_each_amendment_saves_nothing(browser: Browse, section: str) -> None:
    need, author = live()
    before = contents_of(need)
    page = browser(author).get(f"/needs/{need.id}/amend/{section}")
    checked = page.submit(BUTTON, as_shown(page), reason="Because.")
    assert (checked.status, checked.errors) == (200, [])
    assert filled(checked.form(BUTTON))["reason"] == "Because."
    assert contents_of(need) == before


def test_what_was_checked_is_then_saved_as_it_was_typed(browser: Browse) -> None:
    need, author = draft()
    page = browser(author).get(f"/needs/{need.id}/edit/problem").submit(BUTTON, problem="All is in SharePoint.")
    assert PRODUCT in page.text
    page = page.submit(BUTTON, problem="All is in a drawer.")
    assert PRODUCT not in page.text
    page.submit("Save and go to the list")
    assert contents_of(need)["problem"]["problem"] == "All is in a drawer."


def test_unfinished_rows_are_looked_at_as_they_are(browser: Browse) -> None:
    need, author = draft(measures=[], requirements=[])
    page = browser(author).get(f"/needs/{need.id}/edit/outcomes")
    answer = look(
        page, **{"measures-0-outcome": "Fewer losses", "measures-0-due_on-day": "31", "measures-7-baseline": "3"}
    )
    assert "“Fewer losses” has no baseline." in answer.body
    assert "“Outcome 2” does not say how it is measured." in answer.body
    page = browser(author).get(f"/needs/{need.id}/edit/requirements")
    answer = look(
        page, **{"requirements-0-text": "Use Oracle", "requirements-0-weight": "ten", "requirements-0-kind": "no"}
    )
    assert "“Oracle” names a product or a vendor." in answer.body


def test_rows_are_added_after_a_check_too(browser: Browse) -> None:
    need, author = draft()
    page = browser(author).get(f"/needs/{need.id}/edit/outcomes")
    count = len([each for each in page.root.iter("fieldset") if "clarion-row" in each.get("class", "")])
    page = page.submit(BUTTON).submit("Add another outcome")
    assert (page.status, len([e for e in page.root.iter("fieldset") if "clarion-row" in e.get("class", "")])) == (
        200,
        count + 1,
    )


def test_hostile_forms_are_looked_at_and_break_nothing(browser: Browse) -> None:
    need, author = draft()
    visitor = browser(author)
    many = {f"requirements-{number}-text": "Oracle " * 300 for number in range(200)}
    texts: list[dict[str, Any]] = [
        {},
        {"problem": "\0<b>{0} %s</b>"},
        {"problem": "a" * 100_000},
        {"problem": ["x", "y"]},
    ]
    for fields in texts:
        assert visitor.post(f"/needs/{need.id}/clarity/problem", 200, **fields).status == 200
    assert visitor.post(f"/needs/{need.id}/clarity/requirements", 200, **many).status == 200
    assert (
        visitor.post(f"/needs/{need.id}/clarity/rung", 200, rung="\udc80nowhere".encode("utf-8", "replace")).status
        == 200
    )
    assert visitor.post(f"/needs/{need.id}/clarity/money", 200, low_pence="9" * 400, high_pence="NaN").status == 200


def test_a_look_waits_for_no_writer_and_holds_none_up(browser: Browse, store: db.Database) -> None:
    need, author = draft()
    page = browser(author).get(f"/needs/{need.id}/edit/problem")
    begun: list[bool] = []

    def note(connection: Any) -> None:
        begun.append(connection.get_execution_options()["clarion_writes"])

    event.listen(store.engine, "begin", note)
    try:
        assert look(page, problem="x").status == 200
        page.submit("Save and go to the list")
    finally:
        event.remove(store.engine, "begin", note)
    assert begun[:2] == [False, True]


# Where the score stands


def test_the_list_of_a_draft_shows_score_parts_and_findings(browser: Browse) -> None:
    need, author = draft(title="Replace SharePoint")
    page = browser(author).get(f"/needs/{need.id}/edit")
    assert f"Title: {PRODUCT}" in page.text
    assert page.links()["Title"] == f"/needs/{need.id}/edit/basics"
    assert ["Money", "10 of 10"] in page.rows()
    assert [
        "Criteria that providers can meet",
        "Not counted: nobody can tell how many providers could meet it",
    ] in page.rows()
    assert "nobody can tell how many could meet what is asked" in page.text


def test_a_low_score_is_told_before_publishing_and_never_stops_it(browser: Browse) -> None:
    with transaction():
        need = make_need.draft_need(title="SharePoint", summary="x", problem="x", **make_need.signal())
        author = need.owners[0].person
    page = browser(author).get(f"/needs/{need.id}/publish")
    assert "Clarity: 0 of 100" in page.text
    assert PRODUCT in page.text
    page = page.submit("Publish now")
    with reading():
        assert queries.get_need(need.id).state == LIVE
    assert "Clarity of this need: 0 of 100" in page.text


def test_everybody_reads_the_score_of_a_published_need_with_its_parts_and_no_findings(browser: Browse) -> None:
    need, _author = live(title="Replace SharePoint")
    page = browser().get(f"/needs/{need.id}")
    assert "Clarity of this need: " in page.text
    assert ["Money", "10 of 10"] in page.rows()
    assert PRODUCT not in page.text


def test_what_an_early_need_is_not_asked_is_said_to_be_so(browser: Browse) -> None:
    with transaction():
        need = make_need.live_need(rung="horizon", low_pence=None, high_pence=None)
    page = browser().get(f"/needs/{need.id}")
    assert ["Money", "Not asked yet: committed needs ask for it"] in page.rows()
    assert "What this rung does not ask for yet is not held against the need." in page.text


def test_a_need_in_welsh_has_no_score_and_is_told_why(browser: Browse) -> None:
    with transaction():
        need = make_need.draft_need(rung="horizon", title="Cofnodion", summary=WELSH, problem=WELSH)
        author = need.owners[0].person
    page = browser(author).get(f"/needs/{need.id}/edit")
    assert "Clarity: No score" in page.text
    assert ["Plain words", "Not counted: we can read English alone"] in page.rows()


def test_the_market_is_asked_about_the_need_as_it_is_typed(browser: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = Barrier("constraints", "Security clearance", "Developed vetting (DV)", 17)

    def count(need: Any) -> Market:
        return Market(40, 2 if need.clearance == "dv" else 20, (barrier,))

    monkeypatch.setattr(market, "_count", count)
    need, author = draft()
    page = browser(author).get(f"/needs/{need.id}/edit/constraints")
    said = "Of 40 providers, 2 providers could meet what you ask. Security clearance (Developed vetting (DV)) removes"
    assert said not in page.text
    assert said in page.submit(BUTTON, as_shown(page), clearance="dv").text
