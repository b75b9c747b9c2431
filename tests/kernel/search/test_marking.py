"""Words that matched are marked, and nothing else of a text becomes HTML."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kernel import search
from app.kernel.search.analysis import ITEM_BREAK, among, stems_of_line, words_of
from app.kernel.search.marking import EXCERPT, excerpt


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Tested services", "testing service", "<mark>Tested</mark> <mark>services</mark>"),
        ("Tested services", ["Testing"], "<mark>Tested</mark> services"),
        ("<script>alert(1)</script>", "script", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
        ("a & b <mark>", "nothing", "a &amp; b &lt;mark&gt;"),
        ("The user's café", "user cafe", "The <mark>user&#39;s</mark> <mark>café</mark>"),
        ("C++ or C#", "c++", "<mark>C++</mark> or C#"),
        ("", "word", ""),
        ("word", "", "word"),
        ("the end", "the", "the end"),
    ],
)
def test_mark(text: str, words: str | list[str], marked: str) -> None:
    assert str(search.mark(text, words)) == marked


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1e")), st.text(max_size=20))
def test_marking_changes_nothing_but_adds_marks(text: str, words: str) -> None:
    bare = re.sub("</?mark>", "", str(search.mark(text, words)))
    assert unescape(bare) == unescape(escape(text))
    assert "<" not in bare


def test_an_excerpt_is_cut_between_words_around_the_best_match() -> None:
    text = "nothing here " * 40 + "a rare zebra and a lion met " + "nothing there " * 40
    found = str(excerpt(["zebra alone", text], {"zebra", "lion"}))
    assert "rare <mark>zebra</mark> and a <mark>lion</mark> met" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(re.sub("</?mark>", "", found)) <= EXCERPT + 6
    assert set(re.sub("</?mark>", "", found).split()) <= {"…", *text.split()}


def test_an_excerpt_without_matches_is_the_beginning() -> None:
    assert str(excerpt(["", "  ", "First <item>", "second"], {"absent"})) == "First &lt;item&gt;"
    assert str(excerpt([], {"absent"})) == ""


@given(st.lists(st.text(max_size=400), max_size=4), st.sets(st.sampled_from(["a", "test", "0", "one"])))
def test_an_excerpt_of_anything_is_short_and_escaped(items: list[str], stems: set[str]) -> None:
    found = str(excerpt(items, stems))
    assert "<" not in re.sub("</?mark>", "", found)
    assert len(unescape(re.sub("</?mark>", "", found))) <= EXCERPT + 6


@given(st.text(st.characters(exclude_characters=ITEM_BREAK)))
@example("C++,it's (e-mail)\u00a0C#\x1fone\u2028two’s")
def test_words_that_are_counted_are_those_that_are_marked(text: str) -> None:
    assert stems_of_line(text) == [word.stem for word in words_of(text)]
    assert among(text, set(stems_of_line(text))) == list(words_of(text))
