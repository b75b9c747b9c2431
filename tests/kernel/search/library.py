"""A small library that tests search in: books, their chapters and their publishers, with tables of their own."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from app.kernel.db import RandomId, UtcDateTime, session
from app.kernel.search import Document, Searchable

START = datetime(2026, 1, 1, tzinfo=UTC)


class Shelved(DeclarativeBase):
    """Not Clarion's own Base: these tables are no part of its database."""

    type_annotation_map = {datetime: UtcDateTime}


class Publisher(RandomId, Shelved):
    __tablename__ = "test_publishers"
    name: Mapped[str] = mapped_column(String(200))


class Book(RandomId, Shelved):
    __tablename__ = "test_books"
    title: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(20), default="live")
    subject: Mapped[str] = mapped_column(String(100), default="")
    published_at: Mapped[datetime] = mapped_column(default=START)
    closes_at: Mapped[datetime | None]
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("test_publishers.id"))
    publisher: Mapped[Publisher | None] = relationship()
    chapters: Mapped[list["Chapter"]] = relationship(order_by="Chapter.id", cascade="all, delete-orphan")


class Chapter(RandomId, Shelved):
    __tablename__ = "test_chapters"
    book_id: Mapped[str] = mapped_column(ForeignKey("test_books.id"))
    text: Mapped[str]


def document(book: Book) -> Document | None:
    if book.state != "live":
        return None
    return Document(
        title=book.title,
        text=[book.text, *(chapter.text for chapter in book.chapters)],
        names=[book.publisher.name] if book.publisher else [],
        capabilities=book.subject.split(),
        facets={"subject": book.subject.split(), "publisher": book.publisher_id, "length": str(len(book.chapters))},
        sort={"newest": book.published_at, "closes": book.closes_at, "length": len(book.text)},
        stored={"state": book.state},
    )


def _of_publisher(publisher: Publisher) -> list[str]:
    return [book.id for book in session().query(Book).filter_by(publisher_id=publisher.id)]


BOOKS = Searchable(
    kind="book",
    model=Book,
    document=document,
    options=(selectinload(Book.chapters), selectinload(Book.publisher)),
    touched_by={Chapter: lambda chapter: [chapter.book_id], Publisher: _of_publisher},
)
PUBLISHERS = Searchable(
    kind="publisher", model=Publisher, document=lambda publisher: Document(title=publisher.name, names=[publisher.name])
)


def book(title: str = "A book", text: str = "", **values: object) -> Book:
    """A live book in the transaction under way."""
    days = values.pop("days", 0)
    made = Book(title=title, text=text, published_at=START + timedelta(days=days), **values)  # type: ignore[arg-type]
    session().add(made)
    session().flush()
    return made
