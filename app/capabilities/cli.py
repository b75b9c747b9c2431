"""The vocabulary on the command line."""

from pathlib import Path

from app.capabilities import commands
from app.kernel.importing import Imported, Progress


def import_capabilities(path: Path, progress: Progress | None = None, *, reports: Path | None = None) -> Imported:
    """CPV codes, DDaT skills or further capabilities; bad rows are told in the folder `reports`."""
    return commands.import_capabilities(path, progress, reports=reports)
