"""The measures by hand, a made-up set that the engine must rank better than plain BM25, and floors on real ones."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from app.bench.measures import interval, measured, ndcg, recall, reciprocal_rank
from app.bench.quality import quality
from app.cli import main
from app.kernel.importing import WrongFile

REAL = Path(__file__).parents[3] / "shared/data/benchmarks"
FIRST, SECOND = "bcdfgklmnprstvw", "aeiou"


def test_measures_are_those_of_the_books() -> None:
    relevant = {"a": 1.0, "b": 1.0}
    assert ndcg(["a", "b"], relevant, 10) == 1.0
    assert ndcg(["x", "a"], {"a": 1.0}, 10) == pytest.approx(1 / np.log2(3))
    assert ndcg(["x", "a", "b"], relevant, 2) == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    assert ndcg([], relevant, 10) == 0.0
    assert reciprocal_rank(["x", "y", "b"], relevant) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], relevant) == 0.0
    assert recall(["x", "a"], relevant, 2) == 0.5
    assert recall(["x", "a"], relevant, 1) == 0.0
    whole = measured([["a", "b"], ["x"]], [relevant, {"a": 1.0}])
    assert (whole.ndcg_at_10, whole.mrr, whole.recall_at_10) == (0.5, 0.5, 0.5)


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    rng = np.random.default_rng(3)
    few, many = rng.random(20), rng.random(2_000)
    assert interval(few)[0] < few.mean() < interval(few)[1]
    assert interval(many)[1] - interval(many)[0] < interval(few)[1] - interval(few)[0]
    assert interval(few) == interval(few)


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(FIRST) + rng.choice(SECOND) for _ in range(rng.randint(2, 4))) + rng.choice(FIRST)


def _made_up(folder: Path) -> tuple[Path, Path, Path]:
    """Providers of forty trades, whose items speak of their trade among places, years and forms of contract."""
    rng = random.Random(11)
    trades = [[_word(rng) for _ in range(14)] for _ in range(40)]
    forms = [_word(rng) for _ in range(30)]
    corpus, queries, qrels = [], [], ["need_id\tprovider_id\trelevance"]
    skilled: dict[int, list[str]] = {trade: [] for trade in range(len(trades))}
    for number in range(160):
        mine = rng.sample(range(len(trades)), rng.choice([1, 1, 2]))
        items = [_item(rng, trades[rng.choice(mine)], forms) for _ in range(rng.randint(1, 12))]
        corpus.append({"id": f"p{number}", "name": _word(rng), "text": items if number % 5 else " ".join(items)})
        for trade in mine:
            skilled[trade].append(f"p{number}")
    for number in range(80):
        trade = rng.choice([each for each, providers in skilled.items() if providers])
        queries.append({"id": f"n{number}", "title": _item(rng, trades[trade], forms), "text": ""})
        winners = rng.sample(skilled[trade], min(2, len(skilled[trade])))
        qrels += [f"n{number}\t{winner}\t1" for winner in winners]
    return _written(folder, corpus, queries, qrels)


def _item(rng: random.Random, trade: list[str], forms: list[str]) -> str:
    words = rng.sample(trade, 3) + rng.choices(forms, k=8)
    rng.shuffle(words)
    return " ".join(words)


def _written(folder: Path, corpus: list[object], queries: list[object], qrels: list[str]) -> tuple[Path, Path, Path]:
    paths = folder / "corpus.jsonl.gz", folder / "queries.jsonl", folder / "qrels.tsv"
    paths[0].write_bytes(gzip.compress("\n".join(map(json.dumps, corpus)).encode()))
    paths[1].write_text("\n".join(map(json.dumps, queries)))
    paths[2].write_text("\n".join(qrels))
    return paths


def test_the_engine_ranks_a_made_up_set_better_than_plain_bm25(tmp_path: Path) -> None:
    found = quality(*_made_up(tmp_path))
    assert found.queries == 80
    assert found.engine.ndcg_at_10 > 0.6
    assert found.engine.ndcg_at_10 > found.baseline.ndcg_at_10 + 0.03
    assert found.engine.recall_at_10 > found.baseline.recall_at_10 + 0.05


def test_the_command_prints_what_was_measured(tmp_path: Path) -> None:
    corpus = [{"id": "a", "name": "A", "text": ["ferry port", "jetty"]}, {"id": "b", "name": "B", "text": "a school"}]
    paths = _written(tmp_path, corpus, [{"id": "n", "title": "Ferry"}, {"id": "m", "title": "x"}], ["h", "n\ta\t1"])
    options = [
        part for pair in zip(("--corpus", "--queries", "--qrels"), map(str, paths), strict=True) for part in pair
    ]
    printed = CliRunner().invoke(main, ["bench", "quality", *options, "--json"], catch_exceptions=False)
    told = json.loads(printed.stdout)
    assert set(told) == {"engine", "baseline", "queries"}
    assert told["queries"] == 1
    for side in ("engine", "baseline"):
        low, high = told[side].pop("ndcg_at_10_interval")
        assert low == high == 1.0
        assert told[side] == {"ndcg_at_10": 1.0, "mrr": 1.0, "recall_at_10": 1.0, "recall_at_50": 1.0}
    table = CliRunner().invoke(main, ["bench", "quality", *options], catch_exceptions=False)
    assert "1 judged queries" in table.stdout


@pytest.mark.parametrize(
    ("corpus", "queries", "qrels", "told"),
    [
        ("{", '{"id": 1}', "h\n1\ta\t1", "line 1: this is not JSON"),
        ('{"id": 1}', '{"id": 1}', "h\n1\ta\t1", "line 1: text is missing"),
        ("[1]", '{"id": 1}', "h\n1\ta\t1", "line 1: id is missing"),
        ('{"id": 1, "text": ""}', '{"id": 1}', "h\n2\ta\t1", "judges none of the queries"),
        ('{"id": 1, "text": ""}', '{"id": 1}', "h\n2 a 1", "line 2: need id, id and relevance are wanted"),
    ],
)
def test_a_wrong_file_is_told_by_line(tmp_path: Path, corpus: str, queries: str, qrels: str, told: str) -> None:
    paths = [tmp_path / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv")]
    for path, text in zip(paths, (corpus, queries, qrels), strict=True):
        path.write_text(text)
    with pytest.raises(WrongFile, match=told):
        quality(*paths)


def _real(name: str) -> tuple[Path, Path, Path]:
    folder = REAL / name
    if not folder.exists():
        pytest.skip(f"the judged set {name} is not here")
    return folder / "corpus.jsonl.gz", folder / "queries.jsonl.gz", folder / "qrels.tsv"


def test_the_floor_on_what_one_government_bought() -> None:
    found = quality(*_real("gebiz"))
    assert found.queries == 898
    assert found.engine.ndcg_at_10 >= 0.38
    assert 0.29 <= found.baseline.ndcg_at_10 <= 0.32


@pytest.mark.slow
def test_the_floor_on_long_calls_for_proposals() -> None:
    found = quality(*_real("sbir"))
    assert found.engine.ndcg_at_10 >= 0.76
    assert 0.70 <= found.baseline.ndcg_at_10 <= 0.75
