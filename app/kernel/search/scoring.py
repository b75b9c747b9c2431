"""Scores of documents for the words that a person typed: sums, bests and intersections of compiled BM25.

Phrases alone are asked of Whoosh, which has the positions; the arrays tell it where to look.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
from whoosh.query import Phrase

from app.kernel.search.reading import Reading
from app.kernel.search.schema import WEIGHTS
from app.kernel.search.snapshot import Scores


def word_scores(lent: Reading, stems: tuple[str, ...]) -> Scores:
    """The sum over the fields that people search, each with its weight; several stems stand side by side."""
    if len(stems) == 1:
        located = lent.snapshot.locate([(field, stems[0]) for field in WEIGHTS])
        return located.scores(np.array(list(WEIGHTS.values())))
    return added([weight * phrase_scores(lent, field, stems) for field, weight in WEIGHTS.items()])


def tag_scores(lent: Reading, field: str, tag: str) -> Scores:
    """The documents with this very tag, or this whole name."""
    return lent.snapshot.locate([(field, tag)]).scores(np.ones(1))


def phrase_scores(lent: Reading, field: str, stems: tuple[str, ...]) -> Scores:
    """BM25 of stems that stand side by side in the field, as Whoosh scores a phrase: by its frequency."""
    total = np.zeros(lent.snapshot.size)
    if not lent.snapshot.locate([(field, stem) for stem in stems]).frequency.all():
        return total
    context = lent.searcher.context()
    for leaf, offset in lent.searcher.leaf_searchers():
        _drain(Phrase(field, list(stems)).matcher(leaf, context), total[offset:])
    return total


def _drain(matcher: Any, total: Scores) -> None:
    while matcher.is_active():
        total[matcher.id()] = matcher.score()
        matcher.next()


def added(parts: Iterable[Scores]) -> Scores:
    """Documents in any of the parts, with the sum of their scores."""
    return reduce(np.add, parts)


def best(parts: Iterable[Scores]) -> Scores:
    """Documents in any of the parts, with the highest of their scores."""
    return reduce(np.maximum, parts)


def in_all(parts: list[Scores]) -> Scores:
    """Documents in every part, with the sum of their scores."""
    return np.where(reduce(np.logical_and, [part > 0 for part in parts]), added(parts), 0.0)
