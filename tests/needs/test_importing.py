"""Needs from elsewhere: rows read, departments matched, nothing doubled, bad rows told."""

import csv
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.capabilities.commands import load_vocabulary
from app.kernel import clock, db, search
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.importing import BadRow, Row
from app.needs import index
from app.needs.cli import import_needs
from app.needs.imports.departments import REGISTER, Departments, key_of
from app.needs.imports.rows import read_opportunity, weeks_in
from app.needs.models import Need
from app.needs.questions.models import Question
from app.needs.questions.timing import takes_questions
from tests import make
from tests.needs.questions import make as make_question

assert index.document  # the kind is registered, with or without the application
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "needs" / "uk-dos-opportunities.csv"
ROW = {
    "ID": "48",
    "Opportunity": "Python developer for a digital service",
    "Link": "https://example.com/opportunities/48",
    "Framework": "digital-outcomes-and-specialists",
    "Category": "digital-specialists",
    "Specialist": "businessAnalyst",
    "Organisation Name": "Ministry Of Data (MOD)",
    "Buyer Domain": "data.example.gov.uk",
    "Location Of The Work": "London",
    "Published At": "2016-04-29",
    "Open For": "2 weeks",
    "Expected Contract Length": "6 months",
    "Status": "awarded",
    "Winning supplier": "Acme Ltd",
    "Size of supplier": "micro",
    "Contract amount": "1234.5",
    "Contract start date": "2017-1-5",
}


