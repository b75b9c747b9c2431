"""The index follows the database, whatever happens to either."""

import importlib
import shutil
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, event

from app.kernel import search
from app.kernel.db import Database, session, transaction
from app.kernel.search import changes, documents, place, shelf, writing
from app.kernel.search.changes import SearchChange
from app.kernel.search.following import shelf_of
from tests.kernel.search.library import BOOKS, Book, Chapter, Publisher, book, document
from tests.kernel.search.looking import build_folder, eventually

pytestmark = pytest.mark.usefixtures("library")


def indexed(words: str = "") -> list[str]:
    """The titles that a search finds, in alphabetical order."""
    return [hit.title.striptags() for hit in search.find("book", words, sort="title", size=200).hits]


def test_without_an_index_a_search_says_so() -> None:
    found = search.find("book", "anything", page=2)
    assert (found.ready, found.total, found.page, found.index_version) == (False, 0, 2, "")
    assert search.rank("book", "anything") == []
    assert search.lag() == search.Lag(0, 0.0, False)


def test_what_was_committed_is_found_and_what_was_changed_or_deleted_is_not() -> None:
    with transaction():
        kept, changed, gone = book("Kept"), book("Before"), book("Gone")
    search.catch_up()
    assert indexed() == ["Before", "Gone", "Kept"]
    with transaction():
        session().get_one(Book, changed.id).title = "After"
        session().delete(session().get_one(Book, gone.id))
    assert search.catch_up() == 2
    assert indexed() == ["After", "Kept"]
    assert indexed("before") == []
    assert kept.id == search.find("book", "kept").hits[0].row_id


def test_a_draft_is_in_no_index_and_leaves_it_when_it_becomes_one(caplog: pytest.LogCaptureFixture) -> None:
    with transaction():
        book("Secret plans", state="draft")
        made = book("Public plans")
    search.catch_up()
    assert indexed("plans") == ["Public plans"]
    with transaction():
        session().get_one(Book, made.id).state = "withdrawn"
    search.catch_up()
    assert indexed("plans") == []
    assert search.find("book", facets=["subject", "length"]).facet_counts == {"subject": {}, "length": {}}
    assert caplog.text == ""


def test_a_draft_leaves_no_word_of_itself_in_the_files() -> None:
    with transaction():
        book("Xylophonist", text="quagmire", state="draft")
    search.catch_up()
    files = [path.read_bytes() for path in place.here().folder.rglob("*") if path.is_file()]
    assert not [content for content in files if b"ylophonist" in content or b"quagmir" in content]


def test_two_updates_of_one_row_in_a_round_leave_one_document() -> None:
    with transaction():
        made = book("First")
    search.catch_up()
    for title in ("Second", "Third"):
        with transaction():
            session().get_one(Book, made.id).title = title
    assert search.catch_up() == 2
    assert indexed() == ["Third"]
    assert search.status().kinds["book"].documents == 1


def test_a_row_below_changes_the_document() -> None:
    with transaction():
        publisher = Publisher(name="Faber")
        session().add(publisher)
        session().flush()
        made = book("Novel", publisher_id=publisher.id)
    search.catch_up()
    with transaction():
        session().add(Chapter(book_id=made.id, text="a storm at sea"))
        session().get_one(Publisher, publisher.id).name = "Gollancz"
    search.catch_up()
    assert indexed("storm gollancz") == ["Novel"]
    assert indexed("faber") == []


def test_rows_are_loaded_in_bulk(library: Database) -> None:
    counts = []
    for size in (1, 40):
        with transaction():
            for _ in range(size):
                made = book()
                session().add(Chapter(book_id=made.id, text="text"))
        statements: list[str] = []
        event.listen(library.engine, "before_cursor_execute", lambda *given, seen=statements: seen.append(given[2]))
        search.catch_up()
        counts.append(len(statements))
    assert counts[0] == counts[1] - len(statements) or counts[1] <= counts[0] + 4


