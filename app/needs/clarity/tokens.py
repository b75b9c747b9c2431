"""Words and phrases: how text is cut into words, and how a list of phrases is found in it in one pass."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+)*")
_WEB = re.compile(r"(?:(?:https?://|www\.)\S*|[^\s@]+@[^\s@]*)[^\s.,;:!?)\"'@]", re.IGNORECASE)
_HEAD = 3


def words_of(text: str) -> list[str]:
    """The words in small letters; a hyphen or slash parts two, an apostrophe, full stop or ampersand none."""
    # all at once, since a need has thousands; before small letters, which could part a word anew
    found = _WORD.findall(text)
    return "\n".join(found).lower().replace("’", "'").split("\n") if found else []


def without_addresses(text: str) -> str:
    """The text with `…` for web and mail addresses, which nobody reads as words."""
    return _WEB.sub("…", text) if "@" in text or "www" in text or "://" in text else text


@dataclass(frozen=True)
class Hit:
    """A phrase that was found: the entry of the list, and its first and one past its last word."""

    entry: str
    first: int
    end: int


def as_written(text: str, hits: Iterable[Hit]) -> Iterator[tuple[Hit, str]]:
    """Each phrase that was found among the words of `text`, with the very letters that stand there."""
    spans: list[tuple[int, int]] = []
    for hit in hits:
        spans = spans or [found.span() for found in _WORD.finditer(text)]
        yield hit, text[spans[hit.first][0] : spans[hit.end - 1][1]]


class Phrases:
    """A list of phrases, found by looking up the first word of each; a `*` at the end stands for any ending."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._whole: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        # one word with any ending, by its first letters
        self._stems: dict[str, list[str]] = {}
        for entry in entries:
            self._learn(entry)
        for known in self._whole.values():
            known.sort(key=lambda each: -len(each[0]))

    def _learn(self, entry: str) -> None:
        words = words_of(entry)
        if entry.endswith("*") and len(words) == 1:
            self._stems.setdefault(words[0][:_HEAD], []).append(words[0])
        else:
            words[-1] += "*" if entry.endswith("*") else ""
            self._whole.setdefault(words[0], []).append((tuple(words[1:]), entry))

    def find(self, words: Sequence[str]) -> Iterator[Hit]:
        """Every phrase among the words, the longest where several begin at one word; none overlaps another."""
        after = 0
        for at, word in enumerate(words):
            if at >= after and (word in self._whole or word[:_HEAD] in self._stems):
                hit = self._begins(words, at)
                if hit is not None:
                    after = hit.end
                    yield hit

    def __contains__(self, words: Sequence[str]) -> bool:
        return next(self.find(words), None) is not None

    def _begins(self, words: Sequence[str], at: int) -> Hit | None:
        """The phrase that begins at a word."""
        for rest, entry in self._whole.get(words[at], ()):
            end = at + 1 + len(rest)
            if end <= len(words) and all(map(_is_word, words[at + 1 : end], rest)):
                return Hit(entry, at, end)
        stem = next((stem for stem in self._stems.get(words[at][:_HEAD], ()) if words[at].startswith(stem)), None)
        return Hit(f"{stem}*", at, at + 1) if stem else None


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
