"""Needs on the command line."""

from pathlib import Path

from app.kernel.importing import Imported, Progress
from app.needs.imports import intake


def import_needs(
    path: Path, *, reports: Path | None = None, progress: Progress | None = None, preview: bool = False
) -> Imported:
    """Opportunities with their states, or research and innovation calls; again and again without doubling."""
    return intake.import_needs(path, reports=reports, progress=progress, preview=preview)


def import_calls(
    path: Path, *, reports: Path | None = None, progress: Progress | None = None, preview: bool = False
) -> Imported:
    """Research and innovation calls alone, as needs of those who fund them; again and again without doubling."""
    return intake.import_calls(path, reports=reports, progress=progress, preview=preview)
