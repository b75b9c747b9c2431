"""Outcomes on the command line."""

from pathlib import Path

from app.config import read_settings
from app.kernel.importing import Imported, Progress
from app.outcomes import importing


def import_awards(path: Path, progress: Progress | None = None, *, reports: Path | None = None) -> Imported:
    """The awards of an opportunities file as partnerships, after its needs; again and again without doubling."""
    reports = reports or read_settings().instance / "reports"
    return importing.import_awards(path, reports=reports, progress=progress)
