"""The search page of solution profiles, providers and evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.models import IN_HOUSE_TEAM, KINDS, SUPPLIER
from app.capabilities.choices import CLEARANCES, PLACES
from app.capabilities.queries import filters_for, name_in, tree
from app.kernel import search
from app.kernel.forms.reading import one_line
from app.kernel.paging import SIZE, Page, page_number
from app.kernel.templating import address_with
from app.kernel.web import anyone, guard
from app.providers import queries
from app.providers.choices import SIZES, STANDINGS
from app.providers.views.blueprint import bp

MOST_CHOSEN = 30
SHOWN = {"profiles": "profile", "providers": "provider", "evidence": "evidence"}
TITLES = {
    "profiles": "Solution profiles",
    "providers": "Suppliers and in-house teams",
    "evidence": "Evidence of past work",
}
NOUNS = {"profiles": "solution profile", "providers": "provider", "evidence": "piece of evidence"}
SORTS = {"relevance": "Best match", "newest": "Newest first", "title": "A to Z"}
FACETS = {
    "area": "Area",
    "capability": "Capability",
    "place": "Place",
    "size": "Size",
    "clearance": "Security clearance",
    "kind": "Supplier or in-house team",
    "standing": "Evidence",
}
LACKING = {"providers": {"clearance"}, "evidence": {"clearance", "place"}}


@dataclass(frozen=True)
class Option:
    """One value of a facet, as the page shows it."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """One facet, as the page shows it."""

    name: str
    title: str
    options: list[Option]
    open: bool


def _labels() -> dict[str, Mapping[str, str]]:
    capabilities = {node.id: node.name for node in tree().nodes.values()}
    return {
        "area": capabilities,
        "capability": capabilities,
        "place": {**PLACES, "remote": "Remote"},
        "size": SIZES,
        "clearance": CLEARANCES,
        "kind": {SUPPLIER: KINDS[SUPPLIER], IN_HOUSE_TEAM: KINDS[IN_HOUSE_TEAM]},
        "standing": {**STANDINGS, "none": "None yet"},
    }


@bp.get("/providers")
@guard(anyone)
def browse() -> ResponseReturnValue:
    shown = request.args.get("show", "")
    shown = shown if shown in SHOWN else "profiles"
    labels = {name: known for name, known in _labels().items() if name not in LACKING.get(shown, ())}
    filters = {
        name: [v for v in request.args.getlist(name)[:MOST_CHOSEN] if v in known] for name, known in labels.items()
    }
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "relevance"
    words = one_line(request.args.get("q", ""))[:500]
    found = _found(SHOWN[shown], words, filters, sort)
    return render_template(
        "providers/browse.html",
        shown=shown,
        kinds=[(TITLES[each], address_with(show=each, page=None), each == shown) for each in SHOWN],
        noun=NOUNS[shown],
        words=words,
        found=found,
        broader=name_in(found.instead),
        page=Page(_rows(SHOWN[shown], found.hits), found.page, found.size, found.total),
        groups=_groups(found, filters, labels),
        chips=_chips(filters, labels),
        sorts=list(SORTS.items()),
        sort=sort,
    )


def _found(kind: str, words: str, filters: dict[str, list[str]], sort: str) -> search.Found:
    ask = partial(
        search.find, kind, words, filters=filters, facets=list(filters), sort=sort, size=SIZE, otherwise=filters_for
    )
    found = ask(page=page_number(request.args))
    return found if found.hits or not found.total else ask(page=-(-found.total // SIZE))


def _rows(kind: str, hits: Iterable[search.Hit]) -> list[tuple[search.Hit, Any]]:
    """The hits whose rows are there and public, with their rows."""
    load: Any = {
        "profile": queries.load_live_profiles,
        "provider": queries.load_providers,
        "evidence": queries.load_evidence,
    }[kind]
    rows = load([hit.row_id for hit in hits])
    return [(hit, rows[hit.row_id]) for hit in hits if hit.row_id in rows]


def _groups(found: search.Found, filters: dict[str, list[str]], labels: dict[str, Mapping[str, str]]) -> list[Group]:
    groups = []
    for name, known in labels.items():
        counts = found.facet_counts.get(name, {})
        fixed = name not in ("area", "capability")
        values = (
            [v for v in known if v in counts or v in filters[name]] if fixed else [v for v in counts if v in known][:30]
        )
        values += [v for v in filters[name] if v not in values]
        options = [Option(v, known[v], counts.get(v, 0), v in filters[name]) for v in values]
        if options:
            groups.append(Group(name, FACETS[name], options, open=name == "area"))
    return groups


def _chips(filters: dict[str, list[str]], labels: dict[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return [
        (labels[name][value], address_with(page=None, **{name: [v for v in chosen if v != value] or None}))
        for name, chosen in filters.items()
        for value in chosen
    ]