def test_a_row_whose_document_fails_is_left_out_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(row: Book) -> search.Document | None:
        if row.title == "Poison":
            raise ValueError("no document can be made")
        return document(row)

    monkeypatch.setitem(documents._kinds, "book", search.Searchable(kind="book", model=Book, document=failing))
    with transaction():
        book("Poison")
        book("Sound")
    search.catch_up()
    assert indexed() == ["Sound"]
    assert "no document of book" in caplog.text


def test_a_deleted_index_comes_back() -> None:
    with transaction():
        book("Lasting")
    search.catch_up()
    shutil.rmtree(place.here().folder / "book")
    assert search.find("book").ready is False
    search.catch_up()
    assert indexed() == ["Lasting"]


def test_another_database_is_noticed_by_its_log(library: Database) -> None:
    """A database restored from a copy has other lines where the mark stands, even when it has grown past it."""
    with transaction():
        first, second = book("First"), book("Lost by the restoring")
    search.catch_up()
    with transaction():
        session().execute(delete(SearchChange).where(SearchChange.row_id == second.id))
        session().connection().execute(delete(Book.__table__).where(Book.__table__.c.id == second.id))
    assert search.lag().ready is False
    search.catch_up()
    assert indexed() == ["First"]
    assert first.id == search.find("book").hits[0].row_id


def test_an_index_made_by_other_code_is_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        book("Same rows")
    search.catch_up()
    monkeypatch.setitem(BOOKS.__dict__, "recipe", "changed")
    search.catch_up()
    assert indexed() == ["Same rows"]
    note = shelf_of("book").note()
    # the boundary counts the transactions of every test that shares the server
    assert note == shelf.Note(changes.Mark(note.mark.boundary, _present().line), "changed")


def test_a_file_replaced_under_a_running_process_is_not_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a_room.py"
    path.write_text("def document(row):\n    return None\n")
    monkeypatch.syspath_prepend(tmp_path)
    room = importlib.import_module("a_room")
    made = search.Searchable(kind="thing", model=Book, document=room.document)
    recipe = made.recipe
    path.write_text("def document(row):\n    return None  # otherwise\n")
    assert made.recipe == recipe
    assert search.Searchable(kind="thing", model=Book, document=room.document).recipe != recipe


def _present() -> changes.Mark:
    with transaction():
        return changes.present(session())


def test_rebuilding_gives_what_following_gave() -> None:
    with transaction():
        made = [book(f"Book {number}", text="word " * number, days=number, subject="a b") for number in range(30)]
    search.catch_up()
    for number, each in enumerate(made):
        with transaction():
            row = session().get_one(Book, each.id)
            if number % 3 == 0:
                session().delete(row)
            else:
                row.title, row.subject = f"Changed {number}", f"c{number % 4}"
        search.catch_up()
    followed = _everything()
    told: list[tuple[str, int, int]] = []
    search.rebuild(["book"], progress=lambda *given: told.append(given))
    assert _everything() == followed
    assert told == [("book", 20, 20)]
    assert followed[0] == 20


def _everything() -> tuple[object, ...]:
    found = search.find("book", facets=["subject", "length"], size=200)
    words = search.find("book", "changed word", size=200, sort="title")
    hits = [(hit.row_id, hit.title, hit.excerpt, hit.stored) for hit in [*found.hits, *words.hits]]
    return found.total, words.total, hits, found.facet_counts


def test_a_rebuild_beside_changes_loses_none() -> None:
    with transaction():
        book("Early")
    search.catch_up()
    stop = threading.Event()
    rebuilding = threading.Thread(target=lambda: [search.rebuild() for _ in range(8) if not stop.is_set()])
    rebuilding.start()
    for number in range(30):
        with transaction():
            book(f"Book {number:02}")
        search.catch_up()
    stop.set()
    rebuilding.join()
    search.catch_up()
    assert indexed() == [*(f"Book {number:02}" for number in range(30)), "Early"]
    assert len([path for path in (place.here().folder / "book").iterdir() if path.is_dir()]) == 1


