"""Reading who is where, and who wants or is wanted to be: memberships, invitations, requests to join."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import WAITING, Claim, Invitation, Membership, Organisation, Person
from app.accounts.policy import may_accept_invitation, may_answer_claim, may_see_people
from app.accounts.queries.current import current
from app.kernel.db import session
from app.kernel.errors import NotFound


def members_of(organisation: Organisation) -> list[Membership]:
    """Who is in the organisation now, by name."""
    statement = select(Membership).join(Membership.person).where(*current(organisation.id))
    options = joinedload(Membership.person), joinedload(Membership.organisation)
    return list(session().scalars(statement.options(*options).order_by(Person.name, Membership.id)))


def count_members(organisation: Organisation, *roles: str) -> int:
    """How many are in the organisation now, in one of the roles (in any, where none is named)."""
    statement = select(func.count()).select_from(Membership).where(*current(organisation.id))
    return session().scalar(statement.where(Membership.role.in_(roles)) if roles else statement) or 0


def get_membership(membership_id: str, person: Person | None = None) -> Membership:
    """A current membership, for those who may see who is in the organisation."""
    options = joinedload(Membership.person), joinedload(Membership.organisation).joinedload(Organisation.parent)
    found = session().scalar(select(Membership).where(Membership.id == membership_id).options(*options))
    if found is None or found.left_at or not may_see_people(person, found.organisation):
        raise NotFound()
    return found


def get_invitation(invitation_id: str, person: Person | None = None) -> Invitation:
    """An invitation by id, for those who may see who is in the organisation."""
    found = session().scalar(_invitations().where(Invitation.id == invitation_id))
    if found is None or not may_see_people(person, found.organisation):
        raise NotFound()
    return found


def get_offered_invitation(invitation_id: str, person: Person | None = None) -> Invitation:
    """An invitation by id, for the holder of the address that it was sent to."""
    found = session().scalar(_invitations().where(Invitation.id == invitation_id))
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
    found = session().scalars(statement.order_by(Invitation.invited_at, Invitation.id))
    return [each for each in found if may_accept_invitation(person, each)]


def waiting_invitations(organisation: Organisation, *, to: str, by: Person | None = None) -> list[Invitation]:
    """The organisation's invitations without an answer, old ones too: to this address, and those this person wrote."""
    is_theirs = Invitation.email == to
    if by:
        is_theirs = or_(is_theirs, Invitation.invited_by_id == by.id)
    waiting = Invitation.organisation_id == organisation.id, Invitation.state == WAITING
    return list(session().scalars(_invitations().where(is_theirs, *waiting).order_by(Invitation.id)))


def get_claim(claim_id: str, person: Person | None = None) -> Claim:
    """A request to join, for the one who made it and those who may answer it."""
    found = session().scalar(_claims().where(Claim.id == claim_id))
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
    return list(
        session().scalars(statement.where(Claim.organisation_id == organisation.id) if organisation else statement)
    )


def claims_of(person: Person) -> list[Claim]:
    """The person's own requests to join that have no answer yet, oldest first."""
    statement = _claims().where(Claim.person_id == person.id, Claim.state == WAITING)
    return list(session().scalars(statement.order_by(Claim.made_at, Claim.id)))


def _can_be_accepted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.state == WAITING, Invitation.expires_at > now


def _invitations() -> Select[Invitation]:
    organisation = joinedload(Invitation.organisation).joinedload(Organisation.parent)
    return select(Invitation).options(organisation, joinedload(Invitation.invited_by))


def _claims() -> Select[Claim]:
    parent = joinedload(Claim.organisation).joinedload(Organisation.parent)
    leads = joinedload(Claim.organisation).selectinload(Organisation.leads)
    return select(Claim).options(parent, leads, joinedload(Claim.person))
