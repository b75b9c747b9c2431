"""Verifying names every fault that an index can have, and finds none in one that was followed."""

import dataclasses
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.kernel import search
from app.kernel.db import reading, session, transaction
from app.kernel.search import arrays, documents, place, writing
from app.kernel.search.following import shelf_of
from app.kernel.search.schema import layout_of
from app.kernel.search.shelf import Shelf
from tests.kernel.search.library import BOOKS, Book, Publisher, book, document

pytestmark = pytest.mark.usefixtures("library")


def faults(kind: str = "book") -> list[str]:
    return next(found.faults for found in search.verify() if found.kind == kind)


@pytest.fixture
def ids() -> list[str]:
    """Three books in one segment, and a fourth in another."""
    with transaction():
        made = [book(f"Book {number}", text="alpha beta " * 9, subject="a b").id for number in range(3)]
    search.catch_up()
    with transaction():
        made.append(book("Book 3").id)
    search.catch_up()
    return made


@contextmanager
def _behind_its_back() -> Iterator[Shelf]:
    """Write to the index of books as no follower would, with the mark it has."""
    shelf = shelf_of("book")
    with shelf.committing(), reading():
        yield shelf


def _put(shelf: Shelf, gone: list[str], put: list[str], **changed: str) -> None:
    note = shelf.note()
    assert note
    rows = [session().get_one(Book, row_id) for row_id in put]
    for row in rows:
        for name, value in changed.items():
            setattr(row, name, value)
    made = [(row.id, document(row)) for row in rows]
    shelf.apply(gone, [layout_of(row_id, each) for row_id, each in made if each], note)


def test_what_was_followed_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """After inserts, changes, deletes and merges of segments of any size."""
    monkeypatch.setattr(writing, "LARGEST_MERGED", 3)
    rng = random.Random(3)
    made: list[str] = []
    with transaction():
        publisher = Publisher(name="Faber & Faber")
        session().add(publisher)
        session().flush()
    for number in range(40):
        with transaction():
            if made and rng.random() < 0.15:
                session().delete(session().get_one(Book, made.pop(rng.randrange(len(made)))))
            elif made and rng.random() < 0.3:
                row = session().get_one(Book, rng.choice(made))
                row.text, row.state = "new words " * rng.randint(0, 9), rng.choice(["live", "live", "draft"])
            else:
                text = "one two two three " * rng.randint(0, 9)
                made.append(book(f"Book {number}", text, subject="x y", publisher_id=publisher.id).id)
        if rng.random() < 0.8:
            search.catch_up()
    found = list(search.verify())
    live = search.find("book").total
    assert [(each.kind, each.documents, each.faults) for each in found] == [("book", live, []), ("publisher", 1, [])]
    assert (found[0].segments > 1, live > 5) == (True, True)


def test_an_empty_index_agrees() -> None:
    search.catch_up()
    assert list(search.verify()) == [search.Verified("book"), search.Verified("publisher")]


def test_what_waits_is_followed_first(ids: list[str]) -> None:
    with transaction():
        session().get_one(Book, ids[0]).title = "Changed"
    assert faults() == []
    assert search.find("book", "changed").total == 1


def test_a_missing_document_is_named(ids: list[str]) -> None:
    with _behind_its_back() as shelf:
        _put(shelf, ids[1:2], [])
    assert faults() == [f"{ids[1]} is not in the index."]


def test_a_doubled_document_is_named(ids: list[str]) -> None:
    with _behind_its_back() as shelf:
        _put(shelf, [], ids[2:3])
    assert faults() == [f"{ids[2]} is in the index 2 times."]


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"title": "Another title"}, "words and filters and content"),
        ({"text": "alpha beta " * 8}, "words and filters and content"),
        ({"text": "beta alpha " * 9}, "words and content"),
        ({"subject": "a c"}, "words and filters"),
    ],
)
def test_a_stale_document_is_named(ids: list[str], changed: dict[str, str], differs: str) -> None:
    with _behind_its_back() as shelf:
        _put(shelf, ids[:1], ids[:1], **changed)
    assert faults() == [f"{ids[0]} is in the index with other {differs} than the database gives."]


