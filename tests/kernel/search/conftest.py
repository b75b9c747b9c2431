"""The library over a fresh database and index of its own, and nothing else registered."""

import gc
from collections.abc import Iterator

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


@pytest.fixture(autouse=True)
def _swept(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What a damaged file left open goes with the test that may leave it, and not with the next one.

    Whoosh forgets it, and the tracebacks in what was logged hold it until then.
    """
    yield
    if "filterwarnings" in request.keywords:
        caplog.get_records("call").clear()
        gc.collect()
