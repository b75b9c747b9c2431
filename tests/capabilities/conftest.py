"""What the tests of the vocabulary share: the outside registers, where they are at hand, and the loaded vocabulary."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import app.capabilities.index  # noqa: F401  (makes capabilities searchable)
from app.capabilities import commands
from app.kernel import db

DATA = Path(os.environ.get("CLARION_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


@pytest.fixture(scope="session")
def data() -> Callable[[str], Path]:
    """A file of the real data; the test is skipped where it is not at hand."""

    def found(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"needs {path}, which is not part of the project")
        return path

    return found


@pytest.fixture
def vocabulary(store: db.Database) -> db.Database:
    """A store with the vocabulary that Clarion ships with."""
    commands.load_vocabulary()
    return store
