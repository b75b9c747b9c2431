"""Which words stand in the reader's way: products where outcomes are meant, jargon, and unexplained abbreviations."""

from collections.abc import Iterator, Sequence

from app.needs.clarity import lexicon
from app.needs.clarity.prose import Passage, Reading
from app.needs.clarity.rule import Seen, Spot
from app.needs.clarity.shortening import explained_in, short_words, singular
from app.needs.clarity.tokens import as_written, words_of

# in what was done already and who supplies it today, a product's name is a fact
OUTCOMES_ARE_MEANT = {"title", "problem", "measures", "requirements"}
# a title in capitals, or a shouted sentence, is not full of abbreviations
_SHOUTED = 0.6


def products_are_absent(read: Reading) -> Seen:
    """Each product that is named where an outcome is meant costs a third."""
    return _seen(list(products_in(read)), "product", most=3)


def products_in(read: Reading) -> Iterator[Spot]:
    """Every product named where an outcome is meant."""
    products, exactly = lexicon.products()
    for passage in read.passages:
        if passage.field in OUTCOMES_ARE_MEANT:
            for sentence in passage.sentences:
                for hit, product in as_written(sentence.text, products.find(sentence.words)):
                    if hit.entry not in exactly or product == hit.entry:
                        yield _spot("named", passage, product=product)


def words_are_plain(read: Reading) -> Seen:
    """Each different word of jargon costs a fifth."""
    return _seen(list(jargon_in(read)), "jargon", most=5)


def jargon_in(read: Reading) -> Iterator[Spot]:
    """Every word of jargon, with what to write instead."""
    jargon, plain = lexicon.jargon()
    for passage in read.passages:
        for sentence in passage.sentences:
            for hit, words in as_written(sentence.text, jargon.find(sentence.words)):
                yield _spot("jargon", passage, jargon=words, plain=plain[hit.entry])


def abbreviations_are_explained(read: Reading) -> Seen:
    """Each different abbreviation that is not explained costs a fifth."""
    return _seen(list(abbreviations_in(read)), "short", most=5)


def abbreviations_in(read: Reading) -> Iterator[Spot]:
    """Every abbreviation that is neither known to everybody, nor the department's own, nor explained anywhere."""
    own = str(getattr(read.need.department, "abbreviation", "") or "").lower()
    explained = {short for passage in read.passages if "(" in passage.text for short in explained_in(passage.text)}
    for passage in read.passages:
        for short in _unknown_in(passage):
            if singular(short) not in explained and singular(short).lower() != own:
                yield _spot("unexplained", passage, short=short)


def _unknown_in(passage: Passage) -> Iterator[str]:
    known = lexicon.known_abbreviations()
    for sentence in passage.sentences:
        words = [word for word in short_words(sentence.text) if word not in known]
        if words and not _is_shouted(sentence.text):
            yield from words


def _is_shouted(sentence: str) -> bool:
    words = [word for word in sentence.split() if len(word) > 3]
    return len(words) > 2 and sum(map(str.isupper, sentence)) > _SHOUTED * sum(map(str.isalpha, sentence))


def _spot(way: str, passage: Passage, **words: str) -> Spot:
    return Spot(way, passage.section, passage.field, passage.label, words)


def _seen(spots: Sequence[Spot], name: str, *, most: int) -> Seen:
    """Each word once, where it stands first; nothing is left of the rule when there are `most` of them."""
    first: dict[str, Spot] = {}
    for spot in spots:
        first.setdefault(spot.words[name].lower(), spot)
    flagged = sum(len(words_of(spot.words[name])) for spot in spots)
    return Seen(max(0.0, 1 - len(first) / most), tuple(first.values()), flagged)
