"""Sealing: what is sealed opens in its own place alone, and tells nothing before."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import sealing

SECRET = "a secret of at least thirty-two characters"
KEY, PLACE = "needs:1", "answers:1:text"


@pytest.fixture(autouse=True)
def secret() -> None:
    sealing.use(SECRET)


@given(st.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert sealing.unseal(sealing.seal(text, key=KEY, place=PLACE), key=KEY, place=PLACE) == text


def test_the_same_text_is_sealed_differently_each_time_and_never_in_the_clear() -> None:
    one, two = (b64decode(sealing.seal("price 100", key=KEY, place=PLACE)) for _ in range(2))
    assert one != two
    assert b"price" not in one


def test_texts_of_like_length_are_sealed_at_the_same_length() -> None:
    lengths = {len(sealing.seal("x" * size, key=KEY, place=PLACE)) for size in range(64)}
    assert len(lengths) == 1


@pytest.mark.parametrize("other", [{"key": "needs:2"}, {"place": "answers:2:text"}])
def test_what_is_moved_does_not_open(other: dict[str, str]) -> None:
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(sealing.seal("ours", key=KEY, place=PLACE), **{"key": KEY, "place": PLACE, **other})


@pytest.mark.parametrize("position", [0, 15, -1])
def test_what_is_changed_does_not_open(position: int) -> None:
    raw = bytearray(b64decode(sealing.seal("ours", key=KEY, place=PLACE)))
    raw[position] ^= 1
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(b64encode(raw).decode(), key=KEY, place=PLACE)


@pytest.mark.parametrize("nonsense", ["", "x", "not base 64!", "AAAA"])
def test_nonsense_does_not_open(nonsense: str) -> None:
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(nonsense, key=KEY, place=PLACE)


def test_another_secret_opens_nothing() -> None:
    sealed = sealing.seal("ours", key=KEY, place=PLACE)
    sealing.use("another secret of thirty-two characters")
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(sealed, key=KEY, place=PLACE)
