"""The library over a fresh database and index of its own, and nothing else registered."""

import pytest

from app.kernel import db, search
from app.kernel.search import documents
from tests.kernel.search.library import BOOKS, PUBLISHERS, Shelved


@pytest.fixture
def library(store: db.Database, monkeypatch: pytest.MonkeyPatch) -> db.Database:
    """A fresh database with the library's tables, whose books and publishers are searchable."""
    monkeypatch.setattr(documents, "_kinds", {})
    search.register(BOOKS)
    search.register(PUBLISHERS)
    Shelved.metadata.create_all(store.engine)
    return store
