"""A made-up corpus: texts that read like procurement to an index, and what is asked of it.

No text is copied from anywhere. Words are made of syllables, and take the endings of English so that stemming has
work to do. Their frequencies follow Zipf's law as Mandelbrot mended it, 1 / (rank + 2.7). A word of a text comes from
its topic, a second topic, all words, or function words, so that texts of a topic look alike and a need has documents
that answer it; one in three is followed by its habitual neighbour. Document frequencies come out near those of public
procurement records (the 1st, 10th, 100th, 1,000th commonest stem in 50, 20, 4, 0.4% of texts). The same count and seed
give the same corpus.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.kernel.search import Document

Row = tuple[str, Document]
Filters = Mapping[str, Sequence[str]]
Numbers = NDArray[np.int64]
Random = np.random.Generator

WORDS, TOPICS, TOPIC_WORDS = 24_000, 300, 150
MEDIAN_WORDS, SPREAD, NEED_WORDS = 74, 0.45, 100
# where a word comes from: the text's topic, its second topic, all words, function words
SOURCES = (0.24, 0.08, 0.33, 0.35)
# how often a word is followed by the one that it often stands beside
HABIT = 0.33
# documents of one group, which have the same topics
GROUP = 3
AT_ONCE = 5_000
FACETS: Mapping[str, tuple[str, ...]] = {
    "area": tuple(f"area {number}" for number in range(12)),
    "place": tuple(f"place {number}" for number in range(12)),
    "kind": ("supplier", "team"),
    "size": ("micro", "small", "medium", "large", "huge"),
    "standing": ("new", "known", "proven", "trusted"),
}
FUNCTION = (
    "the of and to in for a with on is by that will be as are from or at we an which this our their must can all it "
    "have has not also each new any who into other more through they its been where"
)
PREFIXES = "re pre inter sub over under out up cross multi non un co bio geo micro tele auto eco fore"
ROOTS = (
    "act audit badge bank bid bill bird blood board book border boat brand brick bridge build bulk call camp card "
    "cargo carbon case chain chart check child claim clean clerk climb cloud coach coast code cook cost count court "
    "craft crane crew crop crowd dam data deal design desk diet dig dock draft drain drill drink drug dust earth "
    "edit exam farm fast feed field film fish fit flag fleet flood floor form forest frame front fuel fund game "
    "gate ghost gift glass grain grant green grid ground group guard guest guide hall hand harbour harvest head "
    "health heat help hill hold hospital host index ink kit lab land law lead learn letter lift light link list "
    "loan lock log lump mail map market mask mast match meal mend metal milk mill mind mint model mount net nest "
    "north nurse order pack paint panel paper parent park patch path pay pension pilot pitch plan plant plot point "
    "pool port post press print prison pupil quest rail rain rank record rent report rest risk river road roof room "
    "root sand scan school screen seal search seat seed sensor shed shelf shell shift ship shop sign signal site "
    "skill soil sort sound speech staff stamp steel stock storm stream street switch tank task tax team tender tent "
    "test text thread ticket tool touch tower town track trail train transit trial truck trust tunnel turn user "
    "valley vault view visit voice vote wagon walk wall ward watch water weather weight well west wind wire wood "
    "work yard youth"
)
FUNCTION_WORDS = FUNCTION.split()
ENDINGS = {"": 0.55, "s": 0.2, "ing": 0.1, "ed": 0.08, "er": 0.04, "ment": 0.03}


@dataclass(frozen=True)
class Questions:
    """What is asked: needs of 100 words, three filters for each, three words, documents to find others like."""

    needs: list[str]
    filters: list[Filters]
    words: list[str]
    like: list[Row]


class Corpus:
    """The documents, in memory, and the language that they are written in."""

    def __init__(self, count: int, seed: int = 2026) -> None:
        self._language, self._seed = Language(np.random.default_rng(seed)), (seed, count)
        self.documents: list[Row] = list(self._drawn(np.random.default_rng([*self._seed, 0]), count))

    def questions(self, count: int) -> Questions:
        """So many of each kind, about topics that documents have. The three words stand in one document."""
        rng = np.random.default_rng([*self._seed, 1])
        asked = self._language.texts(rng, rng.integers(0, TOPICS, (count, 2)), np.full(count, NEED_WORDS))
        sources = [self.documents[at] for at in rng.integers(0, len(self.documents), 2 * count)]
        words = [_three_words(rng, document) for _, document in sources[:count]]
        return Questions(asked, [_three_filters(rng) for _ in range(count)], words, sources[count:])

    def changes(self, count: int) -> list[tuple[Row, str]]:
        """So many documents with a new text, each with a word that it alone has."""
        rng = np.random.default_rng([*self._seed, 2])
        fresh = islice(self._drawn(rng, count), count)
        rows = rng.choice(len(self.documents), min(count, len(self.documents)), replace=False).tolist()
        return [
            ((self.documents[row][0], replace(document, text=f"{document.text} zyx{row}")), f"zyx{row}")
            for row, (_, document) in zip(rows, fresh, strict=False)
        ]

    def _drawn(self, rng: Random, count: int) -> Iterator[Row]:
        """So many documents, drawn some at a time."""
        for first in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - first)
            topics = np.repeat(rng.integers(0, TOPICS, (size, 2)), GROUP, axis=0)[:size]
            lengths = np.clip(rng.lognormal(np.log(MEDIAN_WORDS), SPREAD, size), 20, 400).astype(np.int64)
            texts = self._language.texts(rng, topics, lengths)
            titles = self._language.texts(rng, topics, rng.integers(5, 13, size))
            facts = _facts(rng, topics)
            for at, (title, text, known) in enumerate(zip(titles, texts, facts, strict=True), first):
                group, day = f"group {first} {(at - first) // GROUP}", {"newest": at % 3_000}
                yield f"{at:08x}", Document(title=title.rstrip("."), text=text, group=group, sort=day, **known)


class Language:
    """Words with their forms and frequencies, and the words of each topic."""

    def __init__(self, rng: Random) -> None:
        stems = _words(rng)
        self._forms = np.array([[stem + ending for ending in ENDINGS] for stem in stems], object)
        # the commonest words belong to no topic
        self._topics = rng.integers(WORDS // 40, WORDS, (TOPICS, TOPIC_WORDS))
        self._shares = {count: _zipf(count) for count in (len(FUNCTION_WORDS), WORDS, TOPIC_WORDS)}

    def texts(self, rng: Random, topics: Numbers, lengths: Numbers) -> list[str]:
        """A text of each length about each pair of topics, in sentences."""
        words = self._words(rng, np.repeat(topics, lengths, axis=0)).tolist()
        ends = np.cumsum(lengths)
        return [_sentences(words[end - length : end]) for end, length in zip(ends, lengths, strict=True)]

    def _words(self, rng: Random, topics: Numbers) -> NDArray[np.object_]:
        """A word for each pair of topics."""
        count = len(topics)
        source, rank = self._ranks(rng, count)
        topical = self._topics[topics[np.arange(count), np.minimum(source, 1)], np.minimum(rank, TOPIC_WORDS - 1)]
        spelled = self._forms[
            np.where(source < 2, topical, rank), rng.choice(len(ENDINGS), count, p=list(ENDINGS.values()))
        ]
        function = np.array(FUNCTION_WORDS, object)[np.minimum(rank, len(FUNCTION_WORDS) - 1)]
        return np.where(source == 3, function, spelled)

    def _ranks(self, rng: Random, count: int) -> tuple[Numbers, Numbers]:
        """The source of each word, and its rank there; a habitual neighbour is the next of the same source."""
        source = rng.choice(len(SOURCES), count, p=SOURCES)
        sizes = np.array([TOPIC_WORDS, TOPIC_WORDS, WORDS, len(FUNCTION_WORDS)])
        rank = np.zeros(count, np.int64)
        for number, words in enumerate(sizes.tolist()):
            where = np.flatnonzero(source == number)
            rank[where] = self._draw(rng, words, len(where))
        places = np.arange(count)
        start = np.maximum.accumulate(np.where(rng.random(count) < HABIT, 0, places))
        return source[start], (rank[start] + places - start) % sizes[source[start]]

    def _draw(self, rng: Random, words: int, count: int) -> Numbers:
        """So many of the first words, each as often as its rank has it."""
        return np.minimum(np.searchsorted(self._shares[words], rng.random(count), "right"), words - 1)


def _words(rng: Random) -> list[str]:
    """Different words, the commoner the simpler: roots, roots with a prefix, and compounds of two roots."""
    roots = rng.permutation(ROOTS.split()).tolist()
    prefixed = rng.permutation([prefix + root for prefix in PREFIXES.split() for root in roots]).tolist()
    compound = rng.permutation([first + second for first in roots for second in roots]).tolist()
    return list(dict.fromkeys([*roots, *prefixed, *compound]))[:WORDS]


def _three_words(rng: Random, document: Document) -> str:
    """Three of a document's commoner words, which are the shorter ones."""
    told = {word.strip(".").lower() for word in str(document.text).split()} - set(FUNCTION_WORDS)
    return " ".join(rng.choice(sorted(told, key=lambda word: (len(word), word))[:6], 3, replace=False))


