"""Which words stand in the reader's way: products where outcomes are meant, jargon, and unexplained abbreviations."""

import re
from collections.abc import Iterator, Sequence

from app.needs.clarity import lexicon
from app.needs.clarity.prose import Passage, Reading
from app.needs.clarity.rule import Seen, Spot
from app.needs.clarity.tokens import words_of, written

# in what was done already and who supplies it today, a product's name is a fact
OUTCOMES_ARE_MEANT = {"title", "problem", "measures", "requirements"}
_SHORT = re.compile(r"\b[A-Z][A-Za-z&]*[A-Z][A-Za-z&]*\b")
_ROMAN = re.compile(r"[IVXLC]+")
_LONGEST = 8
# a title in capitals, or a shouted sentence, is not full of abbreviations
_SHOUTED = 0.6


def products_are_absent(read: Reading) -> Seen:
    """Each product that is named where an outcome is meant costs a third."""
    return _seen(list(products_in(read)), "product", most=3)


def products_in(read: Reading) -> Iterator[Spot]:
    """Every product named where an outcome is meant."""
    products, as_written = lexicon.products()
    for passage in read.passages:
        if passage.field in OUTCOMES_ARE_MEANT:
            for sentence in passage.sentences:
                for hit in products.find(sentence.words):
                    product = written(sentence.text, hit)
                    if hit.entry not in as_written or product == hit.entry:
                        yield _spot("named", passage, product=product)


def words_are_plain(read: Reading) -> Seen:
    """Each different word of jargon costs a fifth."""
    return _seen(list(jargon_in(read)), "jargon", most=5)


def jargon_in(read: Reading) -> Iterator[Spot]:
    """Every word of jargon, with what to write instead."""
    jargon, plain = lexicon.jargon()
    for passage in read.passages:
        for sentence in passage.sentences:
            for hit in jargon.find(sentence.words):
                yield _spot("jargon", passage, jargon=written(sentence.text, hit), plain=plain[hit.entry])


def abbreviations_are_explained(read: Reading) -> Seen:
    """Each different abbreviation that is not explained costs a fifth."""
    return _seen(list(abbreviations_in(read)), "short", most=5)


def abbreviations_in(read: Reading) -> Iterator[Spot]:
    """Every abbreviation that is neither known to everybody, nor the department's own, nor explained anywhere."""
    own = str(getattr(read.need.department, "abbreviation", "") or "").lower()
    found = [(short, passage) for passage in read.passages for short in _short_words(passage)]
    texts = [passage.text for passage in read.passages if "(" in passage.text]
    explained = {short for short in {short for short, _ in found} if any(is_explained(short, text) for text in texts)}
    for short, passage in found:
        if short not in explained and _stem(short).lower() != own:
            yield _spot("unexplained", passage, short=short)


def _short_words(passage: Passage) -> Iterator[str]:
    known = lexicon.known_abbreviations()
    for sentence in passage.sentences:
        words = [word for word in _SHORT.findall(sentence.text) if word not in known and _is_short(word)]
        if words and not _is_shouted(sentence.text):
            yield from words


def _is_short(word: str) -> bool:
    """Whether letters in capitals are at least half of a word of up to eight; `SharePoint` and `III` are none."""
    capitals = sum(letter.isupper() for letter in word)
    return len(word) <= _LONGEST and 2 * capitals >= len(word) and not _ROMAN.fullmatch(word)


def _is_shouted(sentence: str) -> bool:
    letters = [letter for letter in sentence if letter.isalpha()]
    words = [word for word in sentence.split() if len(word) > 3]
    return len(words) > 2 and sum(letter.isupper() for letter in letters) > _SHOUTED * len(letters)


def is_explained(short: str, text: str) -> bool:
    """Whether `text` has the long form with the short one in brackets, or the other way round."""
    stem = _stem(short)
    letters = [letter.lower() for letter in stem if letter.isalpha()]
    for found in re.finditer(rf"\(\s*[\"'“‘]?{re.escape(stem)}s?[\"'”’]?\s*[),;]", text):
        if _spells(letters, words_of(text[max(0, found.start() - 300) : found.start()])[-len(letters) - 4 :]):
            return True
    inside = re.finditer(rf"\b{re.escape(stem)}s?\s*\(([^()]{{3,200}})\)", text)
    return any(_spells(letters, words_of(found[1])) for found in inside)


def _stem(short: str) -> str:
    """Without the `s` of several."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _spells(letters: Sequence[str], words: Sequence[str]) -> bool:
    """Whether some of the words, from one that begins with the first letter on, hold the letters in their order."""
    return any(word.startswith(letters[0]) and _holds(letters, words[at:]) for at, word in enumerate(words))


def _holds(letters: Sequence[str], words: Sequence[str]) -> bool:
    remaining = iter("".join(words))
    return all(letter in remaining for letter in letters)


def _spot(way: str, passage: Passage, **words: str) -> Spot:
    return Spot(way, passage.section, passage.field, passage.label, words)


def _seen(spots: Sequence[Spot], name: str, *, most: int) -> Seen:
    """Each word once, where it stands first; nothing is left of the rule when there are `most` of them."""
    first: dict[str, Spot] = {}
    for spot in spots:
        first.setdefault(spot.words[name].lower(), spot)
    flagged = sum(len(words_of(spot.words[name])) for spot in spots)
    return Seen(max(0.0, 1 - len(first) / most), tuple(first.values()), flagged)
