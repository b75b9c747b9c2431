"""Providers on the command line."""

from pathlib import Path

from app.kernel.importing import Imported, Progress
from app.providers import importing


def import_services(path: Path, progress: Progress | None = None, *, reports: Path | None = None) -> Imported:
    """Bring in a catalogue of services as solution profiles; bad rows are told in a file of `reports`."""
    return importing.import_services(path, progress, reports=reports)