def _zipf(count: int) -> NDArray[np.float64]:
    """The shares of so many words, added up."""
    shares = 1 / (np.arange(count) + 3.7)
    added: NDArray[np.float64] = np.cumsum(shares / shares.sum())
    return added


def _sentences(words: Sequence[str]) -> str:
    """The words as sentences of twelve, each beginning with a capital letter."""
    return " ".join(" ".join(words[at : at + 12]).capitalize() + "." for at in range(0, len(words), 12))


def _facts(rng: Random, topics: Numbers) -> Iterable[dict[str, Any]]:
    """Facets and capabilities: the area follows from the topic, a document has up to four places."""
    for topic, second in topics.tolist():
        places = rng.choice(12, int(rng.integers(1, 5)), replace=False).tolist()
        one_of = {name: (_one(rng, FACETS[name]),) for name in ("kind", "size", "standing")}
        facets = {"area": (FACETS["area"][topic % 12],), "place": tuple(FACETS["place"][at] for at in places), **one_of}
        yield {"facets": facets, "capabilities": (f"capability-{topic}", f"capability-{second}")}


def _one(rng: Random, values: Sequence[str]) -> str:
    """One of the values, the first the most often."""
    return values[int(len(values) * rng.random() ** 1.6)]


def _three_filters(rng: Random) -> Filters:
    """Two areas, four places and the commoner kind: what leaves about a tenth."""
    areas, places = rng.choice(12, 2, replace=False).tolist(), rng.choice(12, 4, replace=False).tolist()
    return {
        "area": [FACETS["area"][at] for at in areas],
        "place": [FACETS["place"][at] for at in places],
        "kind": [FACETS["kind"][0]],
    }
