"""Reading what awaits a person in accounts."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import LEAD, OFFICER, WAITING, Claim, Membership, Person
from app.accounts.queries.memberships import _claims, invitations_for
from app.kernel.db import session
from app.kernel.desk import Awaiting


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Invitations to answer, and requests to join where this person decides."""
    offered = [
        Awaiting(
            f"Answer the invitation to {each.organisation.name}",
            "accounts.account",
            {},
            each.invited_at,
            each.expires_at,
        )
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
