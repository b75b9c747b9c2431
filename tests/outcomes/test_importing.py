"""Awards that were made elsewhere come in as partnerships, once."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import COMPANIES_HOUSE, OWN, Organisation
from app.accounts.queries import find_organisation
from app.kernel import audit
from app.kernel.db import reading, session, transaction
from app.kernel.importing import Imported, WrongFile
from app.needs.cli import import_needs
from app.outcomes.importing import REGISTER, import_awards
from app.outcomes.models import COMPLETED, RUNNING, Partnership
from app.providers.suppliers import name_key
from tests import make

REAL = Path(__file__).parents[3] / "shared" / "data" / "needs" / "uk-dos-opportunities.csv"


def line(number: int = 1, **changed: str) -> dict[str, str]:
    told = {
        "ID": str(number),
        "Opportunity": f"Opportunity {number}",
        "Link": "https://example.com/1",
        "Category": "digital-outcomes",
        "Organisation Name": "Ministry of Data",
        "Buyer Domain": "data.example",
        "Published At": "2016-05-16",
        "Open For": "2 weeks",
        "Expected Contract Length": "6 months",
        "Status": "awarded",
        "Winning supplier": "Tidal Ltd",
        "Size of supplier": "small",
        "Contract amount": "500000.0",
        "Contract start date": "2016-7-3",
    }
    return told | {name.replace("_", " "): value for name, value in changed.items()}


def written(folder: Path, lines: Iterable[dict[str, str]]) -> Path:
    path = folder / "opportunities.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, line())
        writer.writeheader()
        writer.writerows(lines)
    return path


def taken(folder: Path, *lines: dict[str, str]) -> Imported:
    """Needs first, then awards."""
    path = written(folder, lines)
    import_needs(path, reports=folder)
    return import_awards(path, reports=folder)


def counts(imported: Imported) -> tuple[int, int, int, int]:
    return imported.added, imported.changed, imported.unchanged, imported.bad


def partnerships() -> list[Partnership]:
    return list(session().scalars(select(Partnership).order_by(Partnership.source)))


def test_an_award_becomes_a_completed_partnership(store: object, tmp_path: Path) -> None:
    assert counts(taken(tmp_path, line(7))) == (1, 0, 0, 0)
    with reading():
        (made,) = partnerships()
        assert (made.source, made.state, made.value_pence) == ("dos:7", COMPLETED, 500_000_00)
        assert (str(made.starts_on), str(made.ends_on)) == ("2016-07-03", "2017-01-01")
        assert (made.need.title, made.provider.name, made.provider.size) == ("Opportunity 7", "Tidal Ltd", "small")
        assert (made.provider.organisation.register, made.reports, made.takes_reports) == (REGISTER, [], False)
        assert [entry.verb for entry in audit.entries_about(made)] == ["import"]


def test_a_second_import_changes_nothing_and_a_corrected_one_changes_the_row(store: object, tmp_path: Path) -> None:
    taken(tmp_path, line(1), line(2))
    assert counts(taken(tmp_path, line(1), line(2))) == (0, 0, 2, 0)
    assert counts(taken(tmp_path, line(1, Contract_amount="600000"), line(2))) == (0, 1, 1, 0)
    with reading():
        assert [made.value_pence for made in partnerships()] == [600_000_00, 500_000_00]


def test_a_contract_that_runs_still_is_running(store: object, tmp_path: Path) -> None:
    future = {"Published_At": "2026-10-01", "Contract_start_date": "2026-11-01", "Expected_Contract_Length": "10 years"}
    taken(tmp_path, line(1, **future))
    with reading():
        (made,) = partnerships()
        assert made.state == RUNNING


def test_rows_without_a_winner_are_passed_over(store: object, tmp_path: Path) -> None:
    assert counts(taken(tmp_path, line(1, Winning_supplier="", Status="closed"), line(2))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Contract start date": "2016-02-31"}, "Contract start date must be a date"),
        ({"Contract start date": "2108-01-02"}, "Contract start date must be a date"),
        ({"Contract amount": "lots"}, "Contract amount must be an amount in pounds"),
        ({"Contract amount": "1e400"}, "Contract amount must be an amount in pounds"),
        ({"Contract amount": "-5"}, "Contract amount must be an amount in pounds"),
        ({"Status": "cancelled"}, "It names a winner, but its status is cancelled"),
        ({"Winning supplier": "x" * 201}, "Winning supplier has 201 characters"),
    ],
)
def test_a_bad_row_is_told_and_the_good_one_comes_in(
    store: object, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    imported = taken(tmp_path, line(1, **changed), line(2))
    assert counts(imported) == (1, 0, 0, 1)
    assert imported.report_path is not None
    assert reason in imported.report_path.read_text()


def test_an_award_without_its_need_is_bad(store: object, tmp_path: Path) -> None:
    imported = import_awards(written(tmp_path, [line(1)]), reports=tmp_path)
    assert counts(imported) == (0, 0, 0, 1)
    assert imported.report_path is not None
    assert "Import the needs of this file first." in imported.report_path.read_text()


def test_a_supplier_that_the_register_knows_is_not_entered_again(store: object, tmp_path: Path) -> None:
    with transaction():
        known = make.supplier("Tidal Limited", "01234567")
    taken(tmp_path, line(1), line(2, Winning_supplier="TIDAL LTD."), line(3, Winning_supplier="Tidal (Digital) Ltd"))
    with reading():
        assert {made.provider.organisation_id for made in partnerships()} == {known.id}
        assert known.register == COMPANIES_HOUSE


def test_who_entered_themselves_under_a_name_gets_no_awards_of_that_name(store: object, tmp_path: Path) -> None:
    with transaction():
        made = make.supplier("Tidal Ltd")
        made.register, made.number = OWN, "abc"
    taken(tmp_path, line(1))
    with reading():
        assert find_organisation(REGISTER, "tidal-ltd") is not None
        assert partnerships()[0].provider.organisation_id != made.id


def test_two_suppliers_of_one_name_cannot_be_told_apart(store: object, tmp_path: Path) -> None:
    with transaction():
        make.supplier("Tidal Ltd")
        make.supplier("TIDAL LIMITED")
    imported = taken(tmp_path, line(1))
    assert imported.bad == 1
    assert imported.report_path is not None
    assert "There are 2 suppliers called Tidal Ltd" in imported.report_path.read_text()


def test_a_file_of_challenges_holds_no_awards(store: object, tmp_path: Path) -> None:
    path = tmp_path / "challenges.jsonl"
    path.write_text(
        '{"id": "a", "title": "b", "text": "c", "opens": "2020-01-01", "closes": "2020-02-01", "sponsor": "ktn"}\n'
    )
    assert import_awards(path) == Imported()


def test_another_file_is_refused(store: object, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(WrongFile):
        import_awards(path)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("FUTUREGOV. LTD", "FutureGov Ltd"),
        ("Methods Business and Digital Technology Limited", "Methods Business & Digital Technology Ltd."),
        ("PA Consulting Services Limited (UK)", "PA Consulting Services Limited"),
    ],
)
def test_names_that_are_one_supplier(name: str, same: str) -> None:
    assert name_key(name) == name_key(same)


@pytest.mark.parametrize(("name", "other"), [("Kainos", "Kainos Software Ltd"), ("BT48", "BT PLC"), ("(UK)", "(GB)")])
def test_names_that_are_two_suppliers(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)


@pytest.mark.skipif(not REAL.exists(), reason="the opportunities file is not here")
def test_the_real_awards_come_in_once(store: object, tmp_path: Path) -> None:
    import_needs(REAL, reports=tmp_path)
    first, again = import_awards(REAL, reports=tmp_path), import_awards(REAL, reports=tmp_path)
    assert (counts(first), counts(again)) == ((605, 0, 0, 1), (0, 0, 605, 1))
    assert again.report_path is not None
    assert "2108-01-02" in again.report_path.read_text()
    with reading():
        total = select(func.count()).select_from(Organisation).where(Organisation.register == REGISTER)
        assert session().scalar(total) == 239
        assert {made.state for made in partnerships()} == {COMPLETED}
