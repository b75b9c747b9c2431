"""Looking at an index from outside: what it finds, its files, and waiting for what must come about."""

import time
from collections.abc import Callable
from pathlib import Path

from app.kernel import search
from app.kernel.search import place


def indexed() -> list[tuple[str, str]]:
    """Row id and title of every book that a search finds, page by page, in order."""
    found: list[tuple[str, str]] = []
    page = 1
    while hits := search.find("book", page=page, size=200).hits:
        found += [(hit.row_id, hit.title.striptags()) for hit in hits]
        page += 1
    return sorted(found)


def kind_folder() -> Path:
    """Where the builds of the books' index stand."""
    return place.here().folder / "book"


def build_folder() -> Path:
    """The build in use."""
    return kind_folder() / (kind_folder() / "current").read_text()


def eventually(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it is true."""
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")
