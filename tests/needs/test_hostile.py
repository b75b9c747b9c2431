"""Pages of needs against people who hurry, hide, or mean harm."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.models import DEPARTMENT_ROLES, Person
from app.kernel import clock, db
from app.kernel.db import reading, transaction
from app.needs import commands, queries
from app.needs.models import Need
from app.needs.sections import SECTIONS, fingerprint
from tests import make
from tests.browser import Browser, bare
from tests.needs import make as make_need

Browse = Callable[..., Browser]
NASTY = [
    "<script>alert(1)</script>",
    "x" * 20_000,
    "\x00",
    "’; DROP TABLE needs;--",
    "\ud83d",
    "%s%n${7*7}",
    "-1",
    "1e400",
]


def draft_and_author(**fields: Any) -> tuple[Need, Person]:
    with transaction():
        need = make_need.complete_draft(**fields)
        return need, need.owners[0].person


def stored(need: Need) -> Need:
    with reading():
        return queries.get_need(need.id)


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_meets_bad_input_with_a_sentence_or_keeps_it_as_text(
    browser: Browse, section: str, nasty: str
) -> None:
    need, author = draft_and_author()
    someone = browser(author)
    names = [field.name for field in SECTIONS[section].fields]
    data: dict[str, Any] = dict.fromkeys(names, nasty)
    data |= {f"requirements-0-{name}": nasty for name in ("id", "text", "kind", "weight", "capabilities")}
    data |= {f"measures-0-{name}": nasty for name in ("id", "outcome", "measure", "baseline", "due_on-day")}
    data |= {f"wanted_by-{part}": nasty for part in ("day", "month", "year")}
    data |= {f"deadline_at-{part}": nasty for part in ("day", "month", "year", "time")}
    data = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    page = someone.post(f"/needs/{need.id}/edit/{section}", version=fingerprint_of(need, section), **data)
    assert page.status in (200, 422)
    assert "alert(1)</script>" not in page.body
    assert page.status == 200 or page.errors


def fingerprint_of(need: Need, section: str) -> str:
    with reading():
        return fingerprint(queries.get_need(need.id), section)


HOSTILE_ADDRESSES = [
    "q=" + "a" * 5_000,
    "q=%00%ff%22((%2B-*~^:",
    "rung=moon&rung=open",
    "page=99999999999999999999",
    "page=-1",
    "page=x",
    "sort=;drop",
    "department=' OR 1=1",
    "capability=" + "&capability=".join(str(n) for n in range(300)),
    "area=%3Cscript%3E",
    "place[]=london&route=",
    "q=need&page=40",
]


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES, ids=range(len(HOSTILE_ADDRESSES)))
def test_the_search_reads_any_address(browser: Browse, address: str) -> None:
    with transaction():
        make_need.open_need(title="Need of records")
    page = browser().get(f"/needs?{address}", status=200)
    assert page.h1 == "Needs"


def test_a_filter_that_does_not_exist_is_told_and_left_out(browser: Browse) -> None:
    with transaction():
        make_need.open_need(title="Faster records")
    page = browser().get("/needs?rung=moon")
    assert "does not exist" in page.text
    assert "Faster records" in page.text


UNKNOWN = ["nothere12345", "x" * 300, "..%2f..", "%00", "1%20or%201"]


@pytest.mark.parametrize("need_id", UNKNOWN)
@pytest.mark.parametrize("rest", ["", "/edit", "/edit/problem", "/publish", "/rung", "/withdraw", "/amend", "/owners"])
def test_an_unknown_need_is_not_found(browser: Browse, need_id: str, rest: str) -> None:
    with transaction():
        buyer = make.buyer(make.department())
    browser(buyer).get(f"/needs/{need_id}{rest}", status=404)


def test_a_draft_is_the_same_as_nothing_to_all_but_its_own(browser: Browse) -> None:
    need, author = draft_and_author()
    with transaction():
        ministry = make.department()
        outsiders = [None, make.buyer(ministry), make.officer(ministry), make.staff(make.supplier()), make.operator()]
        colleague = make.buyer(stored_department(need))
        officer = make.officer(stored_department(need))
    for person in [*outsiders, colleague]:
        someone = browser(person)
        draft, nothing = someone.get(f"/needs/{need.id}"), someone.get("/needs/nothere12345")
        assert (draft.status, bare(draft.body)) == (404, bare(nothing.body))
    assert browser(officer).get(f"/needs/{need.id}", status=200).h1 == need.title
    assert browser(author).get(f"/needs/{need.id}", status=200).h1 == need.title


def test_what_is_typed_while_a_colleague_publishes_can_become_an_amendment(browser: Browse) -> None:
    need, author = draft_and_author()
    page = browser(author).get(f"/needs/{need.id}/edit/problem")
    with transaction():
        make_need.publish(queries.get_need(need.id), by=author)
    answer = page.submit("Save and go to the list", problem="Words that took an hour")
    assert answer.errors == ["Enter a reason"]
    assert "Words that took an hour" in answer.body


def stored_department(need: Need) -> Any:
    from app.accounts.models import Organisation
    from app.kernel.db import session

    return session().get(Organisation, need.department_id)


ACTS = ["/publish", "/rung", "/withdraw", "/amend", "/amend/problem", "/owners", "/edit", "/edit/problem"]


@pytest.mark.parametrize("act", ACTS)
def test_acts_on_a_live_need_are_forbidden_to_others(browser: Browse, act: str) -> None:
    with transaction():
        need = make_need.live_need()
        rival, supplier = make.buyer(make.department()), make.staff(make.supplier())
    for person in (rival, supplier):
        browser(person).get(f"/needs/{need.id}{act}", status=403)
    assert browser().get(f"/needs/{need.id}{act}", status=200).path.startswith("/sign-in")


def test_somebody_who_left_the_department_is_out_at_once(browser: Browse) -> None:
    need, author = draft_and_author()
    with transaction() as session:
        person = session.get(Person, author.id)
        assert person is not None
        for membership in person.memberships:
            membership.left_at = clock.now()
    browser(author).get(f"/needs/{need.id}", status=404)
    browser(author).get("/needs/mine", status=403)


def test_two_people_on_one_section_never_overwrite_each_other_silently(browser: Browse) -> None:
    need, author = draft_and_author()
    other = next(owner.person for owner in need.owners if owner.person_id != author.id)
    mine, theirs = (browser(who).get(f"/needs/{need.id}/edit/problem") for who in (author, other))
    theirs.submit("Save and go to the list", problem="Theirs.")
    page = mine.submit("Save and go to the list", problem="Mine.")
    assert page.status == 422
    assert "Somebody else changed this section" in page.errors[0]
    assert "Mine." in page.body
    assert "Theirs." in page.text
    assert stored(need).problem == "Theirs."
    page.submit("Save and go to the list")
    assert stored(need).problem == "Mine."


def test_two_people_on_two_sections_do_not_disturb_each_other(browser: Browse) -> None:
    need, author = draft_and_author()
    other = next(owner.person for owner in need.owners if owner.person_id != author.id)
    mine, theirs = (
        browser(author).get(f"/needs/{need.id}/edit/problem"),
        browser(other).get(f"/needs/{need.id}/edit/money"),
    )
    theirs.submit("Save and go to the list", high_pence="300000")
    mine.submit("Save and go to the list", problem="Mine.")
    assert (stored(need).problem, stored(need).high_pence) == ("Mine.", 300_000_00)


def test_what_was_typed_stays_when_it_cannot_be_saved(browser: Browse) -> None:
    need, author = draft_and_author()
    page = browser(author).get(f"/needs/{need.id}/edit/money")
    page = page.submit("Save and go to the list", low_pence="plenty", high_pence="200k")
    assert page.status == 422
    assert page.errors == ["The lowest amount must be an amount in pounds, like 1,250 or 1250.50"]
    assert ('value="plenty"' in page.body, 'value="200k"' in page.body) == (True, True)
    assert stored(need).low_pence == 100_000_00


def test_publishing_an_incomplete_draft_links_to_what_is_missing(browser: Browse) -> None:
    need, author = draft_and_author(problem="", payment="")
    page = browser(author).get(f"/needs/{need.id}/publish")
    assert page.links()["Explain the problem"] == f"/needs/{need.id}/edit/problem"
    assert page.links()["Say how the work is paid"] == f"/needs/{need.id}/edit/money"
    assert page.links()["Say what you found of reuse, neighbours and in-house teams"] == f"/needs/{need.id}/first"
    assert browser(author).post(f"/needs/{need.id}/publish").status == 422
    assert stored(need).state == "draft"


def test_an_amendment_that_breaks_the_rules_is_told_and_nothing_is_kept(browser: Browse) -> None:
    with transaction():
        need = make_need.open_need()
        author = need.owners[0].person
    page = browser(author).get(f"/needs/{need.id}/amend/timing")
    page = page.submit("Publish the amendment", {"deadline_at-year": "2020"}, reason="Sooner.")
    assert "The deadline of an open need can only move later." in page.errors
    assert stored(need).deadline_at == need.deadline_at
    assert "Sooner." in page.body


def test_acts_after_the_deadline_are_refused_even_before_the_clock_has_closed_the_need(browser: Browse) -> None:
    with transaction():
        need = make_need.open_need()
        author = need.owners[0].person
        need.deadline_at = clock.now() - timedelta(seconds=1)
    for act in ("amend", "amend/timing", "withdraw", "rung"):
        browser(author).get(f"/needs/{need.id}/{act}", status=409)
    page = browser().get(f"/needs/{need.id}", status=200)
    assert "This need is closed." in page.text


def test_a_strange_owner_or_department_cannot_be_posted(browser: Browse) -> None:
    need, author = draft_and_author()
    with transaction():
        stranger, elsewhere = make.buyer(make.department()), make.department()
    page = browser(author).post(f"/needs/{need.id}/owners", person=stranger.id, duty="publish")
    assert page.status == 422
    page = browser(author).post("/needs/new", department=elsewhere.id, title="For others", rung="horizon")
    assert page.status == 422
    browser(author).post(f"/needs/{need.id}/owners/nothere12345/remove", status=404)


def test_taking_the_last_publisher_away_is_refused_on_a_page(browser: Browse) -> None:
    with transaction():
        need = make_need.draft_need()
        owner = next(each for each in need.owners if each.duty == "publish")
    browser(owner.person).post(f"/needs/{need.id}/owners/{owner.id}/remove", status=409)


def test_lists_ask_the_database_as_often_for_three_needs_as_for_one(browser: Browse, store: db.Database) -> None:
    with transaction():
        ministry = make.department()
        buyer = make.buyer(ministry)
        assert buyer.organisations(*DEPARTMENT_ROLES)
        make_need.open_need(department=ministry, by=buyer)
    counts: list[list[int]] = []
    for more in (0, 2):
        with transaction():
            for _ in range(more):
                make_need.open_need(department=stored_department_of(ministry.id), by=person_of(buyer.id))
        someone = browser(buyer)
        someone.get("/needs")
        counts.append([count(store, someone, at) for at in ("/needs", "/needs/mine")])
    assert counts[0] == counts[1]


def stored_department_of(department_id: str) -> Any:
    from app.accounts.models import Organisation
    from app.kernel.db import session

    return session().get(Organisation, department_id)


def person_of(person_id: str) -> Person:
    from app.kernel.db import session

    return session().get_one(Person, person_id)


def count(store: db.Database, someone: Browser, path: str) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    assert someone.client.get(path).status_code == 200
    event.remove(store.engine, "before_cursor_execute", note)
    return len(statements)


def test_what_awaits_an_owner_names_drafts_and_near_deadlines(store: db.Database) -> None:
    with transaction():
        ministry = make.department()
        buyer = make.buyer(ministry)
        make_need.draft_need(ministry, by=buyer, title="Half a thought")
        make_need.open_need(clock.now() + timedelta(days=3), department=ministry, by=buyer, title="Soon over")
        make_need.open_need(clock.now() + timedelta(days=30), department=ministry, by=buyer, title="Long to go")
        stranger = make.buyer(make.department())
    with reading():
        texts = [each.text for each in queries.awaiting(buyer, clock.now())]
        assert texts == ["The deadline comes near: Soon over", "Finish your draft: Half a thought"]
        assert queries.awaiting(stranger, clock.now()) == []


def test_the_clocks_job_closes_what_is_due(store: db.Database) -> None:
    from app.needs.jobs import close

    with transaction():
        need = make_need.open_need()
        need.deadline_at = clock.now() - timedelta(seconds=1)
    close({})
    close({})
    assert stored(need).state == "closed"
    with transaction():
        assert commands.close_need(queries.get_need(need.id)) is False


def test_an_officer_who_owns_nothing_leaves_the_owners_page_for_one_that_opens(browser: Browse) -> None:
    need, _author = draft_and_author()
    with transaction():
        officer = make.officer(stored_department(need))
    page = browser(officer).get(f"/needs/{need.id}/owners", status=200)
    assert page.follow("Cancel").status == 200
