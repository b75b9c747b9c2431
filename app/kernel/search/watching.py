"""Watching: which of many searches find one document, by the same reading of words as a page of results."""

from collections.abc import Sequence

import numpy as np

from app.kernel.search.finding import Asked, Filters, Otherwise, _answer
from app.kernel.search.query import LONGEST_QUERY
from app.kernel.search.reading import Reading, reading
from app.kernel.search.snapshot import all_of

Search = tuple[str, Filters]


def which_find(kind: str, row_id: str, searches: Sequence[Search], otherwise: Otherwise) -> list[bool] | None:
    """For each of the searches (words and filters), whether it finds this row with all its words; None: not indexed.

    What a page shows when nothing has all the words, documents with some of them, is no finding. Raises Broken where
    the index cannot be read; one that is not there yet is as one that lacks the row.
    """
    with reading(kind) as lent:
        number = _number_of(lent, row_id) if lent else None
        if lent is None or number is None:
            return None
        return [_finds(lent, number, words, filters, otherwise) for words, filters in searches]


def _number_of(lent: Reading, row_id: str) -> int | None:
    places = np.flatnonzero((lent.snapshot.rows == row_id.encode()) & lent.snapshot.live)
    return int(places[0]) if len(places) else None


def _finds(lent: Reading, number: int, words: str, filters: Filters, otherwise: Otherwise) -> bool:
    passed = all_of(lent.snapshot.live, lent.snapshot.choices(filters).values())
    if not passed[number]:
        return False
    asked = Asked(words[:LONGEST_QUERY].strip(), filters, (), "relevance", 1, 0, otherwise)
    matched = _answer(lent, asked, passed).matched
    return not matched.any_word and bool(matched.within(passed)[number])
