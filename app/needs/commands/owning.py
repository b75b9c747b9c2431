"""Owners come and go with their duties."""

from app.accounts.models import Person
from app.kernel import audit, clock
from app.kernel.errors import Conflict
from app.needs import ladder, policy
from app.needs.models import CLOSED, COMMITTED, DUTIES, LIVE, OPEN, PUBLISHES, Need, NeedOwner
from app.needs.sections import Proposed


def add_owner(need: Need, person: Person, duty: str, *, by: Person) -> NeedOwner:
    """Give a colleague a duty for the need."""
    if not policy.is_staff_of(person, need):
        raise Conflict("Owners of a need are staff of its departments.")
    if duty == PUBLISHES and not policy.leads(person, need):
        raise Conflict("Who publishes a joint need is staff of the department that leads it.")
    if duty not in DUTIES or any(owner.person_id == person.id and owner.duty == duty for owner in need.owners):
        raise Conflict("They have this duty already.")
    owner = NeedOwner(person=person, duty=duty)
    need.owners.append(owner)
    need.changed_at = clock.now()
    audit.record("add_owner", need, by=by, facts={"person": person.id, "duty": duty})
    return owner


def remove_owner(need: Need, owner: NeedOwner, *, by: Person) -> None:
    """Take a duty from an owner; a firm need keeps two people who write it, and every need one who publishes it."""
    if need.state == CLOSED or (need.state == LIVE and need.is_past_deadline):
        raise Conflict("From the deadline until the need is concluded its owners stay: who wrote it cannot decide it.")
    left = [each for each in need.owners if each is not owner]
    if not any(each.duty == PUBLISHES and policy.leads(each.person, need) for each in left):
        raise Conflict("A need keeps at least one owner who publishes it. Add another first.")
    is_firm = need.state == LIVE and need.rung in (COMMITTED, OPEN)
    if is_firm and len(ladder.writers_of(Proposed(need, {"owners": left}))) < 2:
        raise Conflict("A committed or open need keeps at least two owners who write or publish it. Add another first.")
    need.owners.remove(owner)
    need.changed_at = clock.now()
    audit.record("remove_owner", need, by=by, facts={"person": owner.person_id, "duty": owner.duty})
