"""An index of documents that do not come from the database: benches measure these through the same doors as pages."""

from collections.abc import Iterable, Mapping

from app.kernel.search.changes import Mark
from app.kernel.search.documents import Document
from app.kernel.search.following import shelf_of
from app.kernel.search.schema import layout_of
from app.kernel.search.shelf import Note

NOWHERE = Note(Mark(0, ""), "")


def build(kind: str, documents: Iterable[tuple[str, Document]]) -> None:
    """Make the index of a kind from (row id, document); each row once."""
    shelf_of(kind).build((layout_of(row_id, document) for row_id, document in documents), NOWHERE)


def replace(kind: str, documents: Mapping[str, Document | None]) -> None:
    """Put these documents in the place of those with the same row ids, in one commit; None takes one away."""
    laid = [layout_of(row_id, document) for row_id, document in documents.items() if document is not None]
    shelf = shelf_of(kind)
    with shelf.committing():
        shelf.apply(list(documents), laid, NOWHERE)
