"""Departments by the many ways in which other sites write them: matched to the register, or entered once."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from app.accounts.commands import enter_organisation
from app.accounts.models import DEPARTMENT, MailDomain, Organisation
from app.kernel.db import session

REGISTER = "GB-DOS-BUYER"
LEAST_WORDS = 2  # a shorter name is no beginning of another: "Treasury" begins much
_DROPPED = {"the", "of", "for", "and", "ltd", "limited", "company", "corporation"}
_PARTS = re.compile(r"[,;:()/\[\]]| - | – | part of | on behalf of | within | in ", re.IGNORECASE)
Key = tuple[str, ...]


def key_of(name: str) -> Key:
    """The words that tell a name from others: small letters, no plurals, no articles, no brackets but a nation's."""
    bare = re.sub(r"[(\[](?!northern ireland|scotland|wales|england).*?[)\]]", " ", name, flags=re.IGNORECASE).lower()
    bare = re.sub(r"\bni\b", "northern ireland", bare.replace("’", "'").replace("&", " and "))
    bare = re.sub(r"\b(her|his) majesty's\b|\bh\.? ?m\.?(?= )", "hm", bare).replace("'", "")
    words = re.findall(r"[^\W_]+", bare)
    return tuple(word.removesuffix("s") if len(word) > 3 else word for word in words if word not in _DROPPED)


class Departments:
    """The register in memory: finds a department by name, abbreviation, beginning or mail domain, or enters it."""

    def __init__(self, known: Iterable[Organisation], domains: Mapping[str, Organisation]) -> None:
        self._domains = domains
        self._by_key: dict[Key, Organisation] = {}
        self._by_abbreviation: dict[str, Organisation | None] = {}
        for department in sorted(known, key=lambda each: (not each.is_open, each.name, each.id)):
            self._learn(department)

    @classmethod
    def load(cls) -> "Departments":
        """The register as it is."""
        known = list(session().scalars(select(Organisation).where(Organisation.kind == DEPARTMENT)))
        by_id = {each.id: each for each in known}
        rows = session().execute(select(MailDomain.domain, MailDomain.organisation_id))
        return cls(known, {domain: by_id[owner] for domain, owner in rows if owner in by_id})

    def _learn(self, department: Organisation) -> None:
        self._by_key.setdefault(key_of(department.name), department)
        short = department.abbreviation.lower()
        if len(short) > 1 and (department.is_open or short not in self._by_abbreviation):
            self._by_abbreviation[short] = None if short in self._by_abbreviation else department

    def find(self, name: str, domain: str = "") -> Organisation | None:
        """The department of this name or, where the name is unknown, of this mail domain."""
        parts = [part.strip() for part in _PARTS.split(name) if part.strip()]
        return (
            self._by_key.get(key_of(name))
            or self._beginning(key_of(name))
            or next(filter(None, (self._named(part) for part in parts)), None)
            or self._domains.get(domain)
        )

    def _named(self, part: str) -> Organisation | None:
        key = key_of(part)
        known = self._by_key.get(key) if len(key) >= LEAST_WORDS else None
        return known or self._by_abbreviation.get(part.lower())

    def _beginning(self, key: Key) -> Organisation | None:
        """The department whose name begins this one: a directorate or a programme belongs to its department."""
        lengths = range(len(key) - 1, LEAST_WORDS - 1, -1)
        return next((self._by_key[key[:length]] for length in lengths if key[:length] in self._by_key), None)

    def find_or_enter(self, name: str, domain: str = "") -> Organisation:
        """The department of this name; one that nobody knows is entered under its own words, so that it comes once."""
        found = self.find(name, domain)
        if found:
            return found
        plain = " ".join(re.sub(r"\(.*?\)", " ", name).split()).strip(" ,;.-") or name
        number = "-".join(key_of(name) or key_of(plain) or ("unnamed",))[:200]
        made = enter_organisation(kind=DEPARTMENT, name=plain[:200], register=REGISTER, number=number, by=None)
        self._learn(made)
        return made
