"""Reading people, organisations and what waits for somebody's answer."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.addresses import domain_of
from app.accounts.models import (
    DEPARTMENT,
    DEPARTMENT_ROLES,
    IN_HOUSE_TEAM,
    LEAD,
    OFFICER,
    SUPPLIER,
    WAITING,
    Claim,
    Invitation,
    MailDomain,
    Membership,
    Organisation,
    Person,
)
from app.accounts.policy import may_answer_claim, may_see_people
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound


def find_signed_in_person(session_id: str) -> Person | None:
    """Flask-Login's loader: the person of a session, with what they hold, unless they were signed out everywhere."""
    person_id, _, epoch = session_id.partition(".")
    person = session().scalar(select(Person).where(Person.id == person_id).options(*with_memberships()))
    return person if person and str(person.session_epoch) == epoch else None


def with_memberships() -> tuple[ExecutableOption, ...]:
    """Load people's memberships, the organisations and their parents, in one statement more."""
    organisation = selectinload(Person.memberships).joinedload(Membership.organisation)
    return (organisation.joinedload(Organisation.parent),)


def get_person(person_id: str, asked_by: Person | None = None) -> Person:
    """A person by id."""
    found = session().scalar(select(Person).where(Person.id == plain(person_id)).options(*with_memberships()))
    if found is None:
        raise NotFound()
    return found


def find_person_by_email(email: str) -> Person | None:
    """The person of a normal mail address."""
    return session().scalar(select(Person).where(Person.email == email).options(*with_memberships()))


def people_named(ids: Iterable[str | None]) -> dict[str, str]:
    """Names by id, of those who exist; in one statement, however many."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    found = session().execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {person_id: name for person_id, name in found}


def get_organisation(organisation_id: str, person: Person | None = None) -> Organisation:
    """An organisation by id: that it exists is public; who is in it is not."""
    statement = select(Organisation).where(Organisation.id == plain(organisation_id))
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


def organisations_like(words: str, kind: str = "") -> Select[tuple[Organisation]]:
    """Organisations whose name or abbreviation has every word, or whose number is the whole text; of a kind, or of all."""
    statement = select(Organisation).options(joinedload(Organisation.parent)).order_by(Organisation.name, Organisation.id)
    if kind:
        statement = statement.where(Organisation.kind == kind)
    text = plain(words).strip()[:200]
    has_words = [
        or_(
            Organisation.name.icontains(word, autoescape=True),
            Organisation.abbreviation.icontains(word, autoescape=True),
        )
        for word in text.split()[:10]
    ]
    return statement.where(or_(and_(*has_words), Organisation.number == text.upper())) if has_words else statement


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
    return list(session().scalars(select(MailDomain).options(joinedload(MailDomain.organisation)).order_by(MailDomain.domain)))


def get_mail_domain(mail_domain_id: str, person: Person | None = None) -> MailDomain:
    """A mail domain by id, for its editors; to others it does not exist."""
    found = session().get(MailDomain, plain(mail_domain_id))
    if found is None or person is None or not person.is_operator:
        raise NotFound()
    return found


def members_of(organisation: Organisation) -> list[Membership]:
    """Who is in the organisation now, by name."""
    statement = select(Membership).join(Membership.person).where(*_current(organisation.id))
    options = joinedload(Membership.person), joinedload(Membership.organisation)
    return list(session().scalars(statement.options(*options).order_by(Person.name, Membership.id)))


def count_members(organisation: Organisation, *roles: str) -> int:
    """How many are in the organisation now, in one of the roles (in any, where none is named)."""
    statement = select(func.count()).select_from(Membership).where(*_current(organisation.id))
    return session().scalar(statement.where(Membership.role.in_(roles)) if roles else statement) or 0


def staff_ids(organisation_id: str) -> list[str]:
    """The ids of the people who are in the organisation now: for those who must tell them something."""
    return list(session().scalars(select(Membership.person_id).where(*_current(organisation_id))))


def buyers_of(department: Organisation) -> list[Person]:
    """The department's buyers and officers, by name: who can be given a duty for a need."""
    statement = select(Person).join(Membership, Membership.person_id == Person.id).where(*_current(department.id))
    buyers = statement.where(Membership.role.in_(DEPARTMENT_ROLES)).order_by(Person.name, Person.id)
    return list(session().scalars(buyers.options(*with_memberships())))


def get_membership(membership_id: str, person: Person | None = None) -> Membership:
    """A current membership, for those who may see who is in the organisation."""
    options = joinedload(Membership.person), joinedload(Membership.organisation).joinedload(Organisation.parent)
    found = session().scalar(select(Membership).where(Membership.id == plain(membership_id)).options(*options))
    if found is None or found.left_at or not may_see_people(person, found.organisation):
        raise NotFound()
    return found


