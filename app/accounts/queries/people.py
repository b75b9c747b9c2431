"""Reading people: who is signed in, who is called what."""

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.addresses import domain_of, mailbox_of
from app.accounts.models import DEPARTMENT_ROLES, Membership, Organisation, Person
from app.accounts.queries.current import current
from app.accounts.queries.organisations import find_mail_domain
from app.kernel.db import session
from app.kernel.errors import NotFound


def find_signed_in_person(session_id: str) -> Person | None:
    """Flask-Login's loader: the person of a session, with what they hold, unless they were signed out everywhere."""
    person_id, _, epoch = session_id.partition(".")
    person = find_person(person_id) if person_id.isalnum() else None
    return person if person and str(person.session_epoch) == epoch else None


def with_memberships() -> tuple[ExecutableOption, ...]:
    """Load people's memberships, the ended too, and the organisations and parents of today, in two statements."""
    organisation = selectinload(Person.memberships).joinedload(Membership.organisation)
    return (organisation.joinedload(Organisation.parent), selectinload(Person.all_memberships))


def find_person(person_id: str) -> Person | None:
    """A person by id, or None."""
    return session().scalar(select(Person).where(Person.id == person_id).options(*with_memberships()))


def get_person(person_id: str, _person: Person | None = None) -> Person:
    """A person by id."""
    found = find_person(person_id)
    if found is None:
        raise NotFound()
    return found


def find_person_by_email(email: str) -> Person | None:
    """The person of a normal mail address."""
    return session().scalar(select(Person).where(Person.email == email).options(*with_memberships()))


def find_account_at(email: str) -> Person | None:
    """The person who has this address; at a department's mail domain, whatever "+tag" the address has."""
    if find_mail_domain(domain_of(email)) is None:
        return find_person_by_email(email)
    local, _, domain = mailbox_of(email).rpartition("@")
    is_tagged = and_(
        Person.email.startswith(f"{local}+", autoescape=True), Person.email.endswith(f"@{domain}", autoescape=True)
    )
    same = or_(Person.email == email, Person.email == f"{local}@{domain}", is_tagged)
    return session().scalar(select(Person).where(same).order_by(Person.created_at, Person.id).limit(1))


def people_named(ids: Iterable[str | None]) -> dict[str, str]:
    """Names by id, of those who exist; in one statement, however many."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    found = session().execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in found}


def buyers_of(department: Organisation) -> list[Person]:
    """The department's buyers and officers, by name: who can be given a duty for a need."""
    statement = select(Person).join(Membership, Membership.person_id == Person.id).where(*current(department.id))
    buyers = statement.where(Membership.role.in_(DEPARTMENT_ROLES)).order_by(Person.name, Person.id)
    return list(session().scalars(buyers.options(*with_memberships())))


def staff_ids(organisation_id: str) -> list[str]:
    """The ids of the people who are in the organisation now: for those who must tell them something."""
    return list(session().scalars(select(Membership.person_id).where(*current(organisation_id))))
