"""Registering, passwords, names, and being erased."""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import letters
from app.accounts.commands.memberships import admit_person, cancel_invitations_of
from app.accounts.commands.signing_in import forget_failures
from app.accounts.models import BUYER, Claim, Invitation, Person
from app.accounts.passwords import hash_password
from app.accounts.queries import find_account_at, find_department_of, find_person_by_email, is_flooded
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.mail import OutboxMail

ERASED = "Erased person"


def ask_to_register(email: str, *, link: str, sign_in_link: str, reset_link: str) -> None:
    """Mail the link that proves the address; to an address that has an account, say so in the mail alone."""
    if is_flooded(email, letters.PROOF, letters.EXISTS):
        return
    if find_account_at(email):
        letters.account_exists(email, sign_in_link, reset_link)
    else:
        letters.proof_of_address(email, link)


def register_person(email: str, *, name: str, password: str) -> Person:
    """Make an account for an address that was proved; one of a department's mail domain joins it as buyer."""
    person = add_person(email, name=name, password=password)
    department = find_department_of(email)
    if department:
        admit_person(person, department, BUYER, by=person)
    return person


def add_person(email: str, *, name: str, password: str = "", is_operator: bool = False) -> Person:
    """Make an account, in no organisation yet."""
    person = Person(email=email, name=name, is_operator=is_operator, created_at=clock.now())
    person.password_hash = hash_password(password) if password else ""
    taken = Conflict("There is an account for this email address already. Sign in, or choose a new password.")
    if find_account_at(email):
        raise taken
    session().add(person)
    try:
        session().flush()
    except IntegrityError:
        raise taken from None
    session().refresh(person, ["memberships"])
    audit.record("register", person, by=person)
    return person


def make_operator(email: str, *, name: str, password: str = "") -> Person:
    """Make somebody an operator, with a new account where there is none; for the command line."""
    person = find_person_by_email(email)
    if person is None:
        person = add_person(email, name=name, password=password, is_operator=True)
    elif password:
        _set_password(person, password)
    _keep_out_of_providers(person)
    person.is_operator = True
    audit.record("make_operator", person, by=None)
    return person


def send_reset(person: Person, *, link: str) -> None:
    """Mail the link to choose a new password."""
    if is_flooded(person.email, letters.RESET):
        return
    letters.reset_link(person, link)
    audit.record("ask_to_reset_password", person, by=None)


def reset_password(person: Person, password: str) -> None:
    """Set the password of somebody who proved the address again; every browser is signed out."""
    _set_password(person, password)
    forget_failures(person.email)
    audit.record("reset_password", person, by=person)
    letters.password_changed(person)


def change_password(person: Person, password: str, *, by: Person) -> None:
    """Set a new password; every other browser is signed out."""
    _set_password(person, password)
    audit.record("change_password", person, by=by)
    letters.password_changed(person)


def change_name(person: Person, name: str, *, by: Person) -> None:
    """Call a person by another name."""
    person.name = name
    audit.record("change_name", person, by=by)


def erase_person(person: Person, *, by: Person | None) -> None:
    """Forget who somebody is: no name, no address, no sign-in. What they did stays, by an id that names nobody.

    Moves: claims and invitations waiting -> refused, cancelled; memberships end.
    """
    _keep_an_operator(person)
    email, placeholder = person.email, f"erased-{person.id}@erased.invalid"
    for membership in person.memberships:
        membership.left_at = clock.now()
        cancel_invitations_of(membership, by=by)
    _close_claims(person)
    _blank_invitations(email, placeholder)
    forget_failures(email)
    session().execute(delete(OutboxMail).where(OutboxMail.to == email))
    person.name, person.email, person.password_hash = ERASED, placeholder, ""
    person.is_operator, person.erased_at = False, clock.now()
    person.session_epoch += 1
    audit.record("erase", person, by=by)
    session().refresh(person, ["memberships"])


def _set_password(person: Person, password: str) -> None:
    person.password_hash = hash_password(password)
    person.session_epoch += 1


def _keep_out_of_providers(person: Person) -> None:
    joined = next((each for each in person.organisations() if each.is_provider), None)
    if joined:
        raise Conflict(f"{person.name} is in {joined.name}. An operator cannot be in a supplier or an in-house team.")


def _keep_an_operator(person: Person) -> None:
    others = select(func.count()).select_from(Person).where(Person.is_operator, Person.id != person.id)
    if person.is_operator and not session().scalar(others):
        raise Conflict("This is the only operator. Make somebody else an operator first.")


def _close_claims(person: Person) -> None:
    for claim in session().scalars(select(Claim).where(Claim.person_id == person.id)):
        claim.reason = ""
        if claim.can("refuse"):
            claim.move("refuse")
            claim.answered_at = clock.now()


def _blank_invitations(email: str, placeholder: str) -> None:
    for invitation in session().scalars(select(Invitation).where(Invitation.email == email)):
        invitation.email = placeholder
        if invitation.can("cancel"):
            invitation.move("cancel")
