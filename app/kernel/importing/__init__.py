"""Bringing in files: opening what people have, and taking its rows in batches, the good ones in and the bad ones told.

    with open_table(path) as table:
        shape = recognise(table, {"CPV codes": ("code", "label")})
        result = bring_in(table, prepare, reports=folder)

`prepare(rows)` is called at the start of each batch with its rows, and again when the batch is taken once more; it
loads what they need and returns `take(row) -> Taken`, which brings one row in or raises BadRow.
"""

from app.kernel.importing.file import File, record_batch
from app.kernel.importing.files import MOST_BYTES_OF_LINE, TextFile, WrongFile
from app.kernel.importing.intake import Imported, Progress, Source, bring_in
from app.kernel.importing.looking import Look, Shown
from app.kernel.importing.rows import BadLine, BadRow, Listed, Row, unusable_text
from app.kernel.importing.tables import Table, open_table, recognise
from app.kernel.importing.taking import Counts, Take, Taken

__all__ = [
    "MOST_BYTES_OF_LINE",
    "BadLine",
    "BadRow",
    "Counts",
    "File",
    "Imported",
    "Listed",
    "Look",
    "Progress",
    "Row",
    "Shown",
    "Source",
    "Table",
    "Take",
    "Taken",
    "TextFile",
    "WrongFile",
    "bring_in",
    "open_table",
    "recognise",
    "record_batch",
    "unusable_text",
]
