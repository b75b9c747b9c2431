"""Digital public goods as their register tells them: one row, read and checked. Pure but for the vocabulary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.capabilities.queries import recognise
from app.kernel.importing import BadRow, Row

REGISTER = "DPG"
SHAPES = {"digital public goods": ("id", "name", "description", "licences", "organisations")}
# whoever funds a thing does not offer it
OFFERING = ("owner", "maintainer", "implementer")
MOST_CAPABILITIES, MOST_LICENCE, MOST_ADDRESS = 15, 200, 300
CODE = {"software", "aimodel"}
KINDS = {
    "software": "software",
    "content": "content",
    "data": "data",
    "aimodel": "a model of artificial intelligence",
    "standard": "a standard",
}
# licences that the Open Source Initiative approves, without their versions
OPEN_SOURCE = (
    *("MIT", "GPL-", "LGPL-", "AGPL-", "APACHE-", "BSD-", "MPL-", "EPL-", "EUPL-", "ISC", "NPOSL-", "CAL-"),
    *("UNLICENSE", "0BSD", "ZLIB", "ARTISTIC-2", "CDDL-", "OSL-", "AFL-", "MS-PL", "UPL-", "BSL-1"),
)
GOALS = {
    1: "No poverty",
    2: "Zero hunger",
    3: "Good health and well-being",
    4: "Quality education",
    5: "Gender equality",
    6: "Clean water and sanitation",
    7: "Affordable and clean energy",
    8: "Decent work and economic growth",
    9: "Industry, innovation and infrastructure",
    10: "Reduced inequalities",
    11: "Sustainable cities and communities",
    12: "Responsible consumption and production",
    13: "Climate action",
    14: "Life below water",
    15: "Life on land",
    16: "Peace, justice and strong institutions",
    17: "Partnerships for the goals",
}


@dataclass(frozen=True)
class Good:
    """One digital public good: where it comes from, who offers it, and what the file says of it, by attribute."""

    source: str
    owner: str
    said: dict[str, Any]


def read_good(row: Row) -> Good:
    """A row of the register; a bad one raises BadRow. What it does not say stays empty, its price above all."""
    title, text = row.needed("name", most=200), row.needed("description", most=20_000)
    kinds, licences = row.texts("type"), row.texts("licences")
    aliases = row.texts("aliases")
    found = recognise("\n".join([title, *aliases, text]))[:MOST_CAPABILITIES]
    said = {
        "title": title,
        "problem": _goals(row.values.get("sdgs")),
        "approach": "\n\n".join(part for part in (text, _kinds(kinds), _aliases(aliases)) if part),
        "users": ", ".join(row.texts("sectors")),
        "licence": ", ".join(licences)[:MOST_LICENCE],
        "standards": ["open_source"] if CODE & set(kinds) and any(map(is_open_source, licences)) else [],
        "source_url": _address(row),
        "capabilities": sorted(found),
    }
    return Good(f"{REGISTER}:{row.needed('id', most=110)}", _owner(row.values.get("organisations")), said)


def is_open_source(licence: str) -> bool:
    """Whether a licence, as SPDX names it, is one of open source. Creative Commons is for works, not for code."""
    return licence.strip().upper().startswith(OPEN_SOURCE)


def _owner(organisations: Any) -> str:
    """Who offers it: its owner or, where none is named, who maintains or implements it."""
    named = organisations if isinstance(organisations, list) else []
    for role in OFFERING:
        for each in named:
            if isinstance(each, Mapping) and each.get("role") == role:
                return Row(0, {"The organisation's name": each.get("name")}).needed("The organisation's name", most=200)
    raise BadRow("organisations names nobody who owns, maintains or implements it.")


def _address(row: Row) -> str:
    """Its website or, where there is none, its code: the first address that is safe as a link."""
    given = [row.text("website", most=2_000), *_texts(row.values.get("repositories"))]
    for address in (each.strip() for each in given):
        if address.startswith(("https://", "http://")) and len(address) <= MOST_ADDRESS and " " not in address:
            return address
    return ""


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _goals(numbers: Any) -> str:
    known = [GOALS[each] for each in numbers if each in GOALS] if _is_numbers(numbers) else []
    return f"Serves the Sustainable Development Goals: {'; '.join(known)}." if known else ""


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, int) for each in value)


def _kinds(kinds: Sequence[str]) -> str:
    known = [KINDS[kind] for kind in kinds if kind in KINDS]
    return f"It is {' and '.join(known)}." if known else ""


def _aliases(aliases: Sequence[str]) -> str:
    return f"Also known as {', '.join(aliases)}." if aliases else ""
