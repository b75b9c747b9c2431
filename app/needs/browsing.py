"""What the search page asks for: an address that anybody may have typed, read into filters, and its facets in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode

from app.accounts.queries import organisations_by_id
from app.capabilities.choices import PLACES
from app.capabilities.queries import filters_for, names_of
from app.kernel import search
from app.kernel.paging import page_number
from app.needs.choices import ROUTES, STATES
from app.needs.index import REMOTE
from app.needs.ladder import LADDER
from app.needs.models import DRAFT, WITHDRAWN

SIZE, MOST_OPTIONS = 20, 12
FACETS = {
    "rung": "How firm",
    "state": "State",
    "department": "Department",
    "area": "Area",
    "capability": "Capability",
    "place": "Place",
    "route": "Procurement route",
}
SORTS = {"relevance": "Relevance", "newest": "Newest first", "closes": "Closing soonest"}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "rung": {key: rung.label for key, rung in LADDER.items()},
    "state": {key: label for key, label in STATES.items() if key not in (DRAFT, WITHDRAWN)},
    "place": {REMOTE: "Remote", **PLACES},
    "route": ROUTES,
}


class Address(Protocol):
    """What stands in an address after its question mark: a name may stand there several times."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Asked:
    """What an address asks for; `ignored` tells that it named a filter or an order that does not exist."""

    words: str
    filters: dict[str, list[str]]
    names: dict[str, dict[str, str]]
    sort: str
    page: int
    ignored: bool


def read_address(args: Address) -> Asked:
    """Read an address: what it names that does not exist is left out."""
    given = {facet: _plain_values(args.getlist(facet)) for facet in FACETS}
    names = {facet: names_in(facet, values) for facet, values in given.items() if values}
    filters = {facet: [value for value in values if value in names[facet]] for facet, values in given.items() if values}
    sort = args.get("sort", "relevance")
    unknown = sort not in SORTS or any(len(filters[facet]) < len(given[facet]) for facet in filters)
    words = " ".join(args.get("q", "").replace("\0", " ").split())
    return Asked(
        words,
        filters,
        names,
        sort if sort in SORTS else "relevance",
        page_number({"page": args.get("page", "1")}),
        unknown,
    )


def _plain_values(values: Iterable[str]) -> list[str]:
    """Each value once, the empty ones left out, and no more than a page could offer."""
    return list(dict.fromkeys(value[:80].replace("\0", "") for value in values if value))[:50]


def names_in(facet: str, values: Iterable[str]) -> dict[str, str]:
    """What the values of a facet are called; one that does not exist has no name."""
    wanted = list(values)
    if facet == "department":
        return {key: row.name for key, row in organisations_by_id(wanted).items() if row.is_department}
    known = names_of(wanted) if facet in ("area", "capability") else _NAMES[facet]
    return {value: known[value] for value in wanted if value in known}


class _Typed:
    """An address's text after its question mark, as a browser's would be read."""

    def __init__(self, query: str) -> None:
        self._values = parse_qs(query)

    def get(self, key: str, default: str, /) -> str:
        return self._values.get(key, [default])[0]

    def getlist(self, key: str, /) -> list[str]:
        return self._values.get(key, [])


def typed(query: str) -> Address:
    """What stands after the question mark of an address, to be read by `read_address`."""
    return _Typed(query)


def query_of(asked: Asked) -> str:
    """What stands after the question mark of an address that asks for the same, whatever the page and the order."""
    pairs = [(facet, value) for facet, values in asked.filters.items() for value in sorted(values)]
    return urlencode([*([("q", asked.words)] if asked.words else []), *pairs])


def read_query(query: str) -> tuple[str, dict[str, list[str]]]:
    """Words and filters of what `query_of` made, without asking again what exists: what is gone finds nothing."""
    given = parse_qs(query)
    return " ".join(given.get("q", [])), {facet: given[facet] for facet in FACETS if facet in given}


def ask(asked: Asked) -> search.Found:
    """The page of needs that the address asks for."""
    facets = list(FACETS)
    return search.find(
        "need",
        asked.words,
        filters=asked.filters,
        facets=facets,
        sort=asked.sort,
        page=asked.page,
        size=SIZE,
        otherwise=filters_for,
    )


def groups(asked: Asked, found: search.Found) -> list[dict[str, Any]]:
    """The facets as the page shows them: the commonest values, and whatever is chosen."""
    return [
        {"name": facet, "title": title, "options": options, "open": facet == "rung"}
        for facet, title in FACETS.items()
        if (options := _options(facet, asked.filters.get(facet, []), found.facet_counts.get(facet, {})))
    ]


def _options(facet: str, chosen: list[str], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    is_short = facet in ("rung", "state", "place", "route")
    common = [*counts] if is_short else [*counts][:MOST_OPTIONS]
    names = names_in(facet, dict.fromkeys([*common, *chosen]))
    values = [value for value in _NAMES[facet] if value in names] if is_short else list(names)
    return [
        {"value": value, "text": names[value], "count": counts.get(value, 0), "chosen": value in chosen}
        for value in values
    ]