def get_invitation(invitation_id: str, person: Person | None = None) -> Invitation:
    """An invitation by id, for those who may see who is in the organisation."""
    found = session().scalar(_invitations().where(Invitation.id == plain(invitation_id)))
    if found is None or not may_see_people(person, found.organisation):
        raise NotFound()
    return found


def get_offered_invitation(invitation_id: str, person: Person | None = None) -> Invitation:
    """An invitation by id, for the holder of the address that it was sent to."""
    found = session().scalar(_invitations().where(Invitation.id == plain(invitation_id)))
    if found is None or person is None or found.email != person.email:
        raise NotFound()
    return found


def find_invitation_by_secret(secret: str) -> Invitation | None:
    """The invitation whose mailed link carries this secret."""
    return session().scalar(_invitations().where(Invitation.secret_hash == hash_of_secret(secret)))


def hash_of_secret(secret: str) -> str:
    """What the table keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def open_invitations(organisation: Organisation, now: datetime) -> list[Invitation]:
    """The organisation's invitations that can still be accepted, newest first."""
    statement = _invitations().where(Invitation.organisation_id == organisation.id, *_can_be_accepted(now))
    return list(session().scalars(statement.order_by(Invitation.invited_at.desc(), Invitation.id)))


def invitations_for(person: Person, now: datetime) -> list[Invitation]:
    """The invitations that a person can accept, oldest first."""
    statement = _invitations().where(Invitation.email == person.email, *_can_be_accepted(now))
    return list(session().scalars(statement.order_by(Invitation.invited_at, Invitation.id)))


def get_claim(claim_id: str, person: Person | None = None) -> Claim:
    """A request to join, for the one who made it and those who may answer it."""
    found = session().scalar(_claims().where(Claim.id == plain(claim_id)))
    if found is None or person is None or not (found.person_id == person.id or may_answer_claim(person, found)):
        raise NotFound()
    return found


def find_waiting_claim(person: Person, organisation: Organisation) -> Claim | None:
    """The person's request to join the organisation that has no answer yet."""
    mine = Claim.person_id == person.id, Claim.organisation_id == organisation.id, Claim.state == WAITING
    return session().scalar(_claims().where(*mine))


def waiting_claims(organisation: Organisation | None = None) -> list[Claim]:
    """Requests to join that have no answer yet, oldest first: of one organisation, or of all."""
    statement = _claims().where(Claim.state == WAITING).order_by(Claim.made_at, Claim.id)
    return list(session().scalars(statement.where(Claim.organisation_id == organisation.id) if organisation else statement))


def claims_of(person: Person) -> list[Claim]:
    """The person's own requests to join that have no answer yet, oldest first."""
    statement = _claims().where(Claim.person_id == person.id, Claim.state == WAITING)
    return list(session().scalars(statement.order_by(Claim.made_at, Claim.id)))


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Invitations to answer, and requests to join where this person decides."""
    offered = [
        Awaiting(f"Answer the invitation to {each.organisation.name}", "accounts.account", {}, each.invited_at, each.expires_at)
        for each in invitations_for(person, now)
    ]
    return offered + [
        Awaiting(
            f"Answer {each.person.name}’s request to join {each.organisation.name}",
            "accounts.organisation",
            {"organisation_id": each.organisation_id},
            each.made_at,
        )
        for each in _claims_to_answer(person)
    ]


def _claims_to_answer(person: Person) -> list[Claim]:
    """Leads answer for their provider; an operator's desk has only those of suppliers that have no lead."""
    if not person.is_operator:
        led = [organisation.id for organisation in person.organisations(LEAD, OFFICER)]
        statement = _claims().where(Claim.state == WAITING, Claim.organisation_id.in_(led)).order_by(Claim.made_at)
        return list(session().scalars(statement)) if led else []
    leads = select(Membership.organisation_id).where(Membership.role == LEAD, Membership.left_at.is_(None))
    orphaned = _claims().where(Claim.state == WAITING, Claim.organisation_id.not_in(leads))
    return list(session().scalars(orphaned.order_by(Claim.made_at)))


def plain(text: str) -> str:
    """Text of an address without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "\ufffd")


def _is_open(kind: str):  # type: ignore[no-untyped-def]
    return and_(Organisation.kind == kind, Organisation.closed_at.is_(None))


def _current(organisation_id: str):  # type: ignore[no-untyped-def]
    return Membership.organisation_id == organisation_id, Membership.left_at.is_(None)


def _can_be_accepted(now: datetime):  # type: ignore[no-untyped-def]
    return Invitation.state == WAITING, Invitation.expires_at > now


def _invitations() -> Select[tuple[Invitation]]:
    organisation = joinedload(Invitation.organisation).joinedload(Organisation.parent)
    return select(Invitation).options(organisation, joinedload(Invitation.invited_by))


def _claims() -> Select[tuple[Claim]]:
    organisation = joinedload(Claim.organisation).joinedload(Organisation.parent)
    return select(Claim).options(organisation, joinedload(Claim.person))
