"""Suppliers by the ways in which other sites write their names: matched to the register, or entered once."""

import re
from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.commands import enter_organisation
from app.accounts.models import OWN, SUPPLIER, Organisation
from app.kernel.db import session
from app.kernel.importing import BadRow

REGISTER = "GB-DOS-SUPPLIER"
_SAME = {"limited": "ltd", "company": "co", "and": "&", "incorporated": "inc", "corporation": "corp"}


def key_of(name: str) -> str:
    """The name in small letters without brackets, dots and commas, with `limited` and its like written one way."""
    bare = re.sub(r"\(.*?\)|[.,]", " ", name.casefold().replace("’", "'").replace("&", " & "))
    return " ".join(_SAME.get(word, word) for word in bare.split()) or name.casefold().strip()


class Suppliers:
    """The register's suppliers in memory. Who entered themselves without a number is nobody's namesake."""

    def __init__(self, known: Iterable[Organisation]) -> None:
        self._by_key: dict[str, list[Organisation]] = {}
        for supplier in known:
            self._learn(supplier)

    @classmethod
    def load(cls) -> "Suppliers":
        """The register as it is."""
        wanted = select(Organisation).where(Organisation.kind == SUPPLIER, Organisation.register != OWN)
        return cls(session().scalars(wanted.order_by(Organisation.id)))

    def _learn(self, supplier: Organisation) -> None:
        self._by_key.setdefault(key_of(supplier.name), []).append(supplier)

    def find_or_enter(self, name: str) -> Organisation:
        """The supplier of this name; one that nobody knows is entered. Several of one name are a BadRow."""
        found = self._by_key.get(key_of(name), [])
        own = [supplier for supplier in found if supplier.register == REGISTER]
        if own or len(found) == 1:
            return (own or found)[0]
        if found:
            raise BadRow(f"There are {len(found)} suppliers called {name}: it cannot be told which of them won.")
        made = enter_organisation(
            kind=SUPPLIER, name=name, register=REGISTER, number=key_of(name).replace(" ", "-"), by=None
        )
        self._learn(made)
        return made
