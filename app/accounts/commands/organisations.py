"""The register: suppliers that register themselves, teams, organisations from outside registers, mail domains."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.accounts.commands.memberships import admit_person
from app.accounts.models import IN_HOUSE_TEAM, LEAD, OWN, SUPPLIER, MailDomain, Organisation, Person
from app.accounts.queries import find_mail_domain, find_organisation, organisations_named, teams_of
from app.accounts.registers import is_web_address
from app.kernel import audit, clock
from app.kernel.db import new_id, session
from app.kernel.errors import Conflict

ASK = "Find it there, and ask to join it."


def register_supplier(*, name: str, register: str, number: str = "", website: str = "", by: Person) -> Organisation:
    """Enter a supplier that is not in the register yet; whoever does so leads it."""
    if organisations_named(name, SUPPLIER):
        raise Conflict(f"{name} is in the register already. {ASK}")
    number = new_id() if register == OWN else number
    made = enter_organisation(kind=SUPPLIER, name=name, register=register, number=number, website=website, by=by)
    admit_person(by, made, LEAD, by=by)
    return made


def create_team(department: Organisation, name: str, *, by: Person) -> Organisation:
    """Enter a department's in-house team; people are invited into it."""
    if any(team.name.casefold() == name.casefold() for team in teams_of(department)):
        raise Conflict(f"{department.name} has an in-house team of this name already.")
    return enter_organisation(kind=IN_HOUSE_TEAM, name=name, register=OWN, number=new_id(), parent=department, by=by)


def enter_organisation(
    *,
    kind: str,
    name: str,
    register: str,
    number: str,
    parent: Organisation | None = None,
    by: Person | None,
    **facts: Any,
) -> Organisation:
    """Enter an organisation under its number in a register. One that is there already is a Conflict."""
    if there := find_organisation(register, number):
        raise Conflict(f"{there.name} is in the register already, under this number. {ASK}")
    made = Organisation(kind=kind, name=name, register=register, number=number, parent=parent, created_at=clock.now())
    for field, value in facts.items():
        setattr(made, field, value if field != "website" or is_web_address(value) else "")
    session().add(made)
    try:
        session().flush()
    except IntegrityError:
        raise Conflict(f"This number is in the register already. {ASK}") from None
    audit.record("enter", made, by=by, facts={"kind": kind, "register": register, "number": number})
    return made


def renew_organisation(
    organisation: Organisation, *, name: str, abbreviation: str, closed_at: datetime | None, by: Person | None
) -> bool:
    """Bring an organisation up to what its register says now; whether that changed anything."""
    new = {"name": name, "abbreviation": abbreviation, "closed_at": closed_at}
    changed = {field: value for field, value in new.items() if getattr(organisation, field) != value}
    before = {field: getattr(organisation, field) for field in changed}
    for field, value in changed.items():
        setattr(organisation, field, value)
    if changed:
        audit.record("renew", organisation, by=by, facts={"before": before, "after": changed})
    return bool(changed)


def add_mail_domain(organisation: Organisation, domain: str, *, by: Person) -> MailDomain:
    """Let the holders of addresses under a domain register as staff of a department."""
    there = find_mail_domain(domain)
    if there:
        raise Conflict(f"{domain} is a mail domain of {there.organisation.name} already.")
    made = MailDomain(organisation=organisation, domain=domain)
    session().add(made)
    try:
        session().flush()
    except IntegrityError:
        raise Conflict(f"{domain} is a mail domain already.") from None
    audit.record("add_mail_domain", made, by=by, facts={"organisation": organisation.id, "domain": domain})
    return made


def remove_mail_domain(mail_domain: MailDomain, *, by: Person) -> None:
    """Let nobody more register under a domain; who did so stays."""
    audit.record("remove_mail_domain", mail_domain, by=by, facts={"domain": mail_domain.domain})
    session().delete(mail_domain)
    session().flush()
