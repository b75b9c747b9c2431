"""A process to be killed: posts and changes books while its follower indexes them; prints each id once committed.

Run as `python -m tests.kernel.search.victim <database url> <index folder> <seed>`.
"""

import random
import sys
from pathlib import Path

from app.kernel import search
from app.kernel.db import Database, connect, make_engine, session, transaction
from tests.kernel.search.library import BOOKS, Book, book


def main(url: str, folder: str, seed: str) -> None:
    rng = random.Random(seed)
    connect(Database(make_engine(url)))
    search.connect(Path(folder))
    search.register(BOOKS)
    search.follow()
    posted: list[str] = []
    while True:
        with transaction():
            if posted and rng.random() < 0.4:
                session().get_one(Book, rng.choice(posted)).title = f"Changed {rng.random()}"
            else:
                posted.append(book(f"Posted {rng.random()}", text="word " * rng.randint(1, 200)).id)
        print(posted[-1], flush=True)
        if rng.random() < 0.1:
            search.rebuild()


if __name__ == "__main__":
    main(*sys.argv[1:])
