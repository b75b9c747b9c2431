"""Short makers of people and organisations, for use inside `with transaction():`. Rooms above have makers of their own.

What they return is loaded as far as policies look (memberships, organisations, parents), and can be used afterwards.
"""

from datetime import timedelta
from functools import cache
from itertools import count

from app.accounts.models import (
    BUYER,
    COMPANIES_HOUSE,
    DEPARTMENT,
    GOVUK,
    IN_HOUSE_TEAM,
    LEAD,
    OFFICER,
    OWN,
    STAFF,
    SUPPLIER,
    Claim,
    Invitation,
    MailDomain,
    Membership,
    Organisation,
    Person,
)
from app.accounts.passwords import hash_password
from app.accounts.queries import hash_of_secret
from app.kernel import clock
from app.kernel.db import session

PASSWORD = "nine green bottles"
_numbers = count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: it takes 20 ms."""
    return hash_password(PASSWORD)


def department(name: str = "", domain: str = "") -> Organisation:
    """A department, with a mail domain where one is named."""
    number = next(_numbers)
    made = organisation(DEPARTMENT, name or f"Department {number}", GOVUK, f"D{number}")
    if domain:
        mail_domain(made, domain)
    return made


def supplier(name: str = "", number: str = "") -> Organisation:
    """A supplier that Companies House knows."""
    serial = next(_numbers)
    return organisation(SUPPLIER, name or f"Supplier {serial}", COMPANIES_HOUSE, number or f"{serial:08}")


def team(parent: Organisation, name: str = "") -> Organisation:
    """An in-house team of a department."""
    serial = next(_numbers)
    return organisation(IN_HOUSE_TEAM, name or f"Team {serial}", OWN, f"team-{serial}", parent)


def organisation(
    kind: str, name: str, register: str, number: str, parent: Organisation | None = None, *, is_closed: bool = False
) -> Organisation:
    """An organisation of any kind."""
    made = Organisation(kind=kind, name=name, register=register, number=number, parent=parent, created_at=clock.now())
    made.closed_at = clock.now() if is_closed else None
    session().add(made)
    session().flush()
    return made


def mail_domain(of: Organisation, domain: str) -> MailDomain:
    """A mail domain of a department."""
    made = MailDomain(domain=domain, organisation=of)
    session().add(made)
    session().flush()
    return made


def person(name: str = "", email: str = "", *, is_operator: bool = False) -> Person:
    """Somebody without a role, whose password is PASSWORD."""
    number = next(_numbers)
    made = Person(
        name=name or f"Person {number}", email=email or f"person{number}@example.com", is_operator=is_operator
    )
    made.password_hash, made.created_at = password_hash(), clock.now()
    session().add(made)
    session().flush()
    session().refresh(made, ["memberships", "all_memberships"])
    return made


def operator(name: str = "Olu Operator", email: str = "") -> Person:
    """Somebody who runs the platform."""
    return person(name, email, is_operator=True)


def join(member: Person, organisation: Organisation, role: str) -> Membership:
    """Give a person a role."""
    made = Membership(person=member, organisation=organisation, role=role, joined_at=clock.now())
    session().add(made)
    session().flush()
    session().refresh(member, ["memberships", "all_memberships"])
    return made


def leave(member: Person, organisation: Organisation) -> None:
    """End a person's role in an organisation."""
    for held in member.memberships:
        if held.organisation_id == organisation.id:
            held.left_at = clock.now()
    session().flush()
    session().refresh(member, ["memberships", "all_memberships"])


def member(organisation: Organisation, role: str, name: str = "", email: str = "") -> Person:
    """Somebody new with this role."""
    made = person(name, email)
    join(made, organisation, role)
    return made


def buyer(department: Organisation, name: str = "", email: str = "") -> Person:
    """A buyer of the department."""
    return member(department, BUYER, name, email)


def officer(department: Organisation, name: str = "", email: str = "") -> Person:
    """A procurement officer of the department."""
    return member(department, OFFICER, name, email)


def staff(provider: Organisation, name: str = "", email: str = "") -> Person:
    """Somebody who works for the provider."""
    return member(provider, STAFF, name, email)


def lead(provider: Organisation, name: str = "", email: str = "") -> Person:
    """Somebody who leads the provider."""
    return member(provider, LEAD, name, email)


def invitation(organisation: Organisation, email: str, role: str, by: Person, secret: str = "") -> Invitation:
    """An invitation that was mailed with this secret."""
    now = clock.now()
    made = Invitation(organisation=organisation, email=email, role=role, invited_by=by, invited_at=now)
    made.secret_hash = hash_of_secret(secret or f"secret {next(_numbers)}")
    made.expires_at = now + timedelta(days=14)
    session().add(made)
    session().flush()
    return made


def claim(person: Person, organisation: Organisation, reason: str = "I work there.") -> Claim:
    """A request to join that waits."""
    made = Claim(person=person, organisation=organisation, reason=reason, made_at=clock.now())
    session().add(made)
    session().flush()
    return made
