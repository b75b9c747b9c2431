"""What recurs, what stands side by side and who is voted for, each counted again by hand."""

import random
from collections import Counter
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import pytest

from app.kernel.search import Document, collection, explain, lexicon, place, rank, vote, words_of
from app.kernel.search.lexicon import Lexicon
from app.kernel.search.postings import keys_of, pair_keys
from app.kernel.search.reading import reading
from app.kernel.search.recurrence import BELIEF, LEAST_WEIGHT, UNSEEN, USUAL
from app.kernel.search.schema import RANKED

WORDS = [f"{first}{second}" for first in ("canal", "bridge", "ferry", "jetty") for second in ("gate", "side", "men")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> None:
    place.connect(tmp_path)


def _corpus(seed: int, count: int = 60) -> dict[str, Document]:
    rng = random.Random(seed)
    made = {}
    for number in range(count):
        lines = [" ".join(rng.choices(WORDS, k=rng.randint(1, 6))) for _ in range(rng.randint(1, 3))]
        title = " ".join(rng.choices(WORDS, k=rng.randint(0, 4)))
        made[f"{number:03}"] = Document(title=title, text=lines, group=rng.choice(["", *"abcdefgh"]))
    return made


def _indexed(seed: int) -> dict[str, Document]:
    """A corpus in several segments, with some documents changed and some taken away."""
    made = _corpus(seed)
    collection.build("thing", list(made.items())[:40])
    changed = {row: document for row, document in _corpus(seed + 1).items() if row in ("003", "011")}
    gone: dict[str, Document | None] = dict.fromkeys(["005", "006"])
    collection.replace("thing", {**dict(list(made.items())[40:]), **changed, **gone})
    return {row: document for row, document in {**made, **changed}.items() if row not in gone}


def _stems(text: str) -> list[str]:
    return [word.stem for word in words_of(text)]


@pytest.mark.parametrize("seed", range(4))
def test_a_word_weighs_by_how_it_comes_back_in_its_group(seed: int) -> None:
    live = _indexed(seed)
    sizes = Counter(document.group for document in live.values() if document.group)
    with reading("thing") as lent:
        stems = [stem for word in [*WORDS, "unheard"] for stem in _stems(word)]
        lent.lexicon.look_up(stems[::3])
        spoken = lent.lexicon.look_up(stems)
        again, size = lent.lexicon.look_up(stems).weights, lent.snapshot.size
    assert list(RANKED) == ["title", "text"]
    frequencies, weights = spoken.located.frequency[len(stems) :], spoken.weights[len(stems) :]
    for stem, weight, frequency in zip(stems, weights, frequencies, strict=True):
        having = [d for d in live.values() if stem in {s for item in d.items() for s in _stems(item)}]
        mine = Counter(document.group for document in having if sizes[document.group] > 1)
        shared = sum(n * (n - 1) / (sizes[group] - 1) for group, n in mine.items())
        p = (shared + BELIEF * USUAL) / (sum(mine.values()) + BELIEF)
        q = (frequency + 0.5) / (size + UNSEEN)
        expected = max(LEAST_WEIGHT, log(p * (1 - q) / (q * (1 - p)))) if frequency else 0.0
        assert weight == pytest.approx(expected)
    assert weights.tolist() == again[len(stems) :].tolist()


@pytest.mark.parametrize("seed", range(4))
def test_pairs_are_the_neighbours_within_a_line(seed: int) -> None:
    live = _indexed(seed)
    with reading("thing") as lent:
        for first, second in [(WORDS[a], WORDS[b]) for a in range(4) for b in range(4)]:
            keys = keys_of([*_stems(first), *_stems(second)])
            located = lent.snapshot.locate_keys(pair_keys(keys[:1], keys[1:]))
            scores = located.scores(np.ones(1))
            found = {lent.snapshot.row(number) for number in np.flatnonzero(scores)}
            wanted = (_stems(first)[0], _stems(second)[0])
            beside = {
                row
                for row, document in live.items()
                if any(wanted in pairwise(_stems(part)) for part in [document.title, *document.items()])
            }
            assert found == beside


def test_neighbours_count_more_than_the_same_words_apart() -> None:
    beside = Document(title="", text="a moving bridge gate over dark water")
    apart = Document(title="", text="a gate moving over the dark water bridge")
    collection.build("thing", [("apart", apart), ("beside", beside)])
    assert [each.row_id for each in rank("thing", "bridge gate")] == ["beside", "apart"]
    why = explain("thing", "bridge gate", ["apart", "beside"])
    assert why["beside"].words == pytest.approx(why["apart"].words)
    assert why["apart"].pairs == 0.0 < why["beside"].pairs


@pytest.mark.parametrize("seed", range(4))
def test_a_group_is_the_discounted_sum_of_its_best_documents(seed: int) -> None:
    made = _indexed(seed)
    collection.build("other", [(row, document) for row, document in list(_corpus(seed + 9).items())[:20]])
    text = " ".join(WORDS[:5])
    expected: dict[str, list[float]] = {}
    for kind in ("thing", "other"):
        for each in rank(kind, text, limit=1_000):
            if each.group:
                expected.setdefault(each.group, []).append(each.score)
    found = vote(["thing", "other", "nothing"], text)
    assert {each.group for each in found} == set(expected)
    for each in found:
        best = sorted(expected[each.group], reverse=True)[:10]
        assert each.score == pytest.approx(sum(score / 2**at for at, score in enumerate(best)))
        assert sum(each.shares.values()) == pytest.approx(each.score)
        assert list(each.shares.values()) == sorted(each.shares.values(), reverse=True)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert [each.group for each in vote(["thing", "other"], text, limit=3)] == [each.group for each in found[:3]]
    assert made


def test_nobody_is_voted_for_without_documents() -> None:
    assert vote(["thing"], "ferry") == []
    collection.build("thing", [("1", Document(title="A ferry"))])
    assert vote(["thing"], "ferry") == []
    assert vote(["thing"], "") == []


def test_what_is_remembered_of_words_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    _indexed(1)
    stem = _stems(WORDS[0])[0]
    many = [f"unheard{number}" for number in range(700)]
    with reading("thing") as lent:
        fresh = [Lexicon(lent.snapshot).look_up([stem]) for stem in (stem, *many[:2])]
        monkeypatch.setattr(lexicon, "MOST_KNOWN", 5)
        for stems in ([stem], many, [*many[:2], stem]):
            spoken = lent.lexicon.look_up(stems)
        for each, one in zip([stem, *many[:2]], fresh, strict=True):
            at = [stems.index(each), len(stems) + stems.index(each)]
            assert spoken.located.slices[:, :, at].tolist() == one.located.slices.tolist()
            assert spoken.located.idf[at].tolist() == one.located.idf.tolist()
            assert spoken.weights[at].tolist() == one.weights.tolist()


def test_an_empty_index_ranks_nothing() -> None:
    collection.build("thing", [])
    assert (rank("thing", "any words at all"), vote(["thing"], "any words")) == ([], [])
