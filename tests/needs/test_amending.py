"""Amendments: which version a need is, and what happens to the deadline when a material one comes late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import clock, db, jobs
from app.kernel.audit import AuditEntry
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.display import deadline as as_shown
from app.kernel.errors import Conflict, IllegalMove
from app.needs import commands, queries
from app.needs.extending import MATERIAL, NEAR, can_be_material, later_deadline, offer_for
from app.needs.models import Need
from app.needs.sections import AMENDABLE, SECTIONS
from tests import make
from tests.browser import Browser, Page
from tests.needs import make as make_need

Browse = Callable[..., Browser]
LONDON = ZoneInfo("Europe/London")


def stored(need: Need) -> Need:
    with reading():
        return queries.get_need(need.id)


# Tables


@pytest.mark.parametrize(
    ("section", "material"),
    [
        ("basics", ["capabilities"]),
        ("problem", ["problem", "users"]),
        ("background", []),
        ("outcomes", ["measures"]),
        ("requirements", ["price_weight", "requirements"]),
        ("constraints", ["clearance", "places", "remote", "standards"]),
        ("money", ["low_pence", "high_pence", "approved", "payment"]),
        ("timing", ["wanted_by", "length_weeks"]),
        ("audience", ["audience", "audience_capabilities", "invited_organisations"]),
        ("route", ["route"]),
    ],
)
def test_what_is_material_in_each_section(section: str, material: list[str]) -> None:
    fields = [each.name for each in SECTIONS[section].fields]
    assert [name for name in fields if name in MATERIAL] == material
    assert can_be_material(section) == bool(material)


def test_the_table_of_what_is_material_names_fields_that_exist() -> None:
    assert {each.name for key in AMENDABLE for each in SECTIONS[key].fields} >= MATERIAL


NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("left", "section", "takes", "offered"),
    [
        (timedelta(days=10), "requirements", True, "10 days left"),
        (timedelta(days=10, hours=23), "requirements", True, "10 days left"),
        (timedelta(days=11), "requirements", True, None),
        (timedelta(days=6), "requirements", True, "6 days left"),
        (timedelta(days=6), "timing", True, "6 days left"),
        (timedelta(days=6), "background", True, None),
        (timedelta(days=6), "requirements", False, None),
        (timedelta(days=1, hours=3), "money", True, "1 day left"),
        (timedelta(hours=5), "audience", True, "5 hours left"),
        (timedelta(seconds=1), "basics", True, "less than a minute left"),
    ],
)
def test_when_time_is_offered(left: timedelta, section: str, takes: bool, offered: str | None) -> None:
    need: Any = SimpleNamespace(takes_responses=takes, deadline_at=NOW + left, zone=LONDON)
    with clock.at(NOW):
        found = offer_for(need, section)
    assert (found.left if found else None) == offered
    assert found is None or found.suggested > need.deadline_at


@pytest.mark.parametrize(
    ("now", "deadline", "zone", "expected"),
    [
        ("2026-11-23T15:00Z", "2026-11-27T17:00Z", "Europe/London", "2026-12-07T17:00Z"),
        ("2026-11-27T15:00Z", "2026-11-30T12:00Z", "Europe/London", "2026-12-11T12:00Z"),
        ("2026-11-28T15:00Z", "2026-11-30T12:00Z", "Europe/London", "2026-12-11T12:00Z"),
        ("2026-11-29T15:00Z", "2026-11-30T12:00Z", "Europe/London", "2026-12-11T12:00Z"),
        # summer time ends in between: the same time of day, on the clocks there
        ("2026-10-19T08:00Z", "2026-10-23T16:00Z", "Europe/London", "2026-11-02T17:00Z"),
        # Monday there already
        ("2026-11-22T18:00Z", "2026-11-24T09:00Z", "Asia/Singapore", "2026-12-07T09:00Z"),
        # the seconds of an imported deadline are not suggested
        ("2026-11-23T15:00Z", "2026-11-27T17:00:30Z", "Europe/London", "2026-12-07T17:00Z"),
    ],
)
def test_the_suggested_deadline_is_the_tenth_working_day(now: str, deadline: str, zone: str, expected: str) -> None:
    found = later_deadline(datetime.fromisoformat(deadline), ZoneInfo(zone), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(expected)


# The command


def due_in(days: float, **fields: Any) -> Need:
    with transaction():
        return make_need.open_need(clock.now() + timedelta(days=days), **fields)


def amend(need: Need, *, deadline_at: datetime | None = None, **content: Any) -> Any:
    content = content or {"problem": "Worse."}
    with transaction():
        again = queries.get_need(need.id)
        by = session().get_one(Person, again.owners[0].person_id)
        return commands.amend_need(again, "problem", content, reason="Learnt.", by=by, deadline_at=deadline_at)


def test_a_later_deadline_is_written_in_the_one_amendment(store: db.Database) -> None:
    need = due_in(3)
    assert need.deadline_at is not None
    later = need.deadline_at + timedelta(days=9)
    amendment = amend(need, deadline_at=later)
    assert [change["what"] for change in amendment.changes] == ["Problem", "Deadline for responses"]
    assert amendment.changes[1]["is"] == as_shown(later)
    after = stored(need)
    assert (after.problem, after.deadline_at, len_amendments(need)) == ("Worse.", later, 1)
    with reading():
        facts = session().scalars(select(AuditEntry.facts).where(AuditEntry.verb == "amend")).one()
        due = session().scalars(select(jobs.Job.run_at).where(jobs.Job.kind == commands.CLOSE_DUE)).all()
    assert facts["before"]["deadline_at"] != facts["after"]["deadline_at"]
    assert set(due) == {need.deadline_at, later}


def len_amendments(need: Need) -> int:
    with reading():
        return queries.count_amendments(need)


@pytest.mark.parametrize("shift", [timedelta(), timedelta(seconds=-1), timedelta(days=-1)])
def test_a_deadline_that_is_not_later_stops_the_whole_amendment(store: db.Database, shift: timedelta) -> None:
    need = due_in(3)
    assert need.deadline_at is not None
    with pytest.raises(Conflict, match="later"):
        amend(need, deadline_at=need.deadline_at + shift)
    assert (stored(need).problem == "Worse.", len_amendments(need)) == (False, 0)


def test_a_need_below_open_has_no_deadline_to_move(store: db.Database) -> None:
    with transaction():
        need = make_need.live_need()
    with pytest.raises(Conflict, match="later"):
        amend(need, deadline_at=clock.now() + timedelta(days=90))


def test_the_result_must_still_be_wanted_after_the_later_deadline(store: db.Database) -> None:
    need = due_in(3)
    with pytest.raises(Conflict, match="after the deadline"):
        amend(need, deadline_at=clock.now() + timedelta(days=400))
    assert len_amendments(need) == 0


@pytest.mark.parametrize(("at", "is_late"), [(-1, False), (0, True), (1, True)])
def test_an_amendment_that_moves_the_deadline_is_late_at_the_deadline(
    store: db.Database, at: int, is_late: bool
) -> None:
    need = due_in(3)
    assert need.deadline_at is not None
    later = need.deadline_at + timedelta(days=9)
    with clock.at(need.deadline_at + timedelta(microseconds=at)):
        if is_late:
            with pytest.raises(IllegalMove, match="The deadline has passed"):
                amend(need, deadline_at=later)
        else:
            amend(need, deadline_at=later)
    assert stored(need).deadline_at == (need.deadline_at if is_late else later)


def test_an_earlier_job_does_not_close_a_need_whose_deadline_moved(store: db.Database) -> None:
    need = due_in(3)
    assert need.deadline_at is not None
    amend(need, deadline_at=need.deadline_at + timedelta(days=9))
    with clock.at(need.deadline_at), transaction():
        assert commands.close_due_needs() == 0
    assert stored(need).state == "live"


def test_a_need_is_either_closed_in_time_or_its_deadline_moved_whoever_comes_first(store: db.Database) -> None:
    with transaction():
        need = make_need.open_need(clock.now() + timedelta(days=3))
    with transaction():
        ends = clock.now() + timedelta(seconds=0.4)
        session().get_one(Need, need.id).deadline_at = ends
    later, start, has_moved = ends + timedelta(days=12), Barrier(2), Event()

    def move() -> bool:
        start.wait()
        while datetime.now(UTC) < ends - timedelta(milliseconds=2):
            pass
        try:
            in_transaction(lambda: _move(need.id, later))
        except IllegalMove:
            return False
        has_moved.set()
        return True

    def close() -> int:
        start.wait()
        while not has_moved.is_set():
            if closed := in_transaction(commands.close_due_needs):
                return closed
        return 0

    with ThreadPoolExecutor(2) as pool:
        moving, closing = pool.submit(move), pool.submit(close)
        moved, closed = moving.result(), closing.result()
    after = stored(need)
    assert (after.state, after.deadline_at == ends) == (("live", False) if moved else ("closed", True))
    assert closed == (not moved)


def _move(need_id: str, later: datetime) -> None:
    need = queries.get_need(need_id)
    by = session().get_one(Person, need.owners[0].person_id)
    content = {"problem": f"Worse until {later}."}
    commands.amend_need(need, "problem", content, reason="Learnt.", by=by, deadline_at=later)


# The form


def as_typed(moment: datetime) -> dict[str, str]:
    there = moment.astimezone(LONDON)
    parts = {"day": there.day, "month": there.month, "year": there.year, "time": f"{there:%H:%M}"}
    return {f"new_deadline_at-{part}": str(value) for part, value in parts.items()}


def problem_page(browser: Browse, need: Need) -> Page:
    return browser(need.owners[0].person).get(f"/needs/{need.id}/amend/problem", status=200)


def labels(page: Page) -> set[str]:
    return {each.get("name", "") for each in page.root.iter("input")}


def test_with_time_left_nothing_is_offered_or_asked(browser: Browse, app: object) -> None:
    need = due_in(12)
    page = problem_page(browser, need)
    assert "Move the deadline later" not in page.text
    page = page.submit("Publish the amendment", problem="Worse.", reason="Learnt.")
    assert "this is version 2 of the need" in page.text


def test_near_the_deadline_a_later_one_is_offered_with_a_suggestion(browser: Browse, app: object) -> None:
    need = due_in(6)
    assert need.deadline_at is not None
    page = problem_page(browser, need)
    with transaction():
        suggested = later_deadline(need.deadline_at, LONDON, clock.now())
    assert as_shown(suggested) in page.text
    assert "keeps_deadline" not in labels(page)
    page = page.submit("Publish the amendment", as_typed(suggested), problem="Worse.", reason="Learnt.")
    assert page.h1 == need.title
    after = stored(need)
    assert (after.problem, after.deadline_at) == ("Worse.", suggested)
    assert [row[0] for row in page.rows() if row[0] in ("Problem", "Deadline for responses")] == [
        "Problem",
        "Deadline for responses",
    ]


def test_left_out_the_deadline_is_asked_about_once(browser: Browse, app: object) -> None:
    need = due_in(6)
    page = problem_page(browser, need).submit("Publish the amendment", problem="Worse.", reason="Learnt.")
    assert page.errors == ["Choose whether to keep the deadline: suppliers have 5 days left"]
    assert "Suppliers have 5 days left. Keep the deadline?" in page.text
    assert (len_amendments(need), "keeps_deadline" in labels(page)) == (0, True)
    refused = page.submit("Publish the amendment", keeps_deadline="move")
    assert refused.errors == ["Enter the new deadline"]
    page = refused.submit("Publish the amendment", keeps_deadline="keep")
    assert page.h1 == need.title
    assert (stored(need).deadline_at, len_amendments(need)) == (need.deadline_at, 1)


def test_to_keep_and_to_move_at_once_is_refused(browser: Browse, app: object) -> None:
    need = due_in(6)
    assert need.deadline_at is not None
    later = as_typed(need.deadline_at + timedelta(days=9))
    page = problem_page(browser, need).submit("Publish the amendment", problem="Worse.", reason="Learnt.")
    page = page.submit("Publish the amendment", later, keeps_deadline="keep")
    assert page.errors == ["You chose to keep the deadline and entered a later one. Choose one of them"]
    assert len_amendments(need) == 0


def test_an_earlier_deadline_is_refused_in_the_form(browser: Browse, app: object) -> None:
    need = due_in(6)
    early = as_typed(clock.now() + timedelta(days=2))
    page = problem_page(browser, need).submit("Publish the amendment", early, problem="Worse.", reason="Learnt.")
    assert page.errors == [
        "Enter an end of questions that is before the deadline",
        "The deadline of an open need can only move later.",
    ]


def test_what_is_not_material_is_amended_without_a_question(browser: Browse, app: object) -> None:
    need = due_in(6)
    author = browser(need.owners[0].person)
    page = author.get(f"/needs/{need.id}/amend/basics")
    page = page.submit("Publish the amendment", title="The same, spelt well", reason="A slip.")
    assert page.h1 == "The same, spelt well"
    page = author.get(f"/needs/{need.id}/amend/background")
    assert "Move the deadline later" not in page.text


def test_time_has_its_own_deadline_and_is_asked_about_too(browser: Browse, app: object) -> None:
    need = due_in(6)
    assert need.deadline_at is not None
    path = f"/needs/{need.id}/amend/timing"
    author = browser(need.owners[0].person)
    zone = {"time_zone": "Europe/London"}
    page = author.get(path)
    assert "Move the deadline later" not in page.text
    page = page.submit("Publish the amendment", zone, length_weeks="30", reason="More.")
    assert page.errors == ["Choose whether to keep the deadline: suppliers have 5 days left"]
    later = {f"deadline_at-{k[16:]}": v for k, v in as_typed(need.deadline_at + timedelta(days=9)).items()}
    page = page.submit("Publish the amendment", {**zone, **later})
    assert page.h1 == need.title
    assert stored(need).length_weeks == 30
    assert (stored(need).deadline_at or clock.now()) > need.deadline_at


def test_the_deadline_alone_moves_without_a_question(browser: Browse, app: object) -> None:
    need = due_in(6)
    assert need.deadline_at is not None
    later = {f"deadline_at-{k[16:]}": v for k, v in as_typed(need.deadline_at + timedelta(days=2)).items()}
    page = browser(need.owners[0].person).get(f"/needs/{need.id}/amend/timing")
    page = page.submit("Publish the amendment", {"time_zone": "Europe/London", **later}, reason="A holiday.")
    assert (page.h1, len_amendments(need)) == (need.title, 1)


def test_who_can_take_part_is_amended_with_the_offer_as_well(browser: Browse, app: object) -> None:
    with transaction():
        firm = make.supplier("Quay Ltd")
    limited = {"audience": "invited", "audience_reason": "security", "audience_note": "Secret."}
    need = due_in(6, invited_organisations=[firm.id], **limited)
    page = browser(need.owners[0].person).get(f"/needs/{need.id}/amend/audience")
    page = page.submit("Publish the amendment", audience="all", reason="It is no secret any more.")
    assert page.errors == ["Choose whether to keep the deadline: suppliers have 5 days left"]
    page = page.submit("Publish the amendment", keeps_deadline="keep")
    assert (page.h1, stored(need).audience) == (need.title, "all")


# Versions


def test_a_need_says_which_version_it_is_with_an_anchor_for_each(browser: Browse, app: object) -> None:
    with transaction():
        need = make_need.live_need()
        draft = make_need.complete_draft()
    path, ids = f"/needs/{need.id}", ["version-1"]
    assert "Version 1, as published on" in browser().get(path).text
    for number in (1, 2):
        amend(need, problem=f"Worse by {number}.")
        ids.append(f"version-{number + 1}")
    page = browser().get(path)
    assert "Version 3, as amended on" in page.text
    assert {e.get("id") for e in page.root.iter() if (e.get("id") or "").startswith("version-")} == set(ids)
    assert page.links()["Version 3"] == "#version-3"
    assert "Version" not in browser(draft.owners[0].person).get(f"/needs/{draft.id}").text


def test_near_is_ten_days() -> None:
    assert timedelta(days=10) == NEAR
