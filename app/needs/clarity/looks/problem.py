"""Whether a problem is explained: what goes wrong, how often, and what it costs, in words of its own.

The signs are words, so a finding says which words were not found. Good accounts often name no failure at all ("A judge
signs in to 14 systems. The service desk resets 3,100 passwords a month."): facts with numbers are taken for one.
"""

import re
from collections.abc import Sequence
from itertools import islice

from app.kernel import display
from app.needs.clarity import lexicon
from app.needs.clarity.prose import Reading, Sentence
from app.needs.clarity.rule import Seen, Spot
from app.needs.clarity.tokens import words_of

# sign -> its share: saying what goes wrong is half of an explanation
SHARES = {"wrong": 0.5, "often": 0.25, "cost": 0.25}
LEAST_WORDS = 12
# a number that is not a year, nor the mark of a list
_NUMBER = re.compile(r"\b(?!(?:19|20)\d\d\b)(?:\d[\d,.]*\d|\d(?=\s?(?:%|[a-z])))", re.IGNORECASE)
_MONEY = re.compile(r"£\s?\d[\d,.]*(?:\s?(?:k|m|bn|thousand|million|billion)\b)?", re.IGNORECASE)


def is_explained(read: Reading) -> Seen:
    """Nothing for an empty problem, for a copy of the title or summary, and for a mere solution; else sign by sign."""
    problem = next((passage for passage in read.passages if passage.field == "problem" and passage.words), None)
    if problem is None:
        return _not("empty")
    if _is_copied(problem.words, read):
        return _not("copy")
    telling = [sentence for sentence in problem.sentences if _tells(sentence)]
    if not telling:
        return _not("solution", words=problem.sentences[0].text[:300].rstrip("."))
    missing = _missing(telling)
    met = sum(share for sign, share in SHARES.items() if sign not in missing)
    short = ["short"] if len(problem.words) < LEAST_WORDS else []
    words = {"count": display.plural(len(problem.words), "word")}
    spots = tuple(_spot(way, words) for way in [*short, *missing])
    return Seen(met / 2 if short else met, spots)


def _not(way: str, **words: str) -> Seen:
    return Seen(0, (_spot(way, words),))


def _spot(way: str, words: dict[str, str]) -> Spot:
    return Spot(way, "problem", "problem", "Problem", words)


def _is_copied(own: Sequence[str], read: Reading) -> bool:
    """Whether nearly all words of the problem, and no more than those, stand in the title or the summary."""
    for other in (str(read.need.title or ""), str(read.need.summary or "")):
        theirs = set(words_of(other))
        if theirs and sum(word not in theirs for word in own) <= len(own) // 10:
            return True
    return False


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence can tell of a problem: it does not only say what to buy."""
    return sentence.words not in lexicon.signs("solution") or sentence.words in lexicon.signs("turning")


def _missing(telling: Sequence[Sentence]) -> list[str]:
    """The signs that the telling sentences do not have."""
    numbered = len(list(islice((sentence for sentence in telling if _has("often", sentence)), 2)))
    has_cost = any(_has("cost", sentence) for sentence in telling)
    is_account = numbered > 1 or (numbered and has_cost)
    is_wrong = is_account or any(_has("wrong", sentence) for sentence in telling)
    return [sign for sign, is_there in (("wrong", is_wrong), ("often", numbered), ("cost", has_cost)) if not is_there]


def _has(sign: str, sentence: Sentence) -> bool:
    if sign != "wrong" and "£" in sentence.text:
        return sign == "cost" or _counts(_MONEY.sub("", sentence.text))
    return sentence.words in lexicon.signs(sign) or (sign == "often" and _NUMBER.search(sentence.text) is not None)


def _counts(text: str) -> bool:
    """Whether a text from which the money was taken still has a number."""
    return _NUMBER.search(text) is not None or words_of(text) in lexicon.signs("often")
