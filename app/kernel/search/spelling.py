"""Did you mean: typed words that no document has, put right from the words that documents have."""

from collections.abc import Sequence

from app.kernel.search.analysis import WORD, fold, stem_of
from app.kernel.search.query import Clause, Stems
from app.kernel.search.reading import Reading
from app.kernel.search.schema import WEIGHTS

MOST_COMPLETIONS = 30
SHORTEST_PREFIX = 3
FARTHEST = 2


def is_known(lent: Reading, clause: Clause) -> bool:
    """Whether some document has each word of the clause."""
    return all(_has_stem(lent, stem) for stem in clause.stems)


def completions(lent: Reading, typed: str) -> tuple[Stems, ...]:
    """The stems of indexed words that begin with what was typed: for a last word that nothing has."""
    prefix = fold(typed)
    if len(prefix) < SHORTEST_PREFIX or not lent.snapshot.size:
        return ()
    found: dict[Stems, None] = {}
    for term in lent.searcher.reader().expand_prefix("words", prefix):
        found[(stem_of(term.decode("utf-8")),)] = None
        if len(found) == MOST_COMPLETIONS:
            break
    return tuple(found)


def suggestion(lent: Reading, typed: str, clauses: Sequence[Clause]) -> str | None:
    """What was typed with each unknown word replaced by the nearest known one; None when there is nothing to replace.

    Nearest: within 2 edits (1 for words of up to 4 letters) by Whoosh's Levenshtein automaton, then the most frequent.
    """
    if not lent.snapshot.size:
        return None
    corrected, shift = typed, 0
    for start, end in _unknown(lent, typed, clauses):
        better = _nearest(lent, fold(typed[start:end]))
        if better is None:
            return None
        corrected = corrected[: start + shift] + better + corrected[end + shift :]
        shift += len(better) - (end - start)
    return corrected if corrected != typed else None


def _unknown(lent: Reading, typed: str, clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    found = []
    for clause in clauses:
        for word in WORD.finditer(typed, clause.start, clause.end):
            stem = stem_of(word.group())
            if stem and not clause.alternatives and not _has_stem(lent, stem):
                found.append((word.start(), word.end()))
    return found


def _has_stem(lent: Reading, stem: str) -> bool:
    return bool(lent.snapshot.locate([(field, stem) for field in WEIGHTS]).frequency.any())


def _nearest(lent: Reading, word: str) -> str | None:
    searcher, farthest = lent.searcher, FARTHEST if len(word) > 4 else 1
    for distance in range(1, farthest + 1):
        near = set(searcher.reader().terms_within("words", word, maxdist=distance, prefix=0)) - {word}
        if near:
            return str(max(near, key=lambda term: (term[:1] == word[:1], searcher.doc_frequency("words", term), term)))
    return None
