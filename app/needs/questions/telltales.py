"""Telltales: names of providers in what is about to be published.

All providers are looked for, not the asker alone: a warning about one name would tell an owner who asked.
"""

import re

from sqlalchemy import select

from app.accounts.models import IN_HOUSE_TEAM, SUPPLIER, Organisation
from app.kernel.db import session

SHORTEST = 3
_WORD = re.compile(r"\w+")
_FORMS = {"ltd", "limited", "plc", "llp", "inc", "llc", "cic"}


def providers_named_in(*texts: str) -> list[str]:
    """The names of providers that stand in these texts, with or without Ltd and the like."""
    said = [f" {_plain(text)} " for text in texts]
    names = session().scalars(select(Organisation.name).where(Organisation.kind.in_((SUPPLIER, IN_HOUSE_TEAM))))
    return sorted({name for name in names if any(_stands_in(name, text) for text in said)})


def _stands_in(name: str, text: str) -> bool:
    words = _plain(name).split()
    sought = " ".join([word for word in words if word not in _FORMS] or words)
    return len(sought) >= SHORTEST and f" {sought} " in text


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
