"""Did you mean: typed words that no document has, put right from the words that documents have."""

from collections.abc import Sequence
from typing import Any

from app.kernel.search.analysis import WORD, fold, stem_of
from app.kernel.search.query import Clause, Stems

MOST_COMPLETIONS = 30
SHORTEST_PREFIX = 3
FARTHEST = 2


def is_known(searcher: Any, clause: Clause) -> bool:
    """Whether some document has each word of the clause."""
    return all(_has_stem(searcher, stem) for stem in clause.stems)


def completions(searcher: Any, typed: str) -> tuple[Stems, ...]:
    """The stems of indexed words that begin with what was typed: for a last word that nothing has."""
    prefix = fold(typed)
    if len(prefix) < SHORTEST_PREFIX or not searcher.doc_count_all():
        return ()
    found: dict[Stems, None] = {}
    for term in searcher.reader().expand_prefix("words", prefix):
        found[(stem_of(term.decode("utf-8")),)] = None
        if len(found) == MOST_COMPLETIONS:
            break
    return tuple(found)


def suggestion(searcher: Any, typed: str, clauses: Sequence[Clause]) -> str | None:
    """What was typed with each unknown word replaced by the nearest known one; None when there is nothing to replace.

    Nearest: within 2 edits (1 for words of up to 4 letters) by Whoosh's Levenshtein automaton, then the most frequent.
    """
    if not searcher.doc_count_all():
        return None
    corrected, shift = typed, 0
    for start, end in _unknown(searcher, typed, clauses):
        better = _nearest(searcher, fold(typed[start:end]))
        if better is None:
            return None
        corrected = corrected[: start + shift] + better + corrected[end + shift :]
        shift += len(better) - (end - start)
    return corrected if corrected != typed else None


def _unknown(searcher: Any, typed: str, clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    found = []
    for clause in clauses:
        for word in WORD.finditer(typed, clause.start, clause.end):
            stem = stem_of(word.group())
            if stem and not clause.alternatives and not _has_stem(searcher, stem):
                found.append((word.start(), word.end()))
    return found


def _has_stem(searcher: Any, stem: str) -> bool:
    return any((field, stem) in searcher.reader() for field in ("text", "title", "names"))


def _nearest(searcher: Any, word: str) -> str | None:
    farthest = FARTHEST if len(word) > 4 else 1
    for distance in range(1, farthest + 1):
        near = [
            term for term in searcher.reader().terms_within("words", word, maxdist=distance, prefix=0) if term != word
        ]
        if near:
            return str(max(near, key=lambda term: (term[:1] == word[:1], searcher.doc_frequency("words", term), term)))
    return None
