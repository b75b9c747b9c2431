"""`clarion bench`: how fast the engine is, and how good. What is measured is imported when it is measured."""

import json
from pathlib import Path

import click
from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def bench() -> None:
    """Measure the search engine."""


@bench.command("speed")
@click.option("--docs", type=click.IntRange(min=1), multiple=True, help="Documents; without it 5,000, 50,000, 200,000.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone; what goes on is told on standard error.")
def bench_speed(docs: tuple[int, ...], as_json: bool) -> None:
    """Time the engine against tantivy, FTS5, bm25s and naive Whoosh, on texts made for it."""
    from app.bench.speed import report
    from app.bench.telling import tell

    found = report(docs, lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        tell(found, console)


@bench.command("quality")
@click.option("--corpus", type=FILE, required=True, help="JSON lines: id, name, text as a string or a list of items.")
@click.option("--queries", type=FILE, required=True, help="JSON lines: id, title, text, sometimes objective.")
@click.option("--qrels", type=FILE, required=True, help="Need id, id in the corpus, relevance, by tabs, with a header.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def bench_quality(corpus: Path, queries: Path, qrels: Path, as_json: bool) -> None:
    """Rank a judged set as pages do, beside BM25 over whole profiles."""
    from app.bench.quality import quality

    found = quality(corpus, queries, qrels)
    if as_json:
        click.echo(json.dumps(found.as_facts(), indent=2))
    else:
        console.print(found.as_table())
