"""Signing: what an address may carry that its holder cannot change. The key is the instance's."""

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

_key: str | None = None


def use(key: str) -> None:
    """Make this the key of the process."""
    global _key
    _key = key


def sign(purpose: str, value: Any) -> str:
    """A token that carries a JSON value; one made for another purpose is forged. It does not expire."""
    return str(_serializer(purpose).dumps(value))


def read(purpose: str, token: str) -> Any:
    """The value of a token, or None where it is not one of ours."""
    try:
        return _serializer(purpose).loads(token)
    except (BadData, ValueError):
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    if _key is None:
        raise RuntimeError("no signing key is set")
    return URLSafeSerializer(_key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})
