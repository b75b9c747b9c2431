"""Processes of the library beside the test's own: one that is killed, and a warm parent that starts them in no time."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.kernel import search
from app.kernel.db import Database, connect, make_engine, session, transaction
from tests.kernel.search.library import BOOKS, PUBLISHERS, Book, book

MOST_BOOKS = 120
# Importing takes a second: the server that forks the processes does it once.
_starting = multiprocessing.get_context("forkserver")
_starting.set_forkserver_preload(["pytest", __name__])


def started(work: Callable[..., None], *given: Any) -> Any:
    """A process that runs `work(*given)`."""
    process = _starting.Process(target=work, args=given, daemon=True)
    process.start()
    return process


def open_library(url: str, folder: Path) -> None:
    """What a process needs to write books, and to follow and search them."""
    lock_file = folder.with_name("write.lock") if url.startswith("sqlite") else None
    connect(Database(make_engine(url), lock_file))
    search.connect(folder)
    search.register(BOOKS)
    search.register(PUBLISHERS)


def live(url: str, folder: Path, told: Path, seed: int) -> None:
    """Post and change books while a follower indexes them; tell each `<id> <title>` once it is committed."""
    rng = random.Random(seed)
    open_library(url, folder)
    search.follow()
    with told.open("ab", buffering=0) as file:
        while True:
            with transaction():
                line = _changed(rng)
            os.write(file.fileno(), line.encode())
            if rng.random() < 0.04:
                search.rebuild(["book"])


def _changed(rng: random.Random) -> str:
    """Titles count upwards in all processes, so that a newer one can be told from an older."""
    title, text = f"Posted {time.monotonic_ns():020}", "word " * rng.randint(1, 200)
    known = session().scalar(select(func.count(Book.id))) or 0
    if known < MOST_BOOKS and rng.random() < 0.6:
        return f"{book(title, text=text).id} {title}\n"
    row = session().scalars(select(Book).order_by(Book.id).offset(rng.randrange(known or 1)).limit(1)).first()
    if row is None:
        return ""
    row.title, row.text = title, text
    return f"{row.id} {title}\n"


def pipe() -> tuple[Any, Any]:
    """The end that receives, or sends to, a process, and the other, for the process."""
    return _starting.Pipe()
