"""The lists of words that the rules know, read once from the files beside this module."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.needs.clarity.tokens import Phrases

WORDS = Path(__file__).with_name("words")


def read_words(name: str) -> dict[str, Any]:
    """A file of words. Every value is text: in a list of words `no` and `on` are words, not truth values."""
    text = (WORDS / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes only text, lists and maps)
    return found


def _flat(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(word for words in lists for word in words)


@cache
def products() -> tuple[Phrases, frozenset[str]]:
    """Products and vendors, and those of them that are products only in these very letters."""
    words = read_words("products")
    return Phrases([*words["any_case"], *words["as_written"]]), frozenset(words["as_written"])


@cache
def jargon() -> tuple[Phrases, Mapping[str, str]]:
    """Jargon in each of its forms, and the plain words for each form."""
    words = read_words("jargon")
    plain = {form: instead for verb, instead in words["verbs"].items() for form in forms_of(verb)}
    plain |= words["phrases"]
    return Phrases(plain), plain


def forms_of(verb: str) -> list[str]:
    """`utilise` -> utilise, utilises, utilised, utilising, and all with -ize-; of several words, the first moves."""
    first, _, rest = verb.partition(" ")
    stem = first[:-1] if first.endswith("e") else first
    forms = [first, f"{first}s", f"{stem}ed", f"{stem}ing"]
    if first.endswith("ise"):
        forms += [form.replace("is", "iz", 1) if form.count("is") == 1 else _last_is_to_iz(form) for form in forms]
    return [f"{form} {rest}".strip() for form in forms]


def _last_is_to_iz(form: str) -> str:
    head, _, tail = form.rpartition("is")
    return f"{head}iz{tail}"


@cache
def known_abbreviations() -> frozenset[str]:
    """What nobody needs to be told, words in capitals for stress included."""
    words = read_words("abbreviations")
    return _flat(words["everybody_knows"]) | _flat(words["stressed"])


@cache
def signs(name: str) -> Phrases:
    """A list of the signs by which an explained problem is known."""
    return Phrases(_flat(read_words("problem")[name]))


@cache
def common_english() -> frozenset[str]:
    """The commonest words of English."""
    return _flat(read_words("problem")["english"])


@cache
def vague_people() -> frozenset[str]:
    """Words that name nobody in particular."""
    return _flat(read_words("problem")["vague"])
