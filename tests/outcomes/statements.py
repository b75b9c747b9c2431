"""Counting the statements that a page takes."""

from typing import Any

from sqlalchemy import event

from app.kernel import db, search
from tests.browser import Browser


def statements(browser: Browser, path: str) -> int:
    """How many statements this page takes, the index's own work apart."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    search.catch_up()
    engine = db.database().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