def file_of(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "opportunities.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(ROW))
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return path


def needs() -> dict[str, Need]:
    with reading():
        return {str(need.source): need for need in session().scalars(select(Need))}


def test_an_opportunity_becomes_a_need_and_is_found(store: db.Database, tmp_path: Path) -> None:
    load_vocabulary()
    with transaction():
        ministry = make.department("Ministry of Data")
    assert import_needs(file_of(tmp_path, {}), reports=tmp_path).added == 1
    need = needs()["dos:48"]
    assert (need.state, need.rung, need.department_id, need.places) == ("concluded", "open", ministry.id, ["london"])
    assert (need.length_weeks, need.deadline_at) == (26, datetime(2016, 5, 13, 22, 59, tzinfo=UTC))
    assert need.summary == "Digital specialists: business analyst. Expected length: 6 months."
    search.catch_up()
    assert [hit.row_id for hit in search.find("need", "python").hits] == [need.id]


STATES = {"closed": "closed", "awarded": "concluded", "cancelled": "withdrawn", "unsuccessful": "closed"}


@pytest.mark.parametrize(("status", "state"), STATES.items())
def test_each_status_has_its_state(store: db.Database, tmp_path: Path, status: str, state: str) -> None:
    import_needs(file_of(tmp_path, {"Status": status}), reports=tmp_path)
    need = needs()["dos:48"]
    assert (need.state, bool(need.withdrawal_reason)) == (state, status == "cancelled")


def test_a_second_import_doubles_nothing_and_brings_what_is_new(store: db.Database, tmp_path: Path) -> None:
    first = file_of(tmp_path, {"Status": "closed"}, {"ID": "49"})
    assert str(import_needs(first, reports=tmp_path)) == "2 added, 0 changed, 0 unchanged, 0 bad"
    assert str(import_needs(first, reports=tmp_path)) == "0 added, 0 changed, 2 unchanged, 0 bad"
    second = file_of(tmp_path, {"Status": "awarded"}, {"ID": "49", "Opportunity": "Another title"}, {"ID": "50"})
    assert str(import_needs(second, reports=tmp_path)) == "1 added, 2 changed, 0 unchanged, 0 bad"
    found = needs()
    assert (found["dos:48"].state, found["dos:49"].title) == ("concluded", "Another title")
    with reading():
        assert session().scalar(select(func.count()).select_from(Organisation)) == 1


BAD: list[tuple[dict[str, str], str]] = [
    ({"Opportunity": ""}, "Opportunity is missing."),
    (
        {"Published At": "2016-13-45"},
        "Published At must be a date from 1990 to 2100 such as 2026-11-23, not '2016-13-45'.",
    ),
    ({"Open For": "ages"}, "Open For must be a length such as 2 weeks, not 'ages'."),
    ({"Status": "lost"}, "Status must be closed, awarded, cancelled or unsuccessful, not 'lost'."),
    ({"ID": "4 8"}, "ID must be letters and digits, not '4 8'."),
    ({"Organisation Name": "x" * 300}, "Organisation Name has 300 characters; the most is 200."),
]


def test_bad_rows_are_told_by_line_and_the_good_ones_come_in(store: db.Database, tmp_path: Path) -> None:
    path = file_of(tmp_path, *(row for row, _ in BAD), {"ID": "77"})
    told = import_needs(path, reports=tmp_path / "reports")
    assert (told.added, told.bad) == (1, len(BAD))
    assert told.report_path is not None
    with told.report_path.open(newline="", encoding="utf-8") as handle:
        lines = [(line["line"], line["reason"]) for line in csv.DictReader(handle)]
    assert lines == [(str(number), reason) for number, (_, reason) in enumerate(BAD, start=2)]


def test_the_audit_names_the_needs_that_a_file_brought(store: db.Database, tmp_path: Path) -> None:
    import_needs(file_of(tmp_path, {}, {"ID": "x x"}, {"ID": "49"}), reports=tmp_path)
    ids = sorted(need.id for need in needs().values())
    with reading():
        facts = session().scalars(select(AuditEntry.facts).where(AuditEntry.verb == "import")).all()
        assert [sorted(each["added"]) for each in facts] == [ids]


LENGTHS: list[tuple[str, int | None]] = [
    ("2 years", 104),
    ("Up to 2 Years.", 104),
    ("six months", 26),
    ("8 weeks", 8),
    ("2 Days", 1),
    ("6-8 weeks", None),
    ("Until 31/03/2017", None),
    ("", None),
    ("0 weeks", None),
]


@pytest.mark.parametrize(("text", "weeks"), LENGTHS)
def test_only_a_plain_length_is_read(text: str, weeks: int | None) -> None:
    assert weeks_in(text) == weeks


@given(st.dictionaries(st.sampled_from(list(ROW)), st.text(max_size=60)))
def test_any_row_is_read_or_refused_with_a_sentence(changed: dict[str, Any]) -> None:
    assert reason_against(read_opportunity, Row(2, ROW | changed)).endswith(".")


def reason_against(read: Callable[[Row], object], row: Row) -> str:
    try:
        read(row)
    except BadRow as refusal:
        return refusal.reason
    return "None."


SAME = [
    ("Ministry Of Defence (MOD)", "Ministry of Defence"),
    ("Her Majesty’s Passport Office", "HM Passport Office"),
    ("The Home Office", "Home Office"),
    ("HM Courts and Tribunal Service (HMCTS)", "HM Courts & Tribunals Service"),
    ("Department of Work and Pensions", "Department for Work & Pensions"),
]


@pytest.mark.parametrize(("written", "name"), SAME)
def test_two_ways_to_write_one_department(written: str, name: str) -> None:
    assert key_of(written) == key_of(name)


def test_a_nation_in_brackets_tells_two_departments_apart() -> None:
    assert key_of("Department of Health (Northern Ireland)") != key_of("Department of Health")


FOUND: list[tuple[str, str, str]] = [
    ("Ministry of Data, Statistics Directorate", "", "Ministry of Data"),
    ("Ministry of Data - Maps", "", "Ministry of Data"),
    ("The Maps team in MDA", "", "Ministry of Data"),
    ("mda", "", "Ministry of Data"),
    ("A name that nobody knows", "data.example.gov.uk", "Ministry of Data"),
    ("Ministry of Databases", "", "Ministry of Databases"),
]


def test_departments_are_found_by_name_beginning_abbreviation_and_domain(store: db.Database) -> None:
    with transaction():
        make.department("Ministry of Data", "data.example.gov.uk").abbreviation = "MDA"
        session().flush()
        departments = Departments.load()
        for written, domain, name in FOUND:
            assert departments.find_or_enter(written, domain).name == name
        entered = session().scalars(select(Organisation).where(Organisation.register == REGISTER)).all()
        assert [each.number for each in entered] == ["ministry-database"]


def test_calls_come_in_too(store: db.Database, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(
        '{"id": "c1", "title": "Batteries", "text": "Better ones.", "opens": "2021-01-01", "closes": "2021-03-01",'
        ' "sponsor": "innovate-uk", "topics": ["energy"], "url": "javascript:alert(1)"}\n'
        '{"id": "c2", "title": "Backwards", "text": "x", "opens": "2021-03-01", "closes": "2021-01-01",'
        ' "sponsor": "mrc", "topics": [], "url": ""}\n',
        encoding="utf-8",
    )
    assert str(import_needs(path, reports=tmp_path))[:34] == "1 added, 0 changed, 0 unchanged, 1"
    need = needs()["challenge:c1"]
    assert (need.state, need.route, need.problem, need.source_url) == ("closed", "grant", "Better ones.", "")


@pytest.mark.skipif(not REAL.exists(), reason="the real opportunities are not here")
def test_the_real_opportunities_come_in_and_are_indexed_within_a_minute(store: db.Database, tmp_path: Path) -> None:
    load_vocabulary()
    began = time.monotonic()
    assert str(import_needs(REAL, reports=tmp_path)) == "2,118 added, 0 changed, 0 unchanged, 0 bad"
    search.catch_up()
    assert time.monotonic() - began < 60
    assert search.find("need").total == 2_118 - 109
    assert str(import_needs(REAL, reports=tmp_path)) == "0 added, 0 changed, 2,118 unchanged, 0 bad"


def test_a_need_that_comes_in_takes_questions_and_ends_them_when_it_comes_in_as_cancelled(
    store: db.Database, tmp_path: Path
) -> None:
    live = {"Published At": f"{clock.today():%Y-%m-%d}", "Status": "closed", "Winning supplier": ""}
    import_needs(file_of(tmp_path, live))
    with transaction():
        need = session().scalars(select(Need)).one()
        assert (need.state, need.questions_until, takes_questions(need)) == ("live", None, True)
        question = make_question.question(need)
    import_needs(file_of(tmp_path, {**live, "Status": "cancelled"}))
    with reading():
        assert session().get_one(Question, question.id).state == "ended"
