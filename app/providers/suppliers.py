"""Suppliers by name: whom an import means, in the register or entered once."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.commands import enter_organisation
from app.accounts.models import OWN, SUPPLIER, Organisation
from app.kernel.db import session
from app.kernel.importing import BadRow
from app.providers.commands import ensure_provider
from app.providers.models import Provider

_BRACKETS, _MARKS = re.compile(r"\(.*?\)"), re.compile(r"[^\w&]+")
_SAME = {"limited": "ltd", "company": "co", "and": "&", "incorporated": "inc", "corporation": "corp"}


def name_key(name: str) -> str:
    """A name in the form in which two writings of it are equal: `Acme (UK) Limited` is `acme-ltd`."""
    bare = _MARKS.sub(" ", _BRACKETS.sub(" ", name.casefold().replace("&", " & ")))
    return "-".join(_SAME.get(word, word) for word in bare.split()) or name.casefold().strip()


class Suppliers:
    """The register's suppliers in memory. Who entered themselves without a number is nobody's namesake."""

    def __init__(self, known: Iterable[Organisation], register: str, begun: Iterable[Provider]) -> None:
        self.register = register
        self._providers = {provider.organisation_id: provider for provider in begun}
        self._by_key: dict[str, list[Organisation]] = {}
        for supplier in known:
            self._learn(supplier)

    @classmethod
    def load(cls, register: str) -> "Suppliers":
        """The register as it is; whom it does not know is entered under `register`."""
        wanted = select(Organisation).where(Organisation.kind == SUPPLIER, Organisation.register != OWN)
        begun = session().scalars(select(Provider).options(joinedload(Provider.organisation)))
        return cls(session().scalars(wanted.order_by(Organisation.id)), register, begun)

    def _learn(self, supplier: Organisation) -> None:
        self._by_key.setdefault(name_key(supplier.name), []).append(supplier)

    def find_or_enter(self, name: str) -> Organisation:
        """The supplier of this name; one that nobody knows is entered. Several of one name are a BadRow."""
        found = self._by_key.get(name_key(name), [])
        own = [supplier for supplier in found if supplier.register == self.register]
        if own or len(found) == 1:
            return (own or found)[0]
        if found:
            raise BadRow(f"There are {len(found)} suppliers called {name}: it cannot be told which is meant.")
        made = enter_organisation(kind=SUPPLIER, name=name, register=self.register, number=name_key(name), by=None)
        self._learn(made)
        return made

    def find_or_begin(self, name: str) -> Provider:
        """The provider that this supplier is; it is begun where there was none, or where its row was taken back."""
        supplier = self.find_or_enter(name)
        provider = self._providers.get(supplier.id)
        if provider is None or provider not in session():
            provider = self._providers[supplier.id] = ensure_provider(supplier)
        return provider
