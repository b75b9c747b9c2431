"""The quality bench: a set of judged needs through the very functions that serve pages, beside plain BM25.

A set is three files: a corpus (JSON lines: id, name, text as a string or a list of items), queries (JSON lines: id,
title, text, sometimes objective) and judgements (need id, id in the corpus, relevance, by tabs, with a header).
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from app.bench.measures import Measured, Relevant, measured
from app.kernel import search
from app.kernel.importing import WrongFile
from app.kernel.search import collection
from app.matching.voices import need_text, voices

ITEM, WHOLE = "item", "whole"
DEPTH = 50


@dataclass(frozen=True)
class Quality:
    """How the engine and plain BM25 over whole profiles rank what was judged, over so many queries."""

    engine: Measured
    baseline: Measured
    queries: int

    def as_facts(self) -> dict[str, Any]:
        """Nothing but numbers and dictionaries."""
        return asdict(self)

    def as_table(self) -> Table:
        """For a terminal."""
        table = Table(title=f"{self.queries:,} judged queries")
        for head in ("", "nDCG@10", "95% interval", "MRR", "recall@10", "recall@50"):
            table.add_column(head, justify="left" if not head else "right")
        for name, each in (("engine", self.engine), ("plain BM25, whole profiles", self.baseline)):
            low, high = each.ndcg_at_10_interval
            measures = (each.mrr, each.recall_at_10, each.recall_at_50)
            table.add_row(name, f"{each.ndcg_at_10:.3f}", f"{low:.3f} to {high:.3f}", *(f"{m:.3f}" for m in measures))
        return table


def quality(corpus: Path, queries: Path, qrels: Path) -> Quality:
    """Index the corpus in a folder of its own, ask every judged query, and measure. Raises WrongFile."""
    judged = _judgements(qrels)
    asked = [query for query in _rows(queries, "id") if str(query["id"]) in judged]
    if not asked:
        raise WrongFile(qrels, f"it judges none of the queries in {queries.name}")
    relevant = [judged[str(query["id"])] for query in asked]
    with TemporaryDirectory() as folder:
        search.connect(Path(folder))
        collection.build(ITEM, _items(corpus))
        collection.build(WHOLE, _wholes(corpus))
        texts = [_text(query) for query in asked]
        engine = [[each.group for each in voices(text, (ITEM,), limit=DEPTH)] for text in texts]
        plain = [[each.group for each in search.rank_plainly(WHOLE, text, limit=DEPTH)] for text in texts]
    return Quality(measured(engine, relevant), measured(plain, relevant), len(asked))


def _text(query: Mapping[str, Any]) -> str:
    return need_text(*(str(query.get(part) or "") for part in ("title", "objective", "text")))


def _items(corpus: Path) -> Iterator[tuple[str, search.Document]]:
    """Each item of each provider as a document of its own."""
    for row in _rows(corpus, "id", "text"):
        for at, item in enumerate(_texts(row)):
            yield f"{row['id']}/{at}", search.Document(title="", text=item, group=str(row["id"]))


def _wholes(corpus: Path) -> Iterator[tuple[str, search.Document]]:
    """Each provider as one document: its name and all that it has to say."""
    for row in _rows(corpus, "id", "text"):
        whole = "\n".join([str(row.get("name") or ""), *_texts(row)])
        yield str(row["id"]), search.Document(title="", text=whole, group=str(row["id"]))


def _texts(row: Mapping[str, Any]) -> Sequence[str]:
    text = row["text"]
    return [str(item) for item in text] if isinstance(text, list) else [str(text)]


def _rows(path: Path, *wanted: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, plain or gzipped; each must have what is wanted."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for number, line in enumerate(content.decode("utf-8-sig").splitlines(), 1):
        if line.strip():
            yield _row(path, number, line, wanted)


def _row(path: Path, number: int, line: str, wanted: Sequence[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise WrongFile(path, f"line {number}: this is not JSON ({error})") from error
    missing = [name for name in wanted if not isinstance(row, dict) or name not in row]
    if missing:
        raise WrongFile(path, f"line {number}: {missing[0]} is missing")
    return dict(row)


def _judgements(path: Path) -> dict[str, Relevant]:
    """{query: {id: relevance}} of all that is relevant."""
    judged: dict[str, Relevant] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        fields = line.split("\t")
        try:
            query, found, gain = fields[0], fields[1], float(fields[2]) if len(fields) > 2 else 1.0
        except (IndexError, ValueError) as error:
            raise WrongFile(path, f"line {number}: need id, id and relevance are wanted, by tabs") from error
        if gain > 0:
            judged[query] = {**judged.get(query, {}), found: gain}
    return judged
