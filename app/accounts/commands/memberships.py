"""Joining, changing role and leaving. A leaver acts without the role from the next request on; their work stays."""

from app.accounts import letters
from app.accounts.models import LEAD, ROLES, Membership, Organisation, Person
from app.accounts.policy import is_last_lead
from app.accounts.queries import members_of
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict


def admit_person(person: Person, organisation: Organisation, role: str, *, by: Person | None) -> Membership:
    """Give a person their one role in an organisation."""
    if role not in organisation.roles:
        raise Conflict(f"{organisation.name} has no {ROLES[role].lower()}.")
    if not organisation.is_open:
        raise Conflict(f"{organisation.name} has closed, so nobody can join it.")
    held = next((m for m in person.memberships if m.organisation_id == organisation.id), None)
    if held:
        raise Conflict(f"{person.name} is in {organisation.name} already, as {ROLES[held.role].lower()}.")
    membership = Membership(person=person, organisation=organisation, role=role, joined_at=clock.now())
    session().add(membership)
    _reload(person)
    audit.record("join", membership, by=by, facts=_facts(membership))
    return membership


def change_role(membership: Membership, role: str, *, by: Person) -> Membership:
    """Give a member another role: the old membership ends, and a new one begins."""
    if role == membership.role:
        raise Conflict(f"{membership.person.name} is {ROLES[role].lower()} already.")
    if not by.is_operator:
        _keep_a_lead(membership)
    _end(membership)
    audit.record("change_role", membership, by=by, facts={**_facts(membership), "to": role})
    return admit_person(membership.person, membership.organisation, role, by=by)


def end_membership(membership: Membership, *, by: Person) -> None:
    """Leave an organisation, or end somebody's membership of it. The last lead of a supplier hands over first."""
    is_leaving = by.id == membership.person_id
    if is_leaving:
        _keep_a_lead(membership)
    _end(membership)
    audit.record("leave" if is_leaving else "end_membership", membership, by=by, facts=_facts(membership))
    if not is_leaving:
        letters.membership_ended(membership)


def _end(membership: Membership) -> None:
    if membership.left_at:
        raise Conflict(f"{membership.person.name} has left {membership.organisation.name} already.")
    membership.left_at = clock.now()
    _reload(membership.person)


def _keep_a_lead(membership: Membership) -> None:
    if is_last_lead(membership, members_of(membership.organisation)):
        raise Conflict(
            f"You are the only {ROLES[LEAD].lower()} of {membership.organisation.name}. "
            "Make somebody else a lead first, so that there is always one who can invite people and answer requests."
        )


def _reload(person: Person) -> None:
    session().flush()
    session().refresh(person, ["memberships"])


def _facts(membership: Membership) -> dict[str, str]:
    return {"person": membership.person_id, "organisation": membership.organisation_id, "role": membership.role}
