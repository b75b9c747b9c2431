"""What a need says in words: its passages, their sentences, and what the rules read out of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from app.needs.clarity import lexicon
from app.needs.clarity.shortening import without_long_forms
from app.needs.clarity.tokens import without_addresses, words_of
from app.needs.market import Market
from app.needs.sections import SECTIONS

# what a hostile form may send beyond this is not read
MOST_OF_A_PASSAGE, MOST_OF_ALL = 20_000, 120_000
ENOUGH_TO_TELL_A_LANGUAGE, LEAST_ENGLISH = 20, 0.12
_LINE_OR_STOP = re.compile(r"\n+|(?<=[.!?])[\"'’”)\]]*\s+")
_BULLET = re.compile(r"^\s*(?:[-*•–o]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_NO_STOP = re.compile(r"(?:\b(?:e\.g|i\.e|etc|approx|no|mr|mrs|ms|dr|prof|st|vs|cf|inc|ltd)|\b[A-Z])\.$", re.IGNORECASE)
_ROWS = {"measures": ("Outcome", ("outcome", "measure")), "requirements": ("Requirement", ("text",))}
_TEXTS = ("title", "summary", "problem", "users", "done_already", "supplied_today")


class Sentence(NamedTuple):
    """A sentence as it is written, and its words in small letters."""

    text: str
    words: list[str]

    @property
    def read_words(self) -> list[str]:
        """The words that weigh on a reader: the long form of an abbreviation that is explained here weighs nothing."""
        return without_long_forms(self.text) if "(" in self.text else self.words


@dataclass(frozen=True)
class Passage:
    """One text of a need: the section and field where it is mended, and what it is called."""

    section: str
    field: str
    label: str
    text: str

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences_of(self.text)

    @cached_property
    def words(self) -> list[str]:
        return [word for sentence in self.sentences for word in sentence.words]


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a text; each line of a list is one, `e.g.` ends none, and addresses are left out."""
    found: list[str] = []
    is_open = False
    for part, ends in _parts_of(without_addresses(text)):
        if is_open and found:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
        is_open = not ends
    return [Sentence(sentence, words_of(sentence)) for sentence in found]


def _parts_of(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces between full stops and line ends, each with whether a sentence ends there."""
    for line in text.split("\n"):
        pieces = [piece.strip() for piece in _LINE_OR_STOP.split(_BULLET.sub("", line)) if piece.strip()]
        for number, piece in enumerate(pieces, start=1):
            if any(letter.isalnum() for letter in piece):
                yield piece, number == len(pieces) or not _NO_STOP.search(piece)


class Reading:
    """A need as the rules look at it: its content, its market, and its words, each read once."""

    def __init__(self, need: Any, market: Market | None) -> None:
        self.need, self.market = need, market

    @cached_property
    def passages(self) -> list[Passage]:
        """Every text of the need, in the order of its sections."""
        found, left = [], MOST_OF_ALL
        for passage in _passages_of(self.need):
            text = passage.text[: min(MOST_OF_A_PASSAGE, left)]
            left -= len(text)
            if text.strip():
                found.append(Passage(passage.section, passage.field, passage.label, text))
        return found

    @cached_property
    def word_count(self) -> int:
        """How many words there are, the title apart."""
        return sum(len(passage.words) for passage in self.passages if passage.field != "title")

    @cached_property
    def is_english(self) -> bool:
        """Whether this reads as English; of a few words nobody can tell, and then it is taken for English."""
        english = lexicon.common_english()
        words = [word for passage in self.passages for word in passage.words]
        common = sum(word in english for word in words)
        return len(words) < ENOUGH_TO_TELL_A_LANGUAGE or common >= LEAST_ENGLISH * len(words)


def _passages_of(need: Any) -> Iterator[Passage]:
    for section in SECTIONS.values():
        for field in section.fields:
            if field.name in _TEXTS:
                yield Passage(section.key, field.name, field.label, str(getattr(need, field.name) or ""))
            elif field.name in _ROWS:
                yield from _rows_of(need, section.key, field.name)


def _rows_of(need: Any, section: str, name: str) -> Iterator[Passage]:
    noun, columns = _ROWS[name]
    for number, row in enumerate(getattr(need, name) or (), start=1):
        for column in columns:
            yield Passage(section, name, f"{noun} {number}", str(getattr(row, column) or ""))
