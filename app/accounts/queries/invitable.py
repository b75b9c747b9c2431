"""Reading whether an address can be invited."""

from app.accounts.addresses import domain_of, mailbox_of
from app.accounts.models import SUPPLIER, Organisation, Person
from app.accounts.queries.memberships import open_invitations
from app.accounts.queries.organisations import domains_of, find_mail_domain
from app.accounts.queries.people import find_person_by_email
from app.kernel import clock


def why_not_invite(organisation: Organisation, email: str, *, by: Person) -> str | None:
    """Why this address cannot be invited, as a sentence; None when it can."""
    if not organisation.is_open:
        return f"{organisation.name} has closed, so nobody can join it."
    if organisation.kind != SUPPLIER and domain_of(email) not in domains_of(organisation):
        known = ", ".join(domains_of(organisation)) or "none yet"
        return f"The address must be under a mail domain of the department: {known}."
    if email == by.email:
        return "You cannot invite yourself."
    person = find_person_by_email(email)
    if person is None and _is_second_name(email):
        return f"Leave out the part from “+” to “@”: at {domain_of(email)} a mailbox has one account."
    if person and person.holds(organisation.id):
        return f"{person.name} is in {organisation.name} already. You can change the role on its page."
    if any(open_one.email == email for open_one in open_invitations(organisation, clock.now())):
        return "This address has an invitation already that waits for an answer."
    return None


def _is_second_name(email: str) -> bool:
    """Whether it is a tagged address at a department's mail domain; whether the mailbox has an account is not told."""
    return email != mailbox_of(email) and find_mail_domain(domain_of(email)) is not None
