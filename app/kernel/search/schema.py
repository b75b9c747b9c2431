"""How a document is laid out in Whoosh: the fields, how they are scored, and the columns that are not words."""

import json
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from whoosh import fields, scoring
from whoosh.columns import VarBytesColumn

from app.kernel.search.analysis import ITEM_BREAK, Analyser, clean, name_key, vocabulary
from app.kernel.search.documents import Document, FacetValue, SortValue

# Raise it when this file changes what is written: every index is then built anew.
LAYOUT = 3

# What a word's BM25 score counts for in each field that people search.
WEIGHTS = {"title": 3.0, "names": 4.0, "text": 1.0}
# And in each field that a long text is ranked by.
RANKED = {"title": 1.5, "text": 1.0}
# BM25's own numbers. A tag and a whole name have no length to normalise by.
K1 = 1.2
B = {"title": 0.4, "names": 0.4, "text": 0.75, "capabilities": 0.0, "exact": 0.0, "pairs": 0.75}
# Two words side by side count as a field of its own, read from the positions of these.
PAIRS, PAIRED = "pairs", ("title", "text")
# The fields whose postings are compiled into arrays, in the order in which the arrays number them.
COMPILED = tuple(B)
INDEXED = tuple(field for field in COMPILED if field != PAIRS)
LONGEST_SORTED = 40

WORDS = Analyser()
SCHEMA = fields.Schema(
    key=fields.ID(unique=True),
    title=fields.TEXT(analyzer=WORDS),
    names=fields.TEXT(analyzer=WORDS),
    text=fields.TEXT(analyzer=WORDS),
    exact=fields.ID(),
    capabilities=fields.KEYWORD(scorable=True),
    words=fields.ID(),
    facts=fields.COLUMN(VarBytesColumn()),
    content=fields.STORED,
)


def weighting() -> Any:
    """Whoosh's BM25F (per field: Robertson and Zaragoza 2009, section 3)."""
    return scoring.BM25F(K1=K1, **{f"{field}_B": B[field] for field in INDEXED})


def layout_of(row_id: str, document: Document) -> dict[str, Any]:
    """The fields that Whoosh's writer takes for one document."""
    title, items = clean(document.title), [clean(item) for item in document.items()]
    names = [clean(name) for name in document.names]
    laid = {
        "key": row_id,
        "title": title,
        "names": ITEM_BREAK.join(names),
        "text": ITEM_BREAK.join(items),
        "exact": [key for key in map(name_key, [title, *names]) if key],
        "capabilities": list(dict.fromkeys(document.capabilities)),
        "words": sorted(vocabulary(ITEM_BREAK.join([title, *names, *items]))),
        "facts": facts_of(row_id, title, document),
        "content": {"title": title, "items": items, "stored": dict(document.stored)},
    }
    return {name: value for name, value in laid.items() if value}


def facts_of(row_id: str, title: str, document: Document) -> bytes:
    """What filters, facets and sorts read, as JSON: row, group, title's sort key, facets, sort numbers."""
    facets = {name: values for name, given in document.facets.items() if (values := _values(given))}
    sort = {name: number for name, given in document.sort.items() if (number := _number(given)) is not None}
    key = name_key(title)[:LONGEST_SORTED]
    facts = {"row": row_id, "group": document.group, "title": key, "facets": facets, "sort": sort}
    return json.dumps(facts, separators=(",", ":")).encode()


def _values(given: FacetValue) -> list[str]:
    values = [given] if isinstance(given, str) else list(given or ())
    return [clean(value) for value in dict.fromkeys(values)]


def _number(given: SortValue) -> int | None:
    """A sort key as a whole number: moments and days as microseconds since 1970 in UTC."""
    if isinstance(given, datetime):
        return int(given.timestamp() * 1_000_000)
    if isinstance(given, date):
        return int(datetime.combine(given, time(), ZoneInfo("UTC")).timestamp() * 1_000_000)
    return given
