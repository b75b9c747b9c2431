"""The lists of words: each entry is text, is found as it is written, and stands once."""

import pytest

from app.needs.clarity import lexicon
from app.needs.clarity.lexicon import forms_of, read_words
from app.needs.clarity.tokens import Phrases, as_written, without_addresses, words_of

PROBLEM = ("wrong", "often", "cost", "solution", "turning", "english", "vague")


def test_every_product_is_found_as_it_is_written_and_stands_once() -> None:
    words = read_words("products")
    names = [*words["any_case"], *words["as_written"]]
    assert len(names) > 250
    products, exactly = lexicon.products()
    assert [name for name in names if [hit.entry for hit in products.find(words_of(name))] != [name]] == []
    assert len({name.lower() for name in names}) == len(names)
    assert exactly == set(words["as_written"])


def test_every_word_of_jargon_has_plain_words_and_is_found() -> None:
    jargon, plain = lexicon.jargon()
    assert len(plain) > 200
    assert [form for form in plain if [hit.entry for hit in jargon.find(words_of(form))] != [form]] == []
    assert all(plain.values())


def test_no_plain_word_is_jargon_itself() -> None:
    jargon, plain = lexicon.jargon()
    assert [instead for instead in plain.values() if words_of(instead) in jargon] == []


@pytest.mark.parametrize("name", PROBLEM)
def test_the_signs_of_a_problem_are_text_and_stand_once(name: str) -> None:
    """`no` and `on` are truth values in YAML, and words here."""
    listed = [word for words in read_words("problem")[name] for word in words]
    assert all(isinstance(word, str) and word == word.strip() and word for word in listed)
    assert sorted(listed) == sorted(set(listed))


def test_the_abbreviations_are_text() -> None:
    assert {"NHS", "UK", "IT", "GOV.UK", "A&E", "NO", "ON", "YES"} <= lexicon.known_abbreviations()


def test_a_verb_is_found_in_each_of_its_forms() -> None:
    assert forms_of("utilise") == [
        *("utilise", "utilises", "utilised", "utilising"),
        *("utilize", "utilizes", "utilized", "utilizing"),
    ]
    assert forms_of("impact upon") == ["impact upon", "impacts upon", "impacted upon", "impacting upon"]


FOUND = [
    ("The cloud and the Google Cloud Platform.", ["google cloud platform"]),
    ("google cloud-ish", ["google cloud"]),
    ("google", []),
    ("delays, delaying and delay", ["delay*", "delay*", "delay*"]),
    ("a long working days off", ["working day*"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "entries"), FOUND)
def test_the_longest_phrase_is_found_and_none_overlaps(text: str, entries: list[str]) -> None:
    phrases = Phrases(["google cloud", "google cloud platform", "cloud platform", "delay*", "working day*"])
    assert [hit.entry for hit in phrases.find(words_of(text))] == entries


def test_a_phrase_is_quoted_as_it_stands() -> None:
    text = "So  GOOGLE\nCloud’s rest"
    hits = Phrases(["google cloud's"]).find(words_of(text))
    assert [words for _, words in as_written(text, hits)] == ["GOOGLE\nCloud’s"]


def test_addresses_are_no_words() -> None:
    text = "See https://a.example/b?c=d, or write to who@example.org. (www.x.example)"
    assert without_addresses(text) == "See …, or write to …. (…)"
