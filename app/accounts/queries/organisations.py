"""Reading the register: organisations, departments, teams, mail domains."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.addresses import domain_of
from app.accounts.models import DEPARTMENT, IN_HOUSE_TEAM, SUPPLIER, MailDomain, Organisation, Person
from app.kernel.db import session
from app.kernel.errors import NotFound


def get_organisation(organisation_id: str, _person: Person | None = None) -> Organisation:
    """An organisation by id: that it exists is public; who is in it is not."""
    statement = select(Organisation).where(Organisation.id == organisation_id)
    found = session().scalar(statement.options(joinedload(Organisation.parent)))
    if found is None:
        raise NotFound()
    return found


def find_organisation(register: str, number: str) -> Organisation | None:
    """The organisation of this number in this register."""
    statement = select(Organisation).where(Organisation.register == register, Organisation.number == number)
    return session().scalar(statement.options(joinedload(Organisation.parent)))


def organisations_by_id(ids: Iterable[str | None]) -> dict[str, Organisation]:
    """Organisations by id, in one statement, however many."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    statement = select(Organisation).where(Organisation.id.in_(wanted)).options(joinedload(Organisation.parent))
    return {found.id: found for found in session().scalars(statement)}


def organisations_named(name: str, kind: str) -> list[Organisation]:
    """Open organisations of a kind with exactly this name, whatever its capitals and spaces."""
    same = func.lower(Organisation.name) == " ".join(name.split()).lower()
    return list(session().scalars(select(Organisation).where(same, _is_open(kind)).order_by(Organisation.id)))


def department_choices() -> list[Organisation]:
    """The departments that are open, by name."""
    return list(session().scalars(select(Organisation).where(_is_open(DEPARTMENT)).order_by(Organisation.name)))


def provider_choices() -> list[Organisation]:
    """Suppliers and in-house teams that are open, by name."""
    is_provider = or_(_is_open(SUPPLIER), _is_open(IN_HOUSE_TEAM))
    return list(session().scalars(select(Organisation).where(is_provider).order_by(Organisation.name)))


def teams_of(department: Organisation) -> list[Organisation]:
    """The in-house teams of a department that are open, by name."""
    of_department = and_(_is_open(IN_HOUSE_TEAM), Organisation.parent_id == department.id)
    statement = select(Organisation).where(of_department).options(joinedload(Organisation.parent))
    return list(session().scalars(statement.order_by(Organisation.name)))


def organisations_like(words: str, kind: str = "") -> Select[Organisation]:
    """Organisations whose name or abbreviation has every word, or whose number is the whole text, of a kind or all."""
    statement = (
        select(Organisation).options(joinedload(Organisation.parent)).order_by(Organisation.name, Organisation.id)
    )
    if kind:
        statement = statement.where(Organisation.kind == kind)
    text = words.replace("\0", " ").strip()[:200]  # PostgreSQL takes no NUL
    has_words = [
        or_(
            Organisation.name.icontains(word, autoescape=True),
            Organisation.abbreviation.icontains(word, autoescape=True),
        )
        for word in text.split()[:10]
    ]
    return statement.where(or_(and_(*has_words), Organisation.number == text.upper())) if has_words else statement


def providers_like(words: str, most: int) -> list[Organisation]:
    """At most so many open suppliers and in-house teams whose name has every word; none for no words."""
    if not words.strip():
        return []
    is_provider = or_(_is_open(SUPPLIER), _is_open(IN_HOUSE_TEAM))
    return list(session().scalars(organisations_like(words).where(is_provider).limit(most)))


def find_department_of(email: str) -> Organisation | None:
    """The open department whose mail domain is what stands after the last @; subdomains are other domains."""
    statement = select(Organisation).join(MailDomain).where(MailDomain.domain == domain_of(email))
    return session().scalar(statement.where(Organisation.closed_at.is_(None)))


def domains_of(organisation: Organisation) -> list[str]:
    """The mail domains of a department; of an in-house team, those of its department."""
    owner = organisation.parent_id if organisation.kind == IN_HOUSE_TEAM else organisation.id
    statement = select(MailDomain.domain).where(MailDomain.organisation_id == owner).order_by(MailDomain.domain)
    return list(session().scalars(statement))


def mail_domains() -> list[MailDomain]:
    """Every mail domain with its department, by domain."""
    return list(
        session().scalars(select(MailDomain).options(joinedload(MailDomain.organisation)).order_by(MailDomain.domain))
    )


def find_mail_domain(domain: str) -> MailDomain | None:
    """The row of a mail domain, with its department."""
    statement = select(MailDomain).where(MailDomain.domain == domain).options(joinedload(MailDomain.organisation))
    return session().scalar(statement)


def get_mail_domain(mail_domain_id: str, person: Person | None = None) -> MailDomain:
    """A mail domain by id, for its editors; to others it does not exist."""
    found = session().get(MailDomain, mail_domain_id)
    if found is None or person is None or not person.is_operator:
        raise NotFound()
    return found


def _is_open(kind: str) -> ColumnElement[bool]:
    return and_(Organisation.kind == kind, Organisation.closed_at.is_(None))
