"""Spelling: typed words that no document has, put right from the words that documents and synonyms have.

A name that is not known is no slip of the pen, so a word of five letters or more is only put right by one that begins
alike, and has the same letters in another order, or differs by one letter and has the same consonants; of seven letters
or more one of the two is enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from whoosh.support.levenshtein import levenshtein

from app.kernel.search.analysis import WORD, clean, fold, stem_of, vocabulary
from app.kernel.search.postings import keys_of, pair_keys
from app.kernel.search.query import MOST_CLAUSES, Clause, Stems
from app.kernel.search.reading import Reading
from app.kernel.search.schema import WEIGHTS

MOST_COMPLETIONS = 30
SHORTEST_PREFIX = 3
SHORTEST_CORRECTED, LONG, SHORTEST_PART = 5, 7, 3
FARTHEST = 2
MOST_CORRECTED = 4
SILENT, DOUBLED = re.compile("[aeiouyhw]"), re.compile(r"(.)\1+")


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


def _has_stem(lent: Reading, stem: str) -> bool:
    return bool(lent.snapshot.locate([(field, stem) for field in WEIGHTS]).frequency.any())


@lru_cache(maxsize=4)
def words_in(phrases: tuple[str, ...]) -> frozenset[str]:
    """The words of these phrases, folded."""
    return frozenset(word for phrase in phrases for word in vocabulary(phrase))


@dataclass(frozen=True)
class Spelling:
    """The words of one index, and further ones that are known though no document may have them."""

    lent: Reading
    further: frozenset[str]

    def corrected(self, typed: str) -> str | None:
        """What was typed with its slips put right; None when there is nothing to put right.

        Only the first four unknown words are looked at: each walks through the dictionary.
        """
        typed = clean(typed)
        if not self.lent.snapshot.size:
            return None
        found = [*self._replacements(typed)]
        better = typed
        for start, end, word in reversed(found):
            better = better[:start] + word + better[end:]
        return better if found else None

    def _replacements(self, typed: str) -> Iterator[tuple[int, int, str]]:
        """From where to where, and by what; two words that should be one before one that should be another."""
        tokens = [(found.start(), found.end(), fold(found.group())) for found in WORD.finditer(typed)]
        tokens, joined, looked_at = tokens[:MOST_CLAUSES], -1, 0
        for at, (start, end, word) in enumerate(tokens):
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if start < joined:
                continue
            if after and after[0] == end + 1 and self._is_one(word, after[2]):
                joined = after[1]
                yield start, joined, word + after[2]
            elif stem_of(word) and looked_at < MOST_CORRECTED and not self._is_known(word):
                looked_at += 1
                if better := self._split(word) or self._nearest(word):
                    yield start, end, better

    def _is_known(self, word: str) -> bool:
        return _has_stem(self.lent, stem_of(word)) or word in self.further

    def _has_word(self, word: str) -> bool:
        return word in self.further or self._frequency(word) > 0

    def _frequency(self, word: str) -> int:
        return int(self.lent.searcher.doc_frequency("words", word))

    def _has_pair(self, first: str, second: str) -> bool:
        """Whether the two stand side by side in some document."""
        keys = keys_of([stem_of(first), stem_of(second)])
        return bool(self.lent.snapshot.locate_keys(pair_keys(keys[:1], keys[1:])).frequency.any())

    def _is_one(self, first: str, second: str) -> bool:
        return self._has_word(first + second) and not self._has_pair(first, second)

    def _split(self, word: str) -> str | None:
        """The word as two that stand side by side in some document."""
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            first, second = word[:at], word[at:]
            if self._frequency(first) and self._frequency(second) and self._has_pair(first, second):
                return f"{first} {second}"
        return None

    def _nearest(self, word: str) -> str | None:
        """The nearest word of which this may be a slip; of those the one that most documents have."""
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return None
        near = {other for other in self._near(word) if other != word and is_slip(word, other)}
        order = sorted(near, key=lambda other: (_distance(word, other), -self._frequency(other), other))
        return order[0] if order else None

    def _near(self, word: str) -> Iterator[str]:
        """Words within two edits that begin alike, by Whoosh's automaton over its dictionary."""
        yield from self.lent.searcher.reader().terms_within("words", word, maxdist=FARTHEST, prefix=1)
        yield from (other for other in self.further if other[0] == word[0] and _distance(word, other) <= FARTHEST)


def is_slip(word: str, other: str) -> bool:
    """Whether one of two words within two edits may have been written for the other."""
    is_near, is_long = _distance(word, other) == 1, len(word) >= LONG
    return (
        sorted(word) == sorted(other) or (is_near and is_long) or ((is_near or is_long) and _sounds_like(word, other))
    )


def _distance(word: str, other: str) -> int:
    """Levenshtein's, or 3 for more than 2."""
    return int(levenshtein(word, other, FARTHEST)) if abs(len(word) - len(other)) <= FARTHEST else FARTHEST + 1


def _sounds_like(word: str, other: str) -> bool:
    """Whether both have the same first letter, and then the same consonants that are heard, each once in a row."""
    return _sound(word) == _sound(other)


def _sound(word: str) -> str:
    return DOUBLED.sub(r"\1", word[:1] + SILENT.sub("", word[1:]))
