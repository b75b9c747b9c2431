"""Abbreviations and their long forms: `Driver and Vehicle Licensing Agency (DVLA)`, or the other way round."""

import re
from collections.abc import Sequence

from app.needs.clarity.tokens import words_of

_SHORT = re.compile(r"\b[A-Z][A-Za-z&]*[A-Z][A-Za-z&]*\b")
_ROMAN = re.compile(r"[IVXLC]+")
_IN_BRACKETS = re.compile(r"\(\s*[\"'“‘]?([A-Z][A-Za-z&]*[A-Z][A-Za-z&]*)[\"'”’]?\s*[),;]")
_BEFORE_BRACKETS = re.compile(r"\b([A-Z][A-Za-z&]*[A-Z][A-Za-z&]*)\s*\(([^()]{3,200})\)")
_LONGEST, _LOOK_BACK = 8, 300


def short_words(text: str) -> list[str]:
    """The abbreviations of a text, each time that they stand there; `SharePoint` and `III` are none."""
    return [word for word in _SHORT.findall(text) if _is_short(word)]


def _is_short(word: str) -> bool:
    """Whether letters in capitals are at least half of a word of up to eight."""
    capitals = sum(letter.isupper() for letter in word)
    return len(word) <= _LONGEST and 2 * capitals >= len(word) and not _ROMAN.fullmatch(word)


def singular(short: str) -> str:
    """Without the `s` of several."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def explained_in(text: str) -> set[str]:
    """The abbreviations, without the `s` of several, whose long forms stand in this text."""
    found = {singular(match[1]) for match in _IN_BRACKETS.finditer(text) if _length_before(match)}
    inside = (match for match in _BEFORE_BRACKETS.finditer(text) if _spelling(singular(match[1]), words_of(match[2])))
    return found | {singular(match[1]) for match in inside}


def without_long_forms(text: str) -> list[str]:
    """The words of a text, with the short form alone where a long one is explained: names are not hard sentences."""
    words, end = [], 0
    for match in _IN_BRACKETS.finditer(text):
        words += words_of(text[end : match.start()])
        del words[len(words) - _length_before(match) :]
        end = match.start()
    return words + words_of(text[end:])


def _length_before(match: re.Match[str]) -> int:
    """How many words before the brackets are the long form of what stands in them; 0 where none is."""
    short = singular(match[1])
    before = words_of(match.string[max(0, match.start() - _LOOK_BACK) : match.start()])
    return _spelling(short, before[-len(short) - 4 :])


def _spelling(short: str, words: Sequence[str]) -> int:
    """How many of the last words, the fewest of them, begin with the first letter and hold the rest in order; or 0.

    `Extensible` begins with an X, as people shorten it.
    """
    letters = [letter.lower() for letter in short if letter.isalpha()]
    for count in range(1, len(words) + 1):
        last = words[-count:]
        if letters[0] in last[0][:2] and _holds(letters, "".join(last)):
            return count
    return 0


def _holds(letters: Sequence[str], text: str) -> bool:
    remaining = iter(text)
    return all(letter in remaining for letter in letters)
