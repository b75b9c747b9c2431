"""The vocabulary on the command line."""

from pathlib import Path

from app.capabilities import commands
from app.config import read_settings
from app.kernel.importing import Imported, Progress


def import_capabilities(file: Path, progress: Progress) -> Imported:
    """CPV codes, DDaT skills or further capabilities; bad rows are told in the instance's folder `reports`."""
    return commands.import_capabilities(file, progress, reports=read_settings().instance / "reports")
