"""Passwords: Argon2id, hashed only when asked, and which ones are too easy to guess."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 1000
FEWEST_CHARACTERS = 5
# 19 MiB, two passes, one lane: OWASP's first choice for Argon2id; about 20 ms
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

RUNS = (
    "01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz "
    "qwertyuiopasdfghjklzxcvbnm 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm"
)
_COMMON = """
    password passw0rd passwort letmein welcome iloveyou admin administrator changeme default secret qwerty qwertyuiop
    monkey dragon football baseball liverpool arsenal chelsea sunshine princess superman batman starwars pokemon
    trustno1 whatever freedom computer internet master shadow michael charlie jordan hello login access abc123
    clarion marketplace government department procurement supplier correcthorsebatterystaple thisismypassword
    mypassword yourpassword newpassword temporary guest testing test london england britain summer winter spring autumn
"""
COMMON = frozenset(_COMMON.split())


def hash_password(password: str) -> str:
    """The Argon2id hash, with its own salt and parameters."""
    return HASHER.hash(_normal(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password is the one; without a hash it takes the same time and is never so."""
    try:
        HASHER.verify(password_hash or _dummy_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _dummy_hash() -> str:
    """Made at the first need, not at import: a hash takes 19 MiB and 20 ms."""
    return HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    """Two keyboards write é differently; surrogates, which no encoding takes, become question marks."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def why_weak(password: str, *, email: str = "", name: str = "") -> str | None:
    """What is wrong with a password that somebody chose, as a sentence; None when nothing is."""
    if len(password) < SHORTEST:
        return f"Your password must have {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"Your password must have {LONGEST:,} characters or fewer"
    plain = "".join(_normal(password).casefold().split())
    if _is_common(plain):
        return "Choose a password that is harder to guess: this one is among the first that others try"
    own = {email, email.partition("@")[0], name}
    if plain in {"".join(word.casefold().split()) for word in own if word}:
        return "Your password must not be your name or your email address"
    return None


def _is_common(plain: str) -> bool:
    """A common word with digits or signs around it, the same word twice, a run of keys, or few different characters."""
    core = plain.strip("0123456789!?.,;:*#@$%&+-_ ")
    halves = plain[: len(plain) // 2], plain[len(plain) // 2 :]
    repeated = halves[0] == halves[1] and halves[0] in COMMON
    return plain in COMMON or core in COMMON or repeated or plain in RUNS or len(set(plain)) < FEWEST_CHARACTERS
