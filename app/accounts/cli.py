"""What the console command does in accounts: the first operator, the register of departments, erasing somebody."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.accounts import commands, letters, queries, tokens
from app.accounts.addresses import normal_address
from app.accounts.models import DEPARTMENT, GOVUK, Organisation
from app.accounts.passwords import why_weak
from app.config import read_settings
from app.kernel import clock
from app.kernel.db import in_transaction, session
from app.kernel.errors import Conflict, NotFound
from app.kernel.importing import BadRow, Imported, Progress, Row, Taken, bring_in, open_table, recognise

COLUMNS = ("slug", "title", "abbreviation", "format", "status", "id", "parents", "superseded_by")


def create_operator(email: str, *, name: str = "Operator", password: str = "", key: str, address: str) -> str:
    """Make somebody an operator; without a password, the one-time link to choose it is mailed and given back."""
    normal = normal_address(email)
    if normal is None:
        raise Conflict(f"{email} is not an email address.")
    weakness = why_weak(password, email=normal, name=name) if password else None
    if weakness:
        raise Conflict(f"{weakness}.")

    def make() -> str:
        person = commands.make_operator(normal, name=name, password=password)
        if password:
            return ""
        token = tokens.sign_reset(key, person, until=clock.now() + tokens.WELCOME_FOR)
        link = f"{address}/reset-password/{token}"
        letters.welcome_operator(person, link)
        return link

    return in_transaction(make)


def erase_person(email: str) -> str:
    """Forget who has this address; the id that stays in the audit."""

    def erase() -> str:
        person = queries.find_person_by_email(normal_address(email) or "")
        if person is None:
            raise NotFound(f"There is no account for {email}.")
        commands.erase_person(person, by=None)
        return person.id

    return in_transaction(erase)


def import_organisations(path: Path, progress: Progress | None = None, *, reports: Path | None = None) -> Imported:
    """Bring in GOV.UK's organisations as departments, again and again: known by the id that GOV.UK never reuses.

    Parents are set in a second reading, when every row is there: only single ones, since a row has one parent. Nobody
    can register as their staff until the operator gives them a mail domain.
    """
    reports = reports or read_settings().instance / "reports"
    with open_table(path) as table:
        recognise(table, {"GOV.UK organisations": COLUMNS})
        imported = bring_in(table, _prepare, reports=reports, progress=progress)
    with open_table(path) as table:
        in_transaction(lambda: _set_parents([row for row in table.rows() if isinstance(row, Row)]))
    return imported


def _prepare(rows: list[Row]) -> Callable[[Row], Taken]:
    known = _known()
    return lambda row: _take(row, known)


def _known() -> dict[str, Organisation]:
    found = session().scalars(select(Organisation).where(Organisation.register == GOVUK))
    return {organisation.number: organisation for organisation in found}


def _take(row: Row, known: dict[str, Organisation]) -> Taken:
    number, there = row.needed("id", most=40), known.get(row.text("id"))
    row.needed("slug", most=200)
    name, abbreviation = row.needed("title", most=200), row.text("abbreviation", most=200)[:40]
    closed_at = _closed_at(row, there)
    if there:
        is_new = commands.renew_organisation(there, name=name, abbreviation=abbreviation, closed_at=closed_at, by=None)
        return Taken.CHANGED if is_new else Taken.UNCHANGED
    facts = {"abbreviation": abbreviation, "closed_at": closed_at}
    known[number] = commands.enter_organisation(
        kind=DEPARTMENT, name=name, register=GOVUK, number=number, parent=None, by=None, **facts
    )
    return Taken.ADDED


def _closed_at(row: Row, there: Organisation | None) -> datetime | None:
    """The file tells no day: an organisation counts as closed from the first import that says so."""
    if not _is_closed(row):
        return None
    return (there.closed_at if there else None) or clock.now()


def _is_closed(row: Row) -> bool:
    status = row.needed("status", most=40)
    if status not in {"live", "exempt", "joining", "transitioning", "closed", "devolved"}:
        raise BadRow(f"status must be live, exempt, joining, transitioning, devolved or closed, not {status}.")
    return status == "closed"


def _set_parents(rows: list[Row]) -> None:
    known = _known()
    by_slug = {row.values["slug"]: known.get(str(row.values["id"])) for row in rows}
    for row in rows:
        child, parents = by_slug[row.values["slug"]], str(row.values["parents"] or "").split("|")
        parent = by_slug.get(parents[0].strip()) if len(parents) == 1 else None
        if child and parent and parent is not child and child.parent_id != parent.id:
            child.parent = parent
