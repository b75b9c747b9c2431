"""Joining, changing role and leaving. A leaver acts without the role from the next request on; their work stays."""

from app.accounts import letters
from app.accounts.models import LEAD, ROLES, Invitation, Membership, Organisation, Person
from app.accounts.policy import is_last_lead
from app.accounts.queries import members_of, waiting_invitations
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict


def admit_person(person: Person, organisation: Organisation, role: str, *, by: Person | None) -> Membership:
    """Give a person their one role in an organisation. Moves: their invitations waiting -> cancelled."""
    if role not in organisation.roles:
        raise Conflict(f"{organisation.name} has no {ROLES[role].lower()}.")
    if not organisation.is_open:
        raise Conflict(f"{organisation.name} has closed, so nobody can join it.")
    if person.is_operator and organisation.is_provider:
        raise Conflict(f"{person.name} runs Clarion, so cannot join a supplier or an in-house team.")
    held = next((m for m in person.memberships if m.organisation_id == organisation.id), None)
    if held:
        raise Conflict(f"{person.name} is in {organisation.name} already, as {ROLES[held.role].lower()}.")
    membership = Membership(person=person, organisation=organisation, role=role, joined_at=clock.now())
    session().add(membership)
    _reload(membership)
    audit.record("join", membership, by=by, facts=_facts(membership))
    _cancel(waiting_invitations(organisation, to=person.email), by=by)
    return membership


def change_role(membership: Membership, role: str, *, by: Person) -> Membership:
    """Give a member another role: the old membership ends, and a new one begins."""
    if role == membership.role:
        raise Conflict(f"{membership.person.name} is {ROLES[role].lower()} already.")
    _keep_a_lead(membership)
    _end(membership)
    audit.record("change_role", membership, by=by, facts={**_facts(membership), "to": role})
    return admit_person(membership.person, membership.organisation, role, by=by)


def end_membership(membership: Membership, *, by: Person) -> None:
    """Leave an organisation, or end somebody's membership of it. The last lead of a supplier hands over first.

    Moves: invitations to and from them waiting -> cancelled.
    """
    is_leaving = by.id == membership.person_id
    if is_leaving:
        _keep_a_lead(membership)
    _end(membership)
    audit.record("leave" if is_leaving else "end_membership", membership, by=by, facts=_facts(membership))
    cancel_invitations_of(membership, by=by)
    if not is_leaving:
        letters.membership_ended(membership)


def cancel_invitations_of(membership: Membership, *, by: Person | None) -> None:
    """Take back what a leaver could come back by. Moves: invitations waiting -> cancelled."""
    person = membership.person
    _cancel(waiting_invitations(membership.organisation, to=person.email, by=person), by=by)


def _cancel(invitations: list[Invitation], *, by: Person | None) -> None:
    for invitation in invitations:
        invitation.move("cancel")
        audit.record("cancel_invitation", invitation, by=by, facts={"organisation": invitation.organisation_id})


def _end(membership: Membership) -> None:
    if membership.left_at:
        raise Conflict(f"{membership.person.name} has left {membership.organisation.name} already.")
    membership.left_at = clock.now()
    _reload(membership)


def _keep_a_lead(membership: Membership) -> None:
    if is_last_lead(membership, members_of(membership.organisation)):
        raise Conflict(
            f"You are the only {ROLES[LEAD].lower()} of {membership.organisation.name}. "
            "Make somebody else a lead first, so that there is always one who can invite people and answer requests."
        )


def _reload(membership: Membership) -> None:
    session().flush()
    session().refresh(membership.person, ["memberships"])
    session().refresh(membership.organisation, ["leads"])


def _facts(membership: Membership) -> dict[str, str]:
    return {"person": membership.person_id, "organisation": membership.organisation_id, "role": membership.role}
