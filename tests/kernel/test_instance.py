"""The instance folder: what is made in it is its owner's alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import read_settings
from app.factory import open_clarion
from app.kernel import db, migrate


@pytest.fixture
def _wide_open() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_wide_open")
def test_a_folder_that_stood_open_holds_nothing_that_others_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_clarion(read_settings({"CLARION_INSTANCE": str(tmp_path)}))
    migrate.upgrade()
    with db.transaction():
        pass
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"clarion.sqlite3", "write.lock", "secret_key"} <= {path.name for path in made}
    assert {oct(path.stat().st_mode & 0o077) for path in made} == {"0o0"}
    db.database().engine.dispose()
    db.connect(None)