def test_a_name_from_another_row_is_compared(ids: list[str]) -> None:
    with transaction():
        publisher = Publisher(name="Faber")
        session().add(publisher)
        session().flush()
        session().get_one(Book, ids[1]).publisher_id = publisher.id
    search.catch_up()
    with transaction() as opened:
        opened.connection().execute(Publisher.__table__.update().values(name="Gollancz"))
    assert faults() == [f"{ids[1]} is in the index with other words than the database gives."]


def test_a_document_of_no_row_is_named(ids: list[str]) -> None:
    with transaction() as opened:
        opened.connection().execute(Book.__table__.delete().where(Book.__table__.c.id == ids[3]))
        opened.connection().execute(Book.__table__.update().where(Book.__table__.c.id == ids[0]).values(state="draft"))
    assert sorted(faults()) == sorted(f"{row_id} is in the index, and should not be." for row_id in (ids[0], ids[3]))


@pytest.mark.parametrize("name", ["postings", "code_weight", "starts", "rows", "sort:newest", "facet:subject:values"])
def test_wrong_arrays_of_a_right_checksum_are_named(ids: list[str], name: str) -> None:
    path = max(_build().glob("*.arrays"), key=lambda each: each.stat().st_size)
    facts, made = arrays.load(path)
    wrong = np.array(made[name])
    wrong[-1] = wrong[-1] + 1 if wrong.dtype.kind != "S" else b"wrong"
    arrays.save(path, facts, {**made, name: wrong})
    assert faults() == [f"The arrays of {path.stem} are not what its postings say: {name}."]


def test_wrong_facts_of_the_arrays_are_named(ids: list[str]) -> None:
    path = next(_build().glob("*.arrays"))
    facts, made = arrays.load(path)
    arrays.save(path, {**facts, "lengths": {**facts["lengths"], "text": 1}}, made)
    assert faults() == [f"The arrays of {path.stem} are not what its postings say: lengths."]


def _build() -> Path:
    folder = place.here().folder / "book"
    return folder / (folder / "current").read_text()


def _shorten(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", [_shorten, _flip, Path.unlink])
@pytest.mark.parametrize("pattern", ["*.arrays", "*.pst", "*.trm", "*_stored.col", "*.facts.col", "*_title_len.col"])
def test_a_damaged_file_is_named(ids: list[str], pattern: str, damage: Callable[[Path], None]) -> None:
    path = max(_build().glob(pattern), key=lambda each: each.stat().st_size)
    damage(path)
    assert faults()[0] == f"The file {path.name} is not as it was written."


def test_an_index_that_is_not_there_is_named(ids: list[str]) -> None:
    shutil.rmtree(place.here().folder / "book")
    assert faults() == ["There is no index that can be read."]
    assert faults("publisher") == []


def test_an_index_that_was_found_damaged_is_named(ids: list[str]) -> None:
    shelf_of("book").report_broken()
    assert faults() == ["A search found the index damaged."]


def test_an_index_of_other_code_is_named(ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BOOKS.__dict__, "recipe", "changed")
    assert faults() == ["The index was made from another database, or by another version of Clarion."]


def test_commits_go_on_while_a_generation_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed meanwhile is in neither of the two that are compared, and no file is left of the comparing."""
    waiting: list[threading.Thread] = []

    def documented(row: Book) -> search.Document | None:
        while waiting:
            thread = waiting.pop()
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), "commits have to wait"
        return document(row)

    searchable = dataclasses.replace(BOOKS, document=documented)
    monkeypatch.setitem(documents._kinds, "book", searchable)
    with transaction():
        made = [book(f"Book {number}").id for number in range(4)]
    search.catch_up()
    waiting.append(threading.Thread(target=_change_and_follow, args=(made,), daemon=True))
    assert faults() == []
    assert [hit.title for hit in search.find("book", sort="title").hits] == ["Changed", "Changed", "Changed", "New"]
    folder = place.here().folder / "book"
    assert {path.name for path in folder.iterdir()} == {_build().name, "current", "commit.lock"}
    assert faults() == []


def _change_and_follow(made: list[str]) -> None:
    with transaction():
        book("New")
        session().delete(session().get_one(Book, made[0]))
        for row_id in made[1:]:
            session().get_one(Book, row_id).title = "Changed"
    search.catch_up()
    shelf_of("book").sweep()
