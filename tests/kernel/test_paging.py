"""Pages of lists: any address leads to a page that exists."""

import pytest
from flask import Flask
from sqlalchemy import Integer, literal, select, union_all

from app.kernel import templating
from app.kernel.db import Database, reading
from app.kernel.paging import Page, page_number, page_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("0", 1),
        ("-1", 1),
        ("abc", 1),
        ("", 1),
        ("²", 1),
        ("٣", 1),
        ("1.5", 1),
        ("9" * 5000, 10_000),
    ],
)
def test_page_number_makes_sense_of_anything(text: str, number: int) -> None:
    assert page_number({"page": text}) == number
    assert page_number({}) == 1


@pytest.mark.parametrize(
    ("number", "pages", "links"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (3, 5, [1, 2, 3, 4, 5]),
        (6, 20, [1, None, 5, 6, 7, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_links_are_the_ends_and_the_neighbours(number: int, pages: int, links: list[int | None]) -> None:
    assert Page(["x"], number, 10, pages * 10).links() == links


def test_page_knows_where_it_stands() -> None:
    page = Page(["a", "b", "c"], 3, 10, 23)
    assert (page.pages, page.first, page.last, list(page), len(page)) == (3, 21, 23, ["a", "b", "c"], 3)
    nothing: Page[str] = Page([], 1, 10, 0)
    assert (nothing.pages, nothing.first, nothing.last) == (1, 0, 0)


@pytest.mark.parametrize(
    ("asked", "number", "items"), [("1", 1, [1, 2]), ("3", 3, [5]), ("99", 3, [5]), ("-4", 1, [1, 2])]
)
def test_page_of_runs_the_statement_and_counts(store: Database, asked: str, number: int, items: list[int]) -> None:
    numbers = union_all(*(select(literal(n, Integer).label("n")) for n in range(1, 6))).subquery()
    with reading():
        page = page_of(select(numbers.c.n).order_by(numbers.c.n), {"page": asked}, size=2)
    assert (page.number, list(page), page.total, page.pages) == (number, items, 5, 3)


def test_address_with_changes_what_it_is_asked_to_and_keeps_the_rest() -> None:
    app = Flask(__name__)
    with app.test_request_context("/needs?q=a+b&rung=open&rung=shaping&page=2"):
        assert templating.address_with(page=3) == "/needs?q=a+b&rung=open&rung=shaping&page=3"
        assert templating.address_with(page=None, rung=None, q=None) == "/needs"
