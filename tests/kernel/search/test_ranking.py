"""A long text ranks documents by Whoosh's own BM25F, and says with which words."""

from collections import Counter

import pytest
from whoosh import query

from app.kernel import search
from app.kernel.db import session, transaction
from app.kernel.search import ranking, writing
from app.kernel.search.reading import reading
from tests.kernel.search.library import Book, book

pytestmark = pytest.mark.usefixtures("library")

TEXTS = {
    "Ferries": "timetables for ferries between islands and ferry ports",
    "Trains": "timetables for trains between towns",
    "Bread": "baking bread at home with flour",
    "Islands": "walking on islands in the north",
}
NEED = "We run ferries to the islands. Ferries need timetables."


def shelve() -> dict[str, str]:
    """The four books, and their ids by title."""
    with transaction():
        made = {title: book(title, text=text, subject=title.lower()).id for title, text in TEXTS.items()}
    search.catch_up()
    return made


def test_the_best_documents_come_first_with_the_words_that_matched() -> None:
    made = shelve()
    ranked = search.rank("book", NEED)
    assert [each.row_id for each in ranked] == [made["Ferries"], made["Islands"], made["Trains"]]
    why = search.explain("book", NEED, list(made.values()))
    assert {title: list(why[row_id].words) for title, row_id in made.items()} == {
        "Ferries": ["ferries", "islands", "timetables"],
        "Islands": ["islands"],
        "Trains": ["timetables"],
        "Bread": [],
    }
    for each in ranked:
        told = why[each.row_id]
        assert sum(told.words.values()) + told.pairs == pytest.approx(each.score)
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)


def test_filters_and_limits_hold() -> None:
    made = shelve()
    assert [each.row_id for each in search.rank("book", NEED, filters={"subject": ["trains"]})] == [made["Trains"]]
    assert search.rank("book", NEED, filters={"subject": ["unheard"]}) == []
    assert len(search.rank("book", NEED, filters={"subject": []}, limit=2)) == 2


def test_more_like_leaves_out_whom_it_was_told_to() -> None:
    made = shelve()
    found = search.more_like("book", TEXTS["Ferries"], exclude=[made["Ferries"]])
    assert [each.row_id for each in found] == [made["Islands"], made["Trains"]]
    assert search.more_like("book", TEXTS["Ferries"])[0].row_id == made["Ferries"]


def test_scores_equal_whooshs_own_in_any_number_of_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LARGEST_MERGED", 0)
    search.catch_up()
    for part in range(3):
        with transaction():
            for number in range(20):
                words = [f"w{(number * step + part) % 17}" for step in range(1, 9)]
                book(f"Book {words[0]}", text=" ".join(words * (1 + number % 3)))
        search.catch_up()
    with transaction():
        for each in session().query(Book).limit(7):
            session().delete(each)
    search.catch_up()
    text = "w1 w2 w3 w3 w5 w8 book"
    assert _ours(text) == pytest.approx(_whooshs(text), abs=1e-9)
    assert len(_ours(text)) == 53


def _ours(text: str) -> dict[str, float]:
    return {each.row_id: each.score for each in search.rank_plainly("book", text, limit=1000)}


def _whooshs(text: str) -> dict[str, float]:
    """The same ranking as one Whoosh query: an Or of terms, boosted by their frequency."""
    with reading("book") as lent:
        times = Counter(word.stem for word in search.words_of(text))
        parts = [query.Term(field, stem, boost=times[stem]) for stem in times for field in ranking.RANKED]
        union = query.Or(parts)
        union.matcher_type = query.Or.ARRAY_MATCHER
        results = lent.searcher.search(union, limit=None)
        return {lent.snapshot.row(results.docnum(place)): results.score(place) for place in range(len(results))}


def test_only_the_most_telling_terms_of_a_long_text_count(monkeypatch: pytest.MonkeyPatch) -> None:
    shelve()
    monkeypatch.setattr(ranking, "MOST_TERMS", 1)
    why = search.explain("book", NEED, [each.row_id for each in search.rank("book", NEED)])
    assert [list(each.words) for each in why.values()] == [["ferries"]]
