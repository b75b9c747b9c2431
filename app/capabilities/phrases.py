"""Phrases: when two of them are the same, and which capabilities a text names. Pure: no database."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

MOST_CHARACTERS = 80

# `.net`, `c#` and `c++` keep their marks; `node.js`, `ci/cd` and `user-centred` fall into their parts.
_TOKEN = re.compile(r"(?<![^\W_])\.net(?![^\W_])|[^\W_]+(?:\+\+|#)?")
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})iz(?=(e|es|ed|er|ers|ing|ation|ations)$)"), "is"),  # optimization, optimisation
    (re.compile(r"^(data)?center(s?)$"), r"\1centre\2"),
    (re.compile(r"^(model|label)(ing|ed|er|ers)$"), r"\1l\2"),
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(?<=(?:ss|ch|sh))es$|(?<=x)es$"), ""),
    (re.compile(r"(?<=[^su])s$"), ""),
)

# Words that stand in any prose: none of them alone can name a capability, however a synonym came about.
COMMON = frozenset(Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").split())


def fold(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared: small letters, one spelling, no plurals."""
    plain = unicodedata.normalize("NFKC", phrase).casefold().replace("'", "").replace("’", "")
    return tuple(_fold_word(word) for word in _TOKEN.findall(plain))


def _fold_word(word: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    return word


def fault_of(phrase: str) -> str | None:
    """Why a phrase cannot name a capability, as a sentence, or None."""
    words = fold(phrase)
    if len(phrase) > MOST_CHARACTERS:
        return f"A synonym has at most {MOST_CHARACTERS} characters."
    if len(words) == 1 and (len(words[0]) < 2 or words[0] in _COMMON_FOLDED or words[0].isdigit()):
        return f"“{phrase}” stands in any text, so it cannot name one capability."
    return None if words else "A synonym has letters or numbers."


_COMMON_FOLDED = frozenset(fold(word)[0] for word in COMMON)


class Matcher:
    """Finds the capabilities that a text names: at each word the longest phrase, and on after its end."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._by_first_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._by_words: dict[tuple[str, ...], str] = {}
        for phrase, capability_id in phrases:
            words = fold(phrase)
            if fault_of(phrase) is None:
                self._by_words.setdefault(words, capability_id)
        for words, capability_id in sorted(self._by_words.items(), key=lambda pair: -len(pair[0])):
            self._by_first_word.setdefault(words[0], []).append((words, capability_id))

    def named(self, phrase: str) -> str | None:
        """The capability whose name or synonym the whole phrase is."""
        return self._by_words.get(fold(phrase))

    def recognise(self, text: str) -> list[str]:
        """The ids of the capabilities named in a text, in the order in which they are named, each once."""
        words = fold(text)
        found: dict[str, None] = {}
        at = 0
        while at < len(words):
            for phrase, capability_id in self._by_first_word.get(words[at], ()):
                if words[at : at + len(phrase)] == phrase:
                    found[capability_id] = None
                    at += len(phrase) - 1
                    break
            at += 1
        return list(found)
