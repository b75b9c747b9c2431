"""Sealing: texts that the database keeps and cannot read, each under a key of its own kind.

AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. The key of a name is derived by HKDF with SHA-256 (RFC
5869) from one secret that is kept apart from the database, so a copy of the database alone opens nothing, and there is
no second store of keys that a crash could leave behind the first. A sealed text is bound to where it stands: moved into
another row, it does not open.
"""

import secrets
from base64 import b64decode, b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel.errors import Refusal

NONCE_BYTES, KEY_BYTES, BLOCK = 12, 32, 64
_secret: bytes = b""


class BrokenSeal(Refusal):
    """A sealed text that was changed or moved, or is read with another secret than it was sealed with."""


def use(secret: str) -> None:
    """Make this the secret of the process, from which all keys are derived."""
    global _secret
    _secret = secret.encode()
    _cipher.cache_clear()


def seal(text: str, *, key: str, place: str) -> str:
    """The text as the database keeps it, in base 64: under the key of this name, and bound to the place.

    Padded to blocks of 64 bytes, so that its length tells little.
    """
    nonce, plain = secrets.token_bytes(NONCE_BYTES), text.encode()
    padded = plain + b"\x80" + b"\0" * (-(len(plain) + 1) % BLOCK)
    return b64encode(nonce + _cipher(key).encrypt(nonce, padded, place.encode())).decode()


def unseal(sealed: str, *, key: str, place: str) -> str:
    """What was sealed under the key of this name for this place. BrokenSeal where that was something else."""
    try:
        raw = b64decode(sealed, validate=True)
        padded = _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise BrokenSeal("A sealed text does not open: it was changed, or the sealing key is another one.") from None
    return padded[: padded.rindex(b"\x80")].decode()


@lru_cache(maxsize=1024)
def _cipher(key: str) -> AESGCM:
    if not _secret:
        raise RuntimeError("no sealing key is set")
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"clarion sealing {key}".encode())
    return AESGCM(derived.derive(_secret))
