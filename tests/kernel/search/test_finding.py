"""People find what they typed, with counts that are right, and nothing that they type is an error."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel import search
from app.kernel.db import Database, session, transaction
from app.kernel.search import place
from app.kernel.search.query import MOST_CLAUSES, clauses_of
from tests.kernel.search.library import START, Book, Chapter, Publisher, book

pytestmark = pytest.mark.usefixtures("library")


def shelve(*titles: str) -> None:
    """Books of these titles, the later the newer, in the index."""
    with transaction():
        for days, title in enumerate(titles):
            book(title, days=days)
    search.catch_up()


def titles(words: str = "", **options: object) -> list[str]:
    return [hit.title.striptags() for hit in search.find("book", words, **options).hits]  # type: ignore[arg-type]


def test_no_words_find_everything_newest_first() -> None:
    shelve("First", "Second", "Third")
    assert titles() == ["Third", "Second", "First"]
    assert titles("   ") == ["Third", "Second", "First"]


def test_all_words_are_wanted_and_stems_count() -> None:
    shelve("Testing services", "A tested service for users", "A service")
    assert sorted(titles("service test")) == ["A tested service for users", "Testing services"]


def test_when_nothing_has_all_the_words_some_do_and_it_is_said() -> None:
    shelve("Red apples", "Green pears", "Plums")
    found = search.find("book", "red pears", sort="title")
    assert ([hit.title.striptags() for hit in found.hits], found.any_word) == (["Green pears", "Red apples"], True)
    assert search.find("book", "red apples").any_word is False


def test_quoted_words_stand_side_by_side_in_order() -> None:
    shelve("user research team", "research by a good user", "team user", "the user's research")
    assert sorted(titles('"user research"')) == ["the user's research", "user research team"]
    assert titles('"user research" team') == ["user research team"]
    found = search.find("book", "“research user”", sort="title")
    assert (found.shown_for, found.total) == ("research user", 3)


def test_a_phrase_does_not_cross_from_one_item_to_the_next() -> None:
    with transaction():
        made = book("Item", text="ends with open")
        session().add(Chapter(book_id=made.id, text="source begins"))
    search.catch_up()
    assert search.find("book", '"open source"').shown_for == "open source"
    assert search.find("book", "open source").shown_for is None


def test_short_and_odd_words_are_found() -> None:
    shelve("IT support", "C++ and C# work", "Café society", "Node.js pages", "A k8s cluster", "Year 2026")
    wanted = {"it": "IT support", "c++": "C++ and C# work", "C#": "C++ and C# work", "cafe": "Café society"}
    wanted |= {"CAFÉ": "Café society", "node.js": "Node.js pages", "K8S": "A k8s cluster", "2026": "Year 2026"}
    assert {typed: titles(typed) for typed in wanted} == {typed: [title] for typed, title in wanted.items()}


def test_the_last_word_may_be_begun() -> None:
    shelve("Kubernetes at scale", "Kuba")
    assert titles("kuberne") == ["Kubernetes at scale"]
    assert titles("kuberne ") == ["Kubernetes at scale"]
    assert titles("ku") == []


def test_synonyms_work_in_both_directions_and_over_several_words(library: Database) -> None:
    place.connect(place.here().folder, synonyms=lambda: {"machine learning": ["ML"], "Kubernetes": ["k8s"]})
    shelve("Machine learning", "An ML model", "learning about a machine", "k8s", "Kubernetes")
    assert sorted(titles("ml")) == ["An ML model", "Machine learning"]
    assert sorted(titles("machine learning")) == ["An ML model", "Machine learning", "learning about a machine"]
    assert sorted(titles("K8S")) == sorted(titles("kubernetes")) == ["Kubernetes", "k8s"]
    assert titles("k8s")[0] == "k8s"
    assert titles("ml model") == ["An ML model"]


def test_the_whole_name_comes_first() -> None:
    with transaction():
        acme = Publisher(name="Acme Data Ltd")
        session().add(acme)
        session().flush()
        book("All about Acme data", text="acme data acme data acme data", days=9)
        book("Gardening", publisher_id=acme.id)
    search.catch_up()
    assert titles("acme data") == ["Gardening", "All about Acme data"]
    assert titles("ACME Data Limited")[0] == "Gardening"


def test_a_name_of_stop_words_alone_is_found() -> None:
    shelve("The Who", "Whose house")
    assert titles("the who") == ["The Who"]


def test_a_title_counts_for_more_than_the_text() -> None:
    with transaction():
        book("Gardens", text="about many other things than this", days=1)
        book("Other things", text="gardens are in here somewhere", days=2)
    search.catch_up()
    assert titles("gardens") == ["Gardens", "Other things"]


def test_sorts() -> None:
    with transaction():
        book("beta", text="xx", days=1, closes_at=START + timedelta(days=3))
        book("Alpha", text="x", days=2)
        book("gamma", text="xxx", days=3, closes_at=START + timedelta(days=2))
    search.catch_up()
    orders = {sort: titles(sort=sort) for sort in ("newest", "closes", "title", "length", "-length", "unheard")}
    assert orders == {
        "newest": ["gamma", "Alpha", "beta"],
        "closes": ["gamma", "beta", "Alpha"],
        "title": ["Alpha", "beta", "gamma"],
        "length": ["Alpha", "beta", "gamma"],
        "-length": ["gamma", "beta", "Alpha"],
        "unheard": ["gamma", "Alpha", "beta"],
    }


def test_equal_documents_stand_in_one_order_on_every_page() -> None:
    ids = []
    for _ in range(5):
        with transaction():
            ids += [book("Same").id for _ in range(5)]
        search.catch_up()
    ids.sort()
    for words in ("", "same"):
        pages = [search.find("book", words, page=page, size=10) for page in (1, 2, 3, 4)]
        assert [hit.row_id for page in pages for hit in page.hits] == ids
        assert [page.total for page in pages] == [25] * 4


@pytest.mark.parametrize(
    ("page", "size", "expected"), [(0, 2, 2), (-5, 2, 2), (10**20, 2, 0), (1, 0, 0), (1, 10**9, 3)]
)
def test_pages_out_of_range_are_not_an_error(page: int, size: int, expected: int) -> None:
    shelve("One", "Two", "Three")
    found = search.find("book", page=page, size=size)
    assert (len(found.hits), found.total) == (expected, 3)


def test_a_filter_for_a_value_that_nothing_has_finds_nothing() -> None:
    shelve("One")
    assert search.find("book", filters={"subject": ["unheard"]}).total == 0
    assert search.find("book", filters={"unheard": ["of"]}).total == 0
    assert search.find("book", filters={"subject": []}).total == 1


FACETS = ("subject", "publisher", "length")


def test_facet_counts_equal_a_count_by_hand() -> None:
    rng = random.Random(7)
    with transaction():
        publishers = [Publisher(name=f"Publisher {number}") for number in range(3)]
        session().add_all(publishers)
        session().flush()
        for number in range(60):
            subjects = " ".join(rng.sample(["data", "cloud", "design", "law"], rng.randint(0, 3)))
            publisher = rng.choice([None, *publishers])
            made = book(f"Book {number}", text=rng.choice(["red", "green", "red green"]), subject=subjects)
            made.publisher_id = publisher.id if publisher else None
        search_rows = list(session().query(Book))
    search.catch_up()
    for _ in range(25):
        filters = {name: rng.sample(_values(search_rows, name), rng.randint(0, 2)) for name in FACETS}
        words = rng.choice(["", "red", "green", "red green"])
        found = search.find("book", words, filters=filters, facets=FACETS, size=200)
        right = [row for row in search_rows if _has_words(row, words) and _passes(row, filters)]
        assert {hit.row_id for hit in found.hits} == {row.id for row in right}
        assert found.facet_counts == {name: _count(search_rows, words, filters, name) for name in FACETS}


def _values_of(row: Book, name: str) -> list[str]:
    known = {
        "subject": row.subject.split(),
        "publisher": [row.publisher_id] if row.publisher_id else [],
        "length": ["0"],
    }
    return known[name]  # type: ignore[return-value]


def _values(rows: Sequence[Book], name: str) -> list[str]:
    return [*sorted({value for row in rows for value in _values_of(row, name)}), "unheard"]


def _has_words(row: Book, words: str) -> bool:
    return set(words.split()) <= set(row.text.split())


def _passes(row: Book, filters: dict[str, list[str]]) -> bool:
    return all(not wanted or set(wanted) & set(_values_of(row, name)) for name, wanted in filters.items())


def _count(rows: Sequence[Book], words: str, filters: dict[str, list[str]], name: str) -> dict[str, int]:
    others = {other: wanted for other, wanted in filters.items() if other != name}
    counted = Counter(
        v for row in rows if _has_words(row, words) and _passes(row, others) for v in _values_of(row, name)
    )
    return dict(counted)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kubernettis", "kubernetes"),
        ("Kubernetse hostnig", "kubernetes hosting"),
        ("opensource", "open source"),
        ("web-site", "website"),
        ("hsoting opensource", "hosting open source"),
        ("kubernetes4", None),
        ("gartner", None),
        ("date", None),
        ("dat4", None),
        ("platfrom", "platform"),
        ("clowd", "cloud"),
        ("data platfrom", None),
        ("kubernetes", None),
        ("kubernets", None),
        ("zzzzzzzzz", None),
        ("the", None),
    ],
)
def test_words_that_nothing_has_are_put_right_and_that_is_said(typed: str, meant: str | None) -> None:
    shelve("Kubernetes platform", "Cloud hosting", "Data for all", "Open source website", "Partner")
    found = search.find("book", typed)
    assert (found.shown_for, found.did_you_mean) == (meant, None)
    if meant:
        assert [hit.row_id for hit in found.hits] == [hit.row_id for hit in search.find("book", meant).hits] != []


def test_some_words_found_are_shown_beside_what_may_have_been_meant() -> None:
    shelve("Kubernetes platform", "Cloud platform")
    found = search.find("book", "kubernetse platform")
    assert (found.any_word, found.shown_for, found.did_you_mean) == (True, None, "kubernetes platform")
    assert search.find("book", "“kubernetse” “platform”").did_you_mean == "“kubernetes” “platform”"


def test_only_the_first_unknown_words_are_looked_at() -> None:
    shelve("Kubernetes platform")
    unknown = ["qqqqqq", "wwwwww", "zzzzzz", "xxxxxx"]
    assert search.find("book", " ".join([*unknown[:3], "platfrom"])).shown_for == "qqqqqq wwwwww zzzzzz platform"
    assert search.find("book", " ".join([*unknown, "platfrom"])).shown_for is None


def test_words_that_nothing_has_may_stand_for_something_broader() -> None:
    with transaction():
        book("One", subject="cloud")
        book("Two", subject="data")
    search.catch_up()

    def otherwise(words: str) -> list[dict[str, list[str]]]:
        return [{"subject": ["none"]}, {"subject": ["cloud"]}, {"subject": ["data"]}] if "azure" in words else []

    found = search.find("book", "azure", facets=["subject"], otherwise=otherwise)
    assert ([hit.title for hit in found.hits], found.instead) == (["One"], {"subject": ["cloud"]})
    assert found.facet_counts == {"subject": {"cloud": 1}}
    assert search.find("book", "one azure", otherwise=otherwise).instead is None
    assert search.find("book", "blue", otherwise=otherwise).total == 0
    narrow = search.find("book", "azure", filters={"subject": ["data"]}, otherwise=otherwise)
    assert ([hit.title for hit in narrow.hits], narrow.instead) == (["Two"], {"subject": ["data"]})


def test_what_is_put_right_gives_hits_under_the_same_filters() -> None:
    with transaction():
        book("Kubernetes", subject="cloud")
        book("Other", subject="data")
    search.catch_up()
    assert search.find("book", "kubernettis", filters={"subject": ["cloud"]}).shown_for == "kubernetes"
    assert search.find("book", "kubernettis", filters={"subject": ["data"]}).shown_for is None


def test_a_very_long_query_asks_for_few_things() -> None:
    typed = " ".join(f"word{number}" for number in range(2_000))
    clauses = clauses_of(typed, {})
    assert [clause.stems for clause in clauses] == [(f"word{number}",) for number in range(MOST_CLAUSES)]


HOSTILE = [
    "*",
    "AND AND",
    '"',
    '""',
    '"a',
    "title:",
    "\x00",
    "a" * 10_000,
    "a " * 5_000,
    "(((",
    "NOT",
    "[a TO",
    "~",
    "\\",
]
HOSTILE += ["\ud800", "é" * 300, "?*?*", "to be or not to be", "😀", "\x1e", "-", "+a -b", "a'b", "${7*7}", "%s%n", "ﷺ"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_is_an_error(typed: str) -> None:
    shelve("To be", "Plain title")
    found = search.find("book", typed, filters={typed: [typed]}, facets=[typed, "subject"], sort=typed)
    assert found.ready
    assert search.rank("book", typed) == search.rank("book", typed)
    assert search.more_like("book", typed, exclude=[typed]) is not None
    assert isinstance(str(search.mark("Plain text", typed)), str)


@pytest.mark.usefixtures("_shelved")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_text_is_an_error(typed: str) -> None:
    found = search.find("book", typed, facets=["subject"])
    assert 0 <= found.total <= 4
    assert len(found.hits) == found.total


@pytest.fixture
def _shelved(library: Database) -> None:
    shelve('"Quoted" title', "AND OR NOT", "Ünïcödé 中文 title", "1 2 3 a b c")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_can_be_indexed(library: Database, title: str, text: str) -> None:
    safe = [part.replace("\x00", "").encode("utf-8", "ignore").decode() for part in (title, text)]
    with transaction():
        made = book(*safe)
    search.catch_up()
    found = search.find("book", sort="title", size=200)
    assert made.id in {hit.row_id for hit in found.hits}
