"""The speed bench's report as tables for people."""

from rich.console import Console
from rich.table import Table

from app.bench.speed import KINDS, Report

CAPTION = "Median / 95th percentile. Analysis included. –: has no such query. Changes by the wall's clock."


def tell(report: Report, console: Console) -> None:
    """Print one report, or those of several sizes."""
    for each in report.get("sizes", [report]):
        console.print(_times(each))
        console.print(_targets(each))
    if "growth" in report:
        growth = report["growth"]
        console.print(
            f"From the smallest corpus to the largest a need takes {growth['value']:.1f} times as long, "
            f"with {growth['limit']:.1f} times the postings: {_reached(growth)}."
        )


def _times(report: Report) -> Table:
    """Everyone's times for each kind of query, and the engine's as shares of tantivy's."""
    title = f"{report['docs']:,} documents, milliseconds of processor time"
    headings = [kind.replace("_", " ") for kind in KINDS]
    table = Table("", *headings, "bytes each", "build s", title=title, caption=CAPTION)
    for name, kinds in report["engines"].items():
        memory, seconds = report["memory_bytes_per_document"][name], report["build_seconds"][name]
        table.add_row(name, *(_pair(kinds[kind], "_ms") for kind in KINDS), f"{memory:,}", f"{seconds:,.1f}")
    if report["ratios"]:
        table.add_row("engine : tantivy", *(_pair(report["ratios"].get(kind)) for kind in KINDS))
    return table


def _pair(times: Report | None, unit: str = "") -> str:
    return f"{times[f'p50{unit}']:,.2f} / {times[f'p95{unit}']:,.2f}" if times else "–"


def _targets(report: Report) -> Table:
    table = Table("to reach", "at most", "is", "")
    for name, target in report["targets"].items():
        table.add_row(name.replace("_", " "), f"{target['limit']:,}", f"{target['value']:,}", _reached(target))
    table.add_row("postings touched by a need", "", f"{report['postings_touched']:,}", "")
    return table


def _reached(target: Report) -> str:
    return "reached" if target["reached"] else "missed"