def test_many_small_commits_leave_few_segments_and_no_old_marks() -> None:
    search.catch_up()
    for number in range(40):
        with transaction():
            book(f"Book {number:02}")
        search.catch_up()
    assert len(list(build_folder().glob("*.arrays"))) <= 7
    assert len(list(build_folder().glob("mark-*"))) == 1
    assert len(indexed()) == 40


def test_deleting_most_of_a_large_segment_shrinks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST_MERGED", 4)
    with transaction():
        made = [book(f"Book {number}") for number in range(20)]
    search.catch_up()
    for each in made[:15]:
        with transaction():
            session().delete(session().get_one(Book, each.id))
        search.catch_up()
    opened = shelf_of("book").searcher()
    assert opened is not None
    with opened[1] as searcher:
        assert (searcher.doc_count(), searcher.doc_count_all() <= 10) == (5, True)


def test_the_follower_finds_what_is_committed_and_reports_no_lag() -> None:
    follower = search.follow()
    try:
        with transaction():
            book("Fresh")
        eventually(lambda: search.find("book", "fresh").total == 1)
        eventually(lambda: search.lag() == search.Lag(0, 0.0, True))
        assert search.status().following
    finally:
        follower.stop()
    assert not search.status().following


def test_lag_is_counted_and_aged() -> None:
    search.catch_up()
    with transaction():
        book("Waits")
    with transaction():
        book("Waits too")
    lag = search.lag()
    assert (lag.changes, lag.ready, 0 <= lag.seconds < 30) == (2, True, True)
    search.catch_up()
    assert search.lag() == search.Lag(0, 0.0, True)


def test_of_two_followers_one_leads_and_the_other_takes_over() -> None:
    first = search.follow()
    assert first.leading.wait(10)
    second = search.follow()
    assert not second.leading.wait(0.7)
    first.stop()
    assert second.leading.wait(10)
    with transaction():
        book("After the change of lead")
    eventually(lambda: search.find("book", "lead").total == 1)
    second.stop()


def test_the_follower_survives_a_database_that_fails_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, failures = changes.due, iter(range(2))

    def failing(*given: object) -> dict[int, str]:
        if next(failures, None) is not None:
            raise OSError("the database is away")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(changes, "due", failing)
    follower = search.follow()
    try:
        with transaction():
            book("Patience")
        eventually(lambda: search.find("book", "patience").total == 1)
    finally:
        follower.stop()
    assert "could not follow the database" in caplog.text


def test_half_made_builds_are_swept_but_not_those_still_being_made() -> None:
    search.catch_up()
    folder = place.here().folder / "book"
    abandoned, busy = folder / "abandoned", folder / "busy"
    for each in (abandoned, busy):
        each.mkdir()
    with place.locked(folder / "busy.building"):
        shelf_of("book").sweep()
    assert (abandoned.exists(), busy.exists(), search.find("book").ready) == (False, True, True)


def test_the_folder_is_closed_to_others() -> None:
    search.catch_up()
    folder = place.here().folder
    assert {oct(path.stat().st_mode & 0o777) for path in (folder, folder / "book", build_folder())} == {"0o700"}


def test_a_kind_belongs_to_one_model() -> None:
    with pytest.raises(ValueError, match="is the kind of Book already"):
        search.register(search.Searchable(kind="book", model=Publisher, document=lambda row: None))
    search.register(BOOKS)
    assert search.kinds() == ["book", "publisher"]


@pytest.mark.usefixtures("library")
def test_a_build_that_was_killed_before_its_first_file_is_swept() -> None:
    search.catch_up()
    orphan = shelf_of("book").folder / "0000killed00.building"
    orphan.touch()
    with place.locked(orphan):
        shelf_of("book").sweep()
        assert orphan.exists(), "somebody builds there"
    shelf_of("book").sweep()
    assert not orphan.exists()


def test_a_lock_that_was_removed_meanwhile_is_taken_anew(tmp_path: Path) -> None:
    path, order = tmp_path / "a.lock", []

    def wait_for_it() -> None:
        with place.locked(path):
            order.append(path.exists())

    with place.locked(path):
        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
        time.sleep(0.2)
        path.unlink()
    waiting.join()
    assert order == [True]
