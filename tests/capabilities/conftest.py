"""What the tests of the vocabulary share: the outside registers, where they are at hand, and the loaded vocabulary."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import app.capabilities.index  # noqa: F401  (makes capabilities searchable)
from app.capabilities import commands
from app.kernel import db
from app.kernel.db import Base

DATA = Path(os.environ.get("TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


@pytest.fixture(scope="session")
def data() -> Callable[[str], Path]:
    """A file of the real data; the test is skipped where it is not at hand."""

    def found(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"needs {path}, which is not part of the project")
        return path

    return found


@pytest.fixture(scope="session")
def _loaded() -> dict[str, list[dict[str, Any]]]:
    """The rows of the loaded vocabulary by table, kept for the run: loading takes a second, copying 50 ms."""
    return {}


@pytest.fixture
def vocabulary(store: db.Database, _loaded: dict[str, list[dict[str, Any]]]) -> db.Database:
    """A store with the vocabulary that Clarion ships with."""
    tables = [Base.metadata.tables[name] for name in ("capabilities", "synonyms", "capability_codes")]
    if _loaded:
        with store.engine.begin() as connection:
            for table in tables:
                connection.execute(table.insert(), _loaded[table.name])
        return store
    commands.load_vocabulary()
    with store.engine.connect() as connection:
        for table in tables:
            order = [table.c.level] if table.name == "capabilities" else []
            _loaded[table.name] = [dict(row) for row in connection.execute(select(table).order_by(*order)).mappings()]
    return store
