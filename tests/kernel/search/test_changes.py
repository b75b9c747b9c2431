"""The change log holds exactly what was committed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from app.kernel import search
from app.kernel.db import Database, session, transaction
from app.kernel.search.changes import SearchChange
from tests.kernel.search.library import Book, Chapter, Publisher, book

pytestmark = pytest.mark.usefixtures("library")


def lines(after: int = 0) -> list[tuple[str, str]]:
    with transaction():
        found = session().scalars(select(SearchChange).where(SearchChange.id > after).order_by(SearchChange.id)).all()
        return [(line.kind, line.row_id) for line in found]


def newest() -> int:
    with transaction():
        return session().scalars(select(SearchChange.id).order_by(SearchChange.id.desc()).limit(1)).first() or 0


def test_new_changed_and_deleted_rows_each_write_a_line() -> None:
    with transaction():
        made = book()
    with transaction():
        session().get_one(Book, made.id).title = "Another"
    with transaction():
        session().delete(session().get_one(Book, made.id))
    assert lines() == [("book", made.id)] * 3


def test_a_rolled_back_transaction_leaves_no_line() -> None:
    def refused() -> None:
        with transaction():
            book()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    assert lines() == []


def test_a_row_that_was_only_read_or_set_to_what_it_was_writes_none() -> None:
    with transaction():
        made = book("Same")
    mark = newest()
    with transaction():
        session().get_one(Book, made.id).title = "Same"
    assert lines(mark) == []


def test_one_flush_writes_one_line_for_a_row() -> None:
    with transaction():
        made = book()
        mark = session().scalars(select(SearchChange.id).order_by(SearchChange.id.desc())).first()
        made.title = "New"
        session().add_all([Chapter(book_id=made.id, text="one"), Chapter(book_id=made.id, text="two")])
    assert lines(mark or 0) == [("book", made.id)]


def test_a_row_that_touches_a_document_writes_its_line() -> None:
    with transaction():
        publisher = Publisher(name="Faber")
        session().add(publisher)
        session().flush()
        made = book(publisher_id=publisher.id)
    mark = newest()
    with transaction():
        session().get_one(Publisher, publisher.id).name = "Faber and Faber"
    assert sorted(lines(mark)) == [("book", made.id), ("publisher", publisher.id)]


def test_a_row_that_moves_touches_what_it_left_and_where_it_came_to() -> None:
    with transaction():
        left, reached = book("Left"), book("Reached")
        chapter = Chapter(book_id=left.id, text="wanders")
        session().add(chapter)
    mark = newest()
    with transaction():
        session().get_one(Chapter, chapter.id).book_id = reached.id
    assert sorted(lines(mark)) == sorted([("book", left.id), ("book", reached.id)])


def test_update_and_delete_statements_are_followed() -> None:
    with transaction():
        first, second = book("One"), book("Two")
    mark = newest()
    with transaction():
        session().execute(update(Book).where(Book.title == "One").values(state="gone"))
    assert lines(mark) == [("book", first.id)]
    mark = newest()
    with transaction():
        session().execute(delete(Book).where(Book.title == "Two"))
    assert lines(mark) == [("book", second.id)]


def test_an_insert_statement_is_refused() -> None:
    with pytest.raises(RuntimeError, match="write Book as objects"), transaction():
        session().execute(insert(Book), [{"title": "Unseen"}])


def test_pruning_forgets_old_lines_but_never_the_newest(library: Database) -> None:
    with transaction():
        book("One")
    with transaction():
        second = book("Two")
    with transaction():
        assert search.prune(datetime.now(UTC) + timedelta(days=1)) == 1
    assert lines() == [("book", second.id)]
