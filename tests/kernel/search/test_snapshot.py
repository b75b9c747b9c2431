"""Compiled arrays say what Whoosh says: the same scores and documents after every kind of update, delete and merge."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query

from app.kernel.search import Document, arrays, collection, find, place, rank, writing
from app.kernel.search.compiling import compile_segment
from app.kernel.search.reading import Reading, reading
from app.kernel.search.schema import COMPILED, WEIGHTS
from app.kernel.search.shelf import Shelf
from app.kernel.search.snapshot import strongest

WORDS = ["alpha", "bridge", "canal", "delta", "estuary", "ferry", "gauge", "harbour", "inlet", "jetty"]
texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
documents = st.builds(
    lambda title, text, tags, kind: Document(
        title=title, text=text.split(" alpha "), names=[title[:9]], capabilities=tags, facets={"kind": kind}
    ),
    texts,
    texts,
    st.lists(st.sampled_from(["one", "two", "three"]), max_size=3, unique=True),
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True),
)
rows = st.sampled_from([f"row{number}" for number in range(12)])
commits = st.lists(st.dictionaries(rows, st.none() | documents, min_size=1, max_size=6), max_size=6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place.connect(tmp_path)
    return tmp_path


def _by_whoosh(lent: Reading, terms: list[tuple[str, str, float]]) -> dict[str, float]:
    """Whoosh's own scores of an Or of boosted terms, by row."""
    union = query.Or([query.Term(field, text, boost=boost) for field, text, boost in terms])
    union.matcher_type = query.Or.ARRAY_MATCHER
    found = lent.searcher.search(union, limit=None)
    return {lent.snapshot.row(found.docnum(at)): found.score(at) for at in range(len(found))}


def _by_arrays(lent: Reading, terms: list[tuple[str, str, float]]) -> dict[str, float]:
    located = lent.snapshot.locate([(field, text) for field, text, _ in terms])
    scores = located.scores(np.array([boost for _, _, boost in terms]))
    found = strongest(scores, lent.snapshot.size)
    return {lent.snapshot.row(number): float(scores[number]) for number in found}


