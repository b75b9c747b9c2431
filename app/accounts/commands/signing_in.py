"""Checking who signs in, and counting the tries that failed: in the database, so that all processes count together."""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import Person, SignInAttempt
from app.accounts.passwords import hash_password, is_outdated, verify_password
from app.accounts.queries import find_person_by_email, hash_of_address
from app.kernel import clock
from app.kernel.db import session

KEPT = timedelta(days=1)


def check_sign_in(email: str, password: str, *, address: str) -> Person | None:
    """The person whose password this is, or None, and then the failure is counted. Both take the same time."""
    person = find_person_by_email(email)
    if not verify_password(person.password_hash if person else "", password):
        _count_failure(email, address)
        return None
    if person and is_outdated(person.password_hash):
        person.password_hash = hash_password(password)
    forget_failures(email)
    return person


def forget_failures(email: str) -> None:
    """Count from nothing again for this account."""
    session().execute(delete(SignInAttempt).where(SignInAttempt.email_hash == hash_of_address(email)))


def _count_failure(email: str, address: str) -> None:
    now = clock.now()
    session().execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))
    session().add(SignInAttempt(email_hash=hash_of_address(email), address=address[:64], at=now))
