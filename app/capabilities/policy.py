"""Who may change the vocabulary."""

from typing import Any

from app.capabilities.models import Capability


def may_edit_vocabulary(person: Any, _capability: Capability | None = None) -> bool:
    """Operators alone: a word of the vocabulary means the same to everybody."""
    return person is not None and bool(person.is_operator)


def may_read_vocabulary(_person: Any, _capability: Capability | None = None) -> bool:
    """Everybody, signed in or not."""
    return True
