"""Many threads search at once while the index changes under them."""

import sys
import threading

import pytest

from app.kernel import search
from app.kernel.db import session, transaction
from tests.kernel.search.library import Book, book

pytestmark = pytest.mark.usefixtures("library")

FIXED = 60


def test_threads_that_search_during_updates_see_right_answers() -> None:
    with transaction():
        fixed = {book(f"Fixed {number}", text="constant words", days=number).id for number in range(FIXED)}
        moving = [book(f"Moving {number}", subject="s0") for number in range(10)]
    search.catch_up()
    faults: list[object] = []
    stop = threading.Event()
    threads = [threading.Thread(target=_search, args=(fixed, faults, stop)) for _ in range(6)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    for thread in threads:
        thread.start()
    try:
        for number in range(20):
            with transaction():
                row = session().get_one(Book, moving[number % 10].id)
                row.title, row.subject = f"Moving again {number}", f"s{number % 3}"
            search.catch_up()
            if number % 7 == 0:
                search.rebuild(["book"])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert faults == []


def _search(fixed: set[str], faults: list[object], stop: threading.Event) -> None:
    """What never changes is always found, and nothing is found twice."""
    while not stop.is_set():
        try:
            constant = search.find("book", "constant words", size=200)
            everything = search.find("book", size=200, facets=["subject"])
            ranked = search.rank("book", "fixed constant words", limit=200)
        except Exception as error:
            faults.append(error)
            return
        if {hit.row_id for hit in constant.hits} != fixed or constant.total != FIXED:
            faults.append(constant)
        if everything.total != FIXED + 10 or len({hit.row_id for hit in everything.hits}) != FIXED + 10:
            faults.append(everything.total)
        if sum(everything.facet_counts["subject"].values()) != 10:
            faults.append(everything.facet_counts)
        if {each.row_id for each in ranked} != fixed:
            faults.append(len(ranked))
