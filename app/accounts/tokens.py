"""Signed tokens of mailed links: what each was made for, for whom, and until when it works."""

import hashlib
from datetime import UTC, datetime, timedelta
from enum import Enum

from itsdangerous import BadData, URLSafeSerializer

from app.accounts.models import Person

REGISTER_FOR, RESET_FOR, WELCOME_FOR = timedelta(hours=24), timedelta(hours=1), timedelta(hours=24)


class Purpose(Enum):
    """What a token lets its holder do; one made for another purpose is forged."""

    REGISTER = "accounts.register"
    RESET = "accounts.reset"


class BadToken(Exception):
    """A token that does not work; the message says why, in words for its holder."""


def sign(key: str, purpose: Purpose, value: str, *, until: datetime) -> str:
    """A token that carries `value` and its own end; the expiry is Clarion's clock's, not the signer's."""
    return str(_serializer(key, purpose).dumps([value, int(until.timestamp())]))


def read(key: str, purpose: Purpose, token: str, *, now: datetime) -> str:
    """The value of a token, or BadToken."""
    try:
        value, until = _serializer(key, purpose).loads(token)
    except (BadData, ValueError, TypeError):
        raise BadToken("It is not complete, or it was changed on its way.") from None
    if now >= datetime.fromtimestamp(until, UTC):
        raise BadToken("It is too old.")
    return str(value)


def sign_reset(key: str, person: Person, *, until: datetime) -> str:
    """A token to set a password: it names the person and the password that it replaces, so it works once."""
    return sign(key, Purpose.RESET, f"{person.id}.{fingerprint(person)}", until=until)


def fingerprint(person: Person) -> str:
    """Changes whenever the password or the epoch of the sessions does."""
    told = f"{person.password_hash}.{person.session_epoch}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _serializer(key: str, purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=purpose.value, signer_kwargs={"digest_method": hashlib.sha256})
