"""Providers on the command line."""

from pathlib import Path

from app.kernel.importing import Imported, Progress
from app.providers import importing, solutions


def import_services(
    path: Path, progress: Progress | None = None, *, reports: Path | None = None, preview: bool = False
) -> Imported:
    """Bring in a catalogue of services as solution profiles; bad rows are told in a file of `reports`."""
    return importing.import_services(path, progress, reports=reports, preview=preview)


def import_solutions(
    path: Path, progress: Progress | None = None, *, reports: Path | None = None, preview: bool = False
) -> Imported:
    """Bring in digital public goods as solution profiles of those who own them; bad rows are told in `reports`."""
    return solutions.import_solutions(path, progress, reports=reports, preview=preview)
