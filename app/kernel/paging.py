"""Pages of long lists: which one was asked for, and what is on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.kernel import db

SIZE = 20
MOST = 10_000  # deeper than anybody turns pages, and safe as an OFFSET
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items, and where it stands among the others."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The position of the first item, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The position of the last item."""
        return self.first + len(self.items) - 1 if self.items else 0

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def links(self) -> list[int | None]:
        """The page numbers worth a link: both ends and the neighbours; None stands for a gap."""
        near = sorted({1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)})
        links: list[int | None] = []
        for number in near:
            if links and links[-1] is not None and number - links[-1] > 1:
                links.append(number - 1 if number - links[-1] == 2 else None)
            links.append(number)
        return links


def page_number(args: Mapping[str, Any], name: str = "page") -> int:
    """The page that the address asks for; anything but a sensible number is the first page."""
    text = str(args.get(name, "1")).strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:9]), MOST))


def page_from(items: Sequence[T], args: Mapping[str, Any], size: int = SIZE) -> Page[T]:
    """The page that the address asks for of a list that is whole already; past the end is the last page."""
    number = min(page_number(args), max(1, -(-len(items) // size)))
    return Page(items[(number - 1) * size : number * size], number, size, len(items))


def page_of(statement: Select[Any], args: Mapping[str, Any], size: int = SIZE) -> Page[Any]:
    """The page of a SELECT of one entity that the address asks for; past the end is the last page."""
    session = db.session()
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(page_number(args), max(1, -(-total // size)))
    items = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items, number, size, total)
