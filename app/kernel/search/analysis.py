"""Words: how a text falls into words, and a word into the stem under which it is indexed and sought.

One definition serves indexing, searching and highlighting, so that what is found is also what is marked.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from whoosh.analysis import STOP_WORDS
from whoosh.lang.porter import stem as porter

ITEM_BREAK = "\x1e"
ITEM_GAP = 20
LONGEST_WORD = 60
# "it" is left in: people look for IT.
STOPS = frozenset(STOP_WORDS) - {"it"}
COMPANY_FORMS = frozenset({"ltd", "limited", "plc", "llp", "inc", "llc", "cic"})
WORD = re.compile(r"[^\W_]+(?:['’]s\b)?(?:\+\+|#)?|" + ITEM_BREAK)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its stem, and where it stands (offsets in characters)."""

    stem: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text as it may be stored: no NUL, no lone surrogates, no break of ours."""
    if "\x00" in text or ITEM_BREAK in text:
        text = text.replace("\x00", " ").replace(ITEM_BREAK, " ")
    return text.encode("utf-8", "replace").decode("utf-8")


class Remembered(dict[str, Any]):
    """The answers of a function for words, kept until there are `most`, and then forgotten all at once.

    Every word of every text asks: `lru_cache` takes twice as long where it holds many, for it keeps their order too.
    What is longer than any word is not kept.
    """

    def __init__(self, function: Callable[[str], Any], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, word: str) -> Any:
        found = self._function(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= self._most:
                self.clear()
            self[word] = found
        return found


def _fold(word: str) -> str:
    lowered = word.lower().removesuffix("'s").removesuffix("’s")
    if not lowered.isascii():
        apart = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(each for each in apart if not unicodedata.combining(each))
    return lowered[:LONGEST_WORD]


_folds = Remembered(_fold, 200_000)


def fold(word: str) -> str:
    """Lower case, without accents or possessive s, at most 60 characters."""
    return str(_folds[word])


def _stem(word: str) -> str:
    folded = fold(word)
    if len(folded) < 2 or folded in STOPS:
        return ""
    return str(porter(folded)) if folded.isalpha() else folded


_stems = Remembered(_stem, 200_000)


def stem_of(word: str) -> str:
    """The stem (Porter, 1980), or "" for a word that is not indexed: stop words and single characters."""
    return str(_stems[word])


def words_of(text: str) -> Iterator[Word]:
    """The indexed words of a text, in order."""
    for found in WORD.finditer(text):
        stem = stem_of(found.group())
        if stem:
            yield Word(stem, found.start(), found.end())


def among(text: str, stems: Collection[str]) -> list[Word]:
    """Those of the words of a text that have one of these stems, in order."""
    return [Word(stem, *found.span()) for found in WORD.finditer(text) if (stem := _stems[found.group()]) in stems]


def _stems_within(part: str) -> tuple[str, ...]:
    return tuple(stem for stem in map(_stems.__getitem__, WORD.findall(part)) if stem)


# by what stands between two spaces: "(services," falls into words once
_parts = Remembered(_stems_within, 100_000)


def stems_of_line(line: str) -> list[str]:
    """The stems of a line, in order: `words_of` without the places, for texts that are only counted."""
    return list(chain.from_iterable(map(_parts.__getitem__, line.split())))


def vocabulary(text: str) -> set[str]:
    """The folded, unstemmed words of a text: what spelling suggests from."""
    return {fold(found) for found in WORD.findall(text) if stem_of(found)}


def name_key(name: str) -> str:
    """A name as a whole, in the form in which two writings of it are equal: `ACME Ltd.` is `acme`."""
    folded = [fold(word) for word in WORD.findall(clean(name))]
    return " ".join([word for word in folded if word not in COMPANY_FORMS] or folded)[:200]


class Token:
    """What Whoosh's formats read of a word."""

    __slots__ = ("boost", "pos", "stopped", "text")

    def __init__(self) -> None:
        self.text, self.pos, self.boost, self.stopped = "", 0, 1.0, False


class Analyser:
    """Whoosh's analyser interface over `words_of`: yields one Token again and again, as Whoosh's own do."""

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token, position = Token(), 0
        for found in WORD.findall(value):
            if found == ITEM_BREAK:
                position += ITEM_GAP
                continue
            token.text = stem_of(found)
            if token.text:
                token.pos = position
                position += 1
                yield token

    def has_morph(self) -> bool:
        """Whether indexed terms differ from the words as written."""
        return True

    def clean(self) -> None:
        """Whoosh asks analysers to drop their caches before it pickles a schema: there are none."""
