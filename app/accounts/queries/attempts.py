"""Reading how often signing in failed: in the database, so that all processes count together."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from app.accounts.models import SignInAttempt
from app.kernel import clock
from app.kernel.db import session
from app.kernel.mail import OutboxMail

WINDOW = timedelta(minutes=15)
# from one address; from all together more, so that a rival cannot keep somebody out with a few wrong passwords
MOST_FOR_ACCOUNT, MOST_FROM_EVERYWHERE = 10, 100
# an address is shared by an office, so it may fail more often than one account
MOST_FOR_ADDRESS = 50
# so that nobody's letter box is flooded by pressing a button here
MOST_MAILS, MAIL_WINDOW = 6, timedelta(hours=1)


def blocked_until(email: str, address: str) -> datetime | None:
    """When the account and the address may try again; None if they may now."""
    same_account, same_address = (
        SignInAttempt.email_hash == hash_of_address(email),
        SignInAttempt.address == address[:64],
    )
    ends = [
        _end_of_block(same_account & same_address, MOST_FOR_ACCOUNT),
        _end_of_block(same_account, MOST_FROM_EVERYWHERE),
        _end_of_block(same_address, MOST_FOR_ADDRESS),
    ]
    return max((end for end in ends if end), default=None)


def is_flooded(email: str, *subjects: str) -> bool:
    """Whether the address got so many mails of these subjects within the hour that no more is sent to it now.

    Other mails do not count: notices must never keep the link away from who forgot the password.
    """
    recent = (
        OutboxMail.to == email,
        OutboxMail.subject.in_(subjects),
        OutboxMail.written_at > clock.now() - MAIL_WINDOW,
    )
    return (session().scalar(select(func.count()).select_from(OutboxMail).where(*recent)) or 0) >= MOST_MAILS


def hash_of_address(email: str) -> str:
    """What the table of attempts keeps of a mail address."""
    return hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()


def _end_of_block(same: ColumnElement[bool], most: int) -> datetime | None:
    """Blocked while `most` failures lie within the window: until the oldest of them leaves it."""
    since = clock.now() - WINDOW
    recent = select(SignInAttempt.at).where(same, SignInAttempt.at > since).order_by(SignInAttempt.at.desc())
    oldest = session().scalar(recent.offset(most - 1).limit(1))
    return oldest + WINDOW if oldest else None