@settings(max_examples=60, deadline=None)
@given(
    commits=commits,
    largest=st.sampled_from([0, 3, 2_000]),
    terms=st.lists(
        st.tuples(st.sampled_from(["title", "text", "names", "capabilities"]), st.sampled_from([*WORDS, "one", "two"])),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    boosts=st.lists(st.floats(0.5, 9.0), min_size=8, max_size=8),
)
def test_scores_are_whooshs_own_after_any_updates_deletes_and_merges(
    tmp_path_factory: pytest.TempPathFactory,
    commits: list[dict[str, Document | None]],
    largest: int,
    terms: list[tuple[str, str]],
    boosts: list[float],
) -> None:
    place.connect(tmp_path_factory.mktemp("index"))
    kept: dict[str, Document | None] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LARGEST_MERGED", largest)
        collection.build("thing", [])
        for commit in commits:
            collection.replace("thing", commit)
            kept |= commit
    stems = [(field, next(iter(_stems(word)))) for field, word in terms]
    weighed = [(*term, boost) for term, boost in zip(stems, boosts, strict=False)]
    with reading("thing") as lent:
        ours, theirs = _by_arrays(lent, weighed), _by_whoosh(lent, weighed)
        assert ours == pytest.approx(theirs, abs=1e-6, rel=0)
        assert sorted(map(lent.snapshot.row, np.flatnonzero(lent.snapshot.live))) == sorted(
            row for row, document in kept.items() if document
        )
    found = find("thing", facets=["kind"], size=200)
    live = [document for document in kept.values() if document]
    assert found.facet_counts["kind"] == {
        value: count for value in "abc" if (count := sum(value in (document.facets["kind"] or ()) for document in live))
    }


def _stems(word: str) -> set[str]:
    from app.kernel.search import words_of

    return {each.stem for each in words_of(word)}


def test_equal_scores_stand_by_newest_and_then_by_row_id(folder: Path) -> None:
    same = Document(title="A jetty", text="a ferry")
    older, newer = [Document(title="A jetty", text="a ferry", sort={"newest": day}) for day in (1, 2)]
    collection.build("thing", [("d", same), ("c", older), ("b", newer), ("a", same)])
    collection.replace("thing", {"e": newer})
    assert [hit.row_id for hit in find("thing", "ferry").hits] == ["b", "e", "c", "a", "d"]
    assert [each.row_id for each in rank("thing", "a ferry")] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("count", [1, 7, 50, 5_000])
def test_the_strongest_are_the_highest_and_whoever_ties_with_the_last(count: int) -> None:
    rng = np.random.default_rng(count)
    for size in (0, 1, 63, 64, 1_000, 20_000):
        scores = np.floor(rng.exponential(3, size)) * (rng.random(size) < 0.7)
        least = max(np.sort(scores)[-count:].min(initial=np.inf), 1e-9) if size >= count else 1e-9
        assert sorted(strongest(scores, count)) == np.flatnonzero(scores >= least).tolist()


def test_filters_and_counts_are_those_of_the_documents(folder: Path) -> None:
    rng = random.Random(4)
    made = {
        f"{number:03}": Document(
            title=rng.choice(WORDS), facets={"kind": rng.sample("abcd", rng.randint(0, 3)), "size": rng.choice("xyz")}
        )
        for number in range(200)
    }
    collection.build("thing", list(made.items())[:150])
    collection.replace("thing", {**dict(list(made.items())[150:]), "003": None, "007": None})
    live = {row: document for row, document in made.items() if row not in ("003", "007")}
    filters = {"kind": ["a", "b"], "size": ["x"]}
    found = find("thing", filters=filters, facets=["kind", "size"], size=200, sort="title")
    assert {hit.row_id for hit in found.hits} == {r for r, d in live.items() if _passes(d, filters)}
    assert found.facet_counts["size"] == _counted(live, "size", {"kind": ["a", "b"]})
    assert found.facet_counts["kind"] == _counted(live, "kind", {"size": ["x"]})


def _passes(document: Document, filters: Mapping[str, list[str]]) -> bool:
    return all(set(document.facets[name] or ()) & set(values) for name, values in filters.items())


def _counted(live: Mapping[str, Document], name: str, filters: Mapping[str, list[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in live.values():
        for value in document.facets[name] or () if _passes(document, filters) else ():
            counts[value] = counts.get(value, 0) + 1
    return counts


def test_arrays_come_back_as_they_were_and_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "some.arrays"
    given = {"whole": np.arange(5, dtype=np.int32), "none": np.zeros(0), "texts": np.array([b"a", b"bcd"])}
    arrays.save(path, {"count": 5}, given)
    facts, found = arrays.load(path)
    assert facts == {"count": 5}
    assert {name: array.tolist() for name, array in found.items()} == {n: a.tolist() for n, a in given.items()}
    whole = path.read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole[:-70] + b"!" + whole[-69:], b"x" + whole[1:]):
        path.write_bytes(damaged)
        with pytest.raises(arrays.Damaged):
            arrays.load(path)


def test_one_change_compiles_its_own_segment_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST_MERGED", 3)
    collection.build("thing", [(str(number), Document(title="A jetty")) for number in range(50)])
    compiled: list[int] = []

    def counted(reader: Any) -> Any:
        compiled.append(reader.doc_count_all())
        return compile_segment(reader)

    monkeypatch.setattr(writing, "compile_segment", counted)
    collection.replace("thing", {"7": Document(title="A ferry")})
    assert compiled == [1]
    assert [each.row_id for each in rank("thing", "ferry")] == ["7"]
    assert len(rank("thing", "jetty")) == 49


def test_what_people_search_is_compiled() -> None:
    assert set(WEIGHTS) <= set(COMPILED)


def test_a_snapshot_lives_on_when_its_files_are_gone(folder: Path) -> None:
    collection.build("thing", [("1", Document(title="A jetty", text="quiet water"))])
    with reading("thing") as lent:
        collection.replace("thing", {"1": None, "2": Document(title="A ferry")})
        Shelf(folder, "thing").sweep()
        assert _by_arrays(lent, [("title", "jetti", 1.0)])
        assert lent.searcher.stored_fields(0)["content"]["title"] == "A jetty"
