"""A small real run of the speed bench: everyone installed answers, and finds the same."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from app.bench import peers, speed
from app.bench.corpus import FACETS, NEED_WORDS, Corpus
from app.bench.peers import PEERS, Peer, Unable
from app.bench.telling import tell
from app.cli import bench

DOCS = 300
COUNTING = ["engine", "tantivy", "sqlite_fts5", "whoosh"]
SPEEDS = {"p50_ms", "p95_ms", "first_p50_ms", "first_p95_ms", "questions"}


def _missing(_folder: Path) -> Peer:
    raise ModuleNotFoundError("tantivy")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(DOCS)


@pytest.fixture(scope="module")
def built(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Peer]]:
    """Everyone, with the corpus in the index."""
    everyone = {name: load(tmp_path_factory.mktemp(name)) for name, load in PEERS.items()}
    for peer in everyone.values():
        peer.build(corpus.documents)
        peer.open()
    yield everyone
    for peer in everyone.values():
        peer.close()


@pytest.fixture
def peer(request: pytest.FixtureRequest, built: Mapping[str, Peer]) -> Peer:
    """The one of that name; the engine's folder is connected anew, since other tests connect theirs."""
    found = built[request.param]
    found.open()
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few questions."""
    for name, value in {"QUESTIONS": 3, "REPETITIONS": 2, "CHANGES": 1}.items():
        monkeypatch.setattr(speed, name, value)


def _ran(*arguments: str) -> Any:
    ran = CliRunner().invoke(bench, ["speed", *arguments], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran


def test_the_json_has_times_of_everyone_for_each_kind_of_query(quick: None) -> None:
    report = json.loads(_ran("--docs", str(DOCS), "--json").stdout)
    assert list(report) == [
        *("docs", "postings_touched", "build_seconds", "memory_bytes_per_document", "arrays_bytes_per_document"),
        *("engines", "ratios", "targets"),
    ]
    assert report["docs"] == DOCS
    assert list(report["engines"]) == list(report["memory_bytes_per_document"]) == list(PEERS)
    unable = {
        (name, kind) for name, kinds in report["engines"].items() for kind, times in kinds.items() if times is None
    }
    assert unable == {("bm25s", kind) for kind in ("need_filtered", "words", "change")}
    for kinds in report["engines"].values():
        assert list(kinds) == list(speed.KINDS)
        assert all(set(times) == SPEEDS and 0 < times["p50_ms"] <= times["p95_ms"] for times in kinds.values() if times)
    ours, theirs = (report["engines"][name]["need"]["p50_ms"] for name in ("engine", "tantivy"))
    assert report["ratios"]["need"]["p50"] == pytest.approx(ours / theirs, abs=1e-4)
    assert {name: target["value"] <= target["limit"] for name, target in report["targets"].items()} == {
        name: target["reached"] for name, target in report["targets"].items()
    }


def test_whoever_is_not_installed_is_left_out_with_a_word_on_how_to_have_it(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "PEERS", {"engine": PEERS["engine"], "tantivy": _missing})
    ran = _ran("--docs", "150", "--docs", "300", "--json")
    assert f"tantivy {speed.INSTALL}" in ran.stderr.splitlines()
    report = json.loads(ran.stdout)
    assert [list(each["engines"]) for each in report["sizes"]] == [["engine"], ["engine"]]
    assert [list(each["targets"]) for each in report["sizes"]] == [["change_p95_ms", "memory_bytes_per_document"]] * 2
    first, last = [each["engines"]["engine"]["need"]["p50_ms"] for each in report["sizes"]]
    assert report["growth"]["value"] == pytest.approx(last / first, abs=1e-3)
    console = Console(record=True, width=200)
    tell(report, console)
    assert f"{first:,.2f}" in console.export_text()


def test_a_corpus_is_the_same_each_time(corpus: Corpus) -> None:
    again, other = Corpus(DOCS), Corpus(DOCS, seed=1)
    assert corpus.documents == again.documents
    assert corpus.questions(5) == again.questions(5)
    assert corpus.changes(5) == again.changes(5)
    assert corpus.documents != other.documents
    assert {len(need.split()) for need in corpus.questions(20).needs} == {NEED_WORDS}


@pytest.mark.parametrize("peer", PEERS, indirect=True)
def test_a_need_that_copies_a_document_finds_it_first(peer: Peer, corpus: Corpus) -> None:
    for row_id, document in corpus.documents[::50]:
        assert peer.need(f"{document.title}. {document.text}")[0] == row_id


@pytest.mark.parametrize("peer", COUNTING, indirect=True)
def test_words_are_in_all_that_is_counted(peer: Peer, corpus: Corpus) -> None:
    for words in corpus.questions(5).words:
        page = peer.words(words)
        having = [document for _, document in corpus.documents if _has(f"{document.title} {document.text}", words)]
        counts = {
            name: {value: count for value in values if (count := sum(value in (d.facets[name] or ()) for d in having))}
            for name, values in FACETS.items()
        }
        assert page.counts == counts
        assert len(page.rows) == min(len(having), peers.peer.PAGE_ROWS)


def _has(text: str, words: str) -> bool:
    from app.kernel.search import words_of

    return {word.stem for word in words_of(words)} <= {word.stem for word in words_of(text)}


@pytest.mark.parametrize("peer", COUNTING, indirect=True)
def test_a_filtered_need_is_answered_by_what_passes(peer: Peer, corpus: Corpus) -> None:
    known, asked = dict(corpus.documents), corpus.questions(5)
    for text, filters in zip(asked.needs, asked.filters, strict=True):
        page = peer.need_filtered(text, filters)
        assert page.rows
        for row_id in page.rows:
            facets = known[row_id].facets
            assert all(set(facets[name] or ()) & set(values) for name, values in filters.items())
        assert set(page.counts["kind"]) == set(FACETS["kind"])
        assert len(page.counts["area"]) > len(filters["area"])


@pytest.mark.parametrize("peer", COUNTING, indirect=True)
def test_a_change_is_found(peer: Peer, corpus: Corpus) -> None:
    for row, word in corpus.changes(2):
        assert peer.change(row, word) == [row[0]]


@pytest.mark.parametrize("peer", ["bm25s"], indirect=True)
def test_what_somebody_cannot_do_is_said(peer: Peer, corpus: Corpus) -> None:
    with pytest.raises(Unable):
        peer.words("tender")
