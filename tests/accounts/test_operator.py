"""The operator's pages, the command line, the import of departments, and how many statements lists take."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.accounts import cli
from app.accounts.commands import register_person
from app.accounts.models import BUYER, GOVUK, STAFF, MailDomain, Organisation, Person
from app.accounts.queries import department_choices, find_organisation, find_person_by_email, find_signed_in_person
from app.kernel import audit, db
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, NotFound
from app.kernel.importing import WrongFile
from tests import make
from tests.browser import Browser

Open = Callable[..., Browser]
REAL = Path(__file__).parents[3] / "shared/data/registers/govuk_organisations.csv"
HEADER = "slug,title,abbreviation,format,status,id,parents,superseded_by\n"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(rows: str) -> Path:
        path = tmp_path / "organisations.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        return path

    return write


def names() -> dict[str, str]:
    with reading():
        return {o.number: o.name for o in session().scalars(select(Organisation))}


def test_mail_domain_is_added_and_removed_by_the_operator(browser: Open) -> None:
    with transaction():
        make.department("Coasts")
        operator = make.operator()
    here = browser(operator)
    page = here.get("/operator/organisations?q=coas").follow("Coasts").follow("Add a mail domain")
    page = page.submit("Add the domain", domain="@BÜCHER.Example.")
    assert page.rows()[1][:2] == ["xn--bcher-kva.example", "Coasts"]
    with transaction():
        ada = register_person("ada@xn--bcher-kva.example", name="Ada", password=make.PASSWORD)
    assert [m.role for m in ada.memberships] == [BUYER]
    page = page.submit("Yes, remove xn--bcher-kva.example")
    assert "There is no mail domain yet." in page.text
    with transaction():
        bea = register_person("bea@xn--bcher-kva.example", name="Bea", password=make.PASSWORD)
        assert (bea.memberships, [m.role for m in session().get_one(Person, ada.id).memberships]) == ([], [BUYER])


@pytest.mark.parametrize(
    ("domain", "error"),
    [
        ("", "Enter a mail domain"),
        ("coasts", "Enter a mail domain in the correct format, like department.gov.uk"),
        ("a b.example", "Enter a mail domain in the correct format, like department.gov.uk"),
        ("*.example", "Enter a mail domain in the correct format, like department.gov.uk"),
        ("gmail.com", "gmail.com gives an address to anybody, so it cannot stand for a department"),
        ("Homes.example", "homes.example is a mail domain of Homes already"),
    ],
)
def test_mail_domain_form_says_what_is_wrong(browser: Open, domain: str, error: str) -> None:
    with transaction():
        coasts, operator = make.department("Coasts"), make.operator()
        make.department("Homes", "homes.example")
    page = browser(operator).get(f"/organisations/{coasts.id}/mail-domains/new").submit("Add the domain", domain=domain)
    assert (page.status, page.errors) == (422, [error])
    with reading():
        assert [each.domain for each in session().scalars(select(MailDomain))] == ["homes.example"]


@pytest.mark.parametrize("path", ["/operator/organisations", "/operator/mail-domains", "/operator/claims"])
def test_operator_pages_are_for_operators(browser: Open, path: str) -> None:
    with transaction():
        officer, lead, operator = make.officer(make.department()), make.lead(make.supplier()), make.operator()
    assert [browser(who).get(path).status for who in (officer, lead, operator)] == [403, 403, 200]
    assert browser().get(path).h1 == "Sign in"


def test_create_operator_with_a_password_or_a_link(app: Flask, browser: Open) -> None:
    assert cli.create_operator("Op@X.Example", password="nine green bottles", key="k", address="http://x") == ""
    with pytest.raises(Conflict, match="harder to guess"):
        cli.create_operator("op2@x.example", password="password1234", key="k", address="http://x")
    with pytest.raises(Conflict, match="not an email address"):
        cli.create_operator("nobody", key="k", address="http://x")
    key = app.secret_key
    assert isinstance(key, str)
    link = cli.create_operator("op3@x.example", key=key, address="http://x")
    page = browser().get(re.sub("^http://x", "", link)).submit("Save the password", password="seven blue cups")
    page = page.submit("Sign in", email="op3@x.example", password="seven blue cups")
    assert page.browser.get("/operator/claims").status == 200
    with reading():
        assert sorted(p.email for p in session().scalars(select(Person).where(Person.is_operator))) == [
            "op3@x.example",
            "op@x.example",
        ]


def test_erase_person_by_address(store: db.Database) -> None:
    with transaction():
        ada = make.person("Ada", "ada@acme.example")
    assert cli.erase_person("ADA@acme.example") == ada.id
    with pytest.raises(NotFound, match="no account"):
        cli.erase_person("ada@acme.example")


def test_import_brings_departments_in_once(file: Callable[[str], Path], store: db.Database, tmp_path: Path) -> None:
    path = file(
        "coasts,Department for Coasts,DfC,Ministerial department,live,D1,,\n"
        "tides,Tide Agency,,Executive agency,live,EA2,coasts,\n"
        "joint,Joint Unit,JU,Other,exempt,OT3,coasts|homes,\n"
        "old,Old Office,,Other,closed,OT4,coasts,coasts\n"
        "bad,,,Other,live,OT5,,\n"
        "worse,Worse,,Other,unheard of,OT6,,\n"
    )
    first = cli.import_organisations(path, reports=tmp_path / "reports")
    assert (first.added, first.changed, first.unchanged, first.bad) == (4, 0, 0, 2)
    assert first.report_path
    report = first.report_path.read_text()
    assert "6,title is missing." in report
    assert "status must be" in report
    with reading():
        tides, joint, old = (find_organisation(GOVUK, number) for number in ("EA2", "OT3", "OT4"))
        assert tides
        assert joint
        assert old
        assert [o.parent.name if o.parent else None for o in (tides, joint, old)] == [
            "Department for Coasts",
            None,
            "Department for Coasts",
        ]
        assert [o.is_open for o in (tides, joint, old)] == [True, True, False]
        assert [o.name for o in department_choices()] == ["Department for Coasts", "Joint Unit", "Tide Agency"]
        assert list(audit.verify()) == []
        closed_at = old.closed_at
    second = cli.import_organisations(path, reports=tmp_path / "reports")
    assert (second.added, second.changed, second.unchanged, second.bad) == (0, 0, 4, 2)
    with reading():
        again = find_organisation(GOVUK, "OT4")
        assert again
        assert again.closed_at == closed_at


def test_import_follows_a_new_name_by_id(file: Callable[[str], Path], store: db.Database, tmp_path: Path) -> None:
    cli.import_organisations(file("coasts,Coasts,,Other,live,D1,,\n"), reports=tmp_path)
    done = cli.import_organisations(file("seas,Department for Seas,DfS,Other,closed,D1,,\n"), reports=tmp_path)
    assert (done.added, done.changed) == (0, 1)
    assert names() == {"D1": "Department for Seas"}


def test_import_gives_nobody_a_mail_domain(file: Callable[[str], Path], store: db.Database, tmp_path: Path) -> None:
    cli.import_organisations(file("coasts,Coasts,,Other,live,D1,,\n"), reports=tmp_path)
    with transaction():
        assert register_person("ada@coasts.gov.uk", name="Ada", password=make.PASSWORD).memberships == []


def test_import_refuses_another_file(store: db.Database, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(WrongFile, match="Its columns are not known"):
        cli.import_organisations(path, reports=tmp_path)


@pytest.mark.skipif(not REAL.exists(), reason="the file of GOV.UK organisations is not here")
def test_import_of_the_real_file(store: db.Database, tmp_path: Path) -> None:
    first = cli.import_organisations(REAL, reports=tmp_path)
    assert (first.added, first.bad) == (1254, 0)
    with reading():
        organisations = session().scalars(select(Organisation)).all()
        assert sum(not each.is_open for each in organisations) == 589
        assert sum(each.parent_id is not None for each in organisations) > 500
    second = cli.import_organisations(REAL, reports=tmp_path)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 1254)


@contextmanager
def counted(store: db.Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", count)


def fill(acme: Organisation, lead: Person, coasts: Organisation) -> None:
    """One more of everything that a list shows."""
    make.staff(acme)
    make.claim(make.person(), acme)
    make.invitation(acme, make.person().email, STAFF, lead)
    make.mail_domain(coasts, f"d{make.person().id}.example")
    make.team(coasts)
    ada = session().scalars(select(Person).where(Person.name == "Ada")).one()
    make.join(ada, make.team(make.department()), STAFF)
    make.invitation(make.supplier(), ada.email, STAFF, make.person())
    make.claim(ada, make.supplier())


def test_lists_take_as_many_statements_for_three_rows_as_for_one(browser: Open, store: db.Database) -> None:
    with transaction():
        acme, coasts, operator = make.supplier("Acme"), make.department("Coasts"), make.operator()
        lead, ada = make.lead(acme), make.person("Ada")
        fill(acme, lead, coasts)
    pages = [
        (lead, f"/organisations/{acme.id}"),
        (operator, f"/organisations/{coasts.id}"),
        (ada, "/account"),
        (operator, "/operator/organisations"),
        (operator, "/operator/mail-domains"),
        (operator, "/operator/claims"),
        (ada, "/suppliers/find?q=s"),
    ]
    counts = []
    for _ in range(2):
        taken = []
        for person, path in pages:
            with counted(store) as statements:
                browser(person).client.get(path)
            taken.append(len(statements))
        counts.append(taken)
        with transaction():
            for _ in range(2):
                fill(acme, session().get_one(Person, lead.id), session().get_one(Organisation, coasts.id))
    assert counts[0] == counts[1]
    # the unread notifications in the header are one of them
    assert max(counts[0]) <= 11


def test_signed_in_person_takes_three_statements_however_many_roles(store: db.Database) -> None:
    with transaction():
        ada = make.person("Ada")
        for _ in range(5):
            make.join(ada, make.team(make.department()), STAFF)
    with counted(store) as statements, reading():
        found = find_signed_in_person(ada.get_id())
        assert found
        assert len({o.parent.name for o in found.organisations() if o.parent}) == 5
    assert len(statements) == 3
    with reading():
        assert find_person_by_email("ada") is None
