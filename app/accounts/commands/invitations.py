"""Inviting people into an organisation. The mailed link is a secret of which the table keeps a hash."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from app.accounts import letters
from app.accounts.commands.memberships import admit_person
from app.accounts.commands.people import add_person
from app.accounts.models import Invitation, Membership, Organisation, Person
from app.accounts.queries import hash_of_secret, why_not_invite
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict, NotAllowed

LASTS = timedelta(days=14)


def invite_person(
    organisation: Organisation, email: str, role: str, *, link: Callable[[str], str], by: Person
) -> Invitation:
    """Offer a role to the holder of an address, who gets the secret link by mail. `link(secret)` is its address."""
    reason = why_not_invite(organisation, email, by=by)
    if reason or role not in organisation.roles:
        raise Conflict(reason or f"{organisation.name} has no such role.")
    secret, now = secrets.token_urlsafe(32), clock.now()
    invitation = Invitation(organisation=organisation, email=email, role=role, invited_by=by, invited_at=now)
    invitation.secret_hash, invitation.expires_at = hash_of_secret(secret), now + LASTS
    session().add(invitation)
    audit.record("invite", invitation, by=by, facts={"organisation": organisation.id, "role": role})
    letters.invited(invitation, link(secret))
    return invitation


def cancel_invitation(invitation: Invitation, *, by: Person) -> None:
    """Take an invitation back; its link stops working. Moves: invitation waiting -> cancelled."""
    invitation.move("cancel")
    audit.record("cancel_invitation", invitation, by=by, facts={"organisation": invitation.organisation_id})


def accept_invitation(invitation: Invitation, *, by: Person) -> Membership:
    """Join by an invitation, under the very address it was sent to. Moves: invitation waiting -> accepted."""
    if by.email != invitation.email:
        raise NotAllowed("This invitation was sent to another email address.")
    if by.id == invitation.invited_by_id:
        raise NotAllowed("You cannot accept an invitation that you wrote yourself.")
    if clock.now() >= invitation.expires_at:
        raise Conflict("This invitation is too old. Ask for a new one.")
    invitation.move("accept")
    audit.record("accept_invitation", invitation, by=by, facts={"organisation": invitation.organisation_id})
    return admit_person(by, invitation.organisation, invitation.role, by=by)


def register_by_invitation(invitation: Invitation, *, name: str, password: str) -> Person:
    """Make the account of somebody who was invited: the link proves the address.

    Moves: invitation waiting -> accepted.
    """
    person = add_person(invitation.email, name=name, password=password)
    accept_invitation(invitation, by=person)
    return person
