"""One spelling for each address and number, and passwords that are too easy."""

import pytest

from app.accounts.addresses import normal_address, normal_domain
from app.accounts.models import CHARITIES, COMPANIES_HOUSE
from app.accounts.passwords import HASHER, hash_password, is_outdated, verify_password, why_weak
from app.accounts.registers import is_web_address, normal_number


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ada@Coasts.Example", "ada@coasts.example"),
        (" ada@coasts.example. ", "ada@coasts.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("a@b@coasts.example", None),
        ('"ada@evil.example"@coasts.example', None),
        ("ada@coasts", None),
        ("ada@127.0.0.1", None),
        ("ada@-coasts.example", None),
        ("ada@coasts..example", None),
        ("ada coasts@coasts.example", None),
        ("ada\n@coasts.example", None),
        ("ada\0@coasts.example", None),
        ("аda@coasts.example", None),
        (".ada@coasts.example", None),
        ("@coasts.example", None),
        ("ada", None),
        ("", None),
        ("a" * 65 + "@coasts.example", None),
        ("a@" + "b" * 10_000 + ".example", None),
    ],
)
def test_normal_address_is_one_spelling_or_none(typed: str, normal: str | None) -> None:
    assert normal_address(typed) == normal


def test_normal_domain_does_not_take_a_subdomain_for_its_parent() -> None:
    assert normal_domain("Mail.Coasts.Example.") == "mail.coasts.example"


@pytest.mark.parametrize(
    ("register", "typed", "number"),
    [
        (COMPANIES_HOUSE, "1234567", "01234567"),
        (COMPANIES_HOUSE, " sc 123456 ", "SC123456"),
        (COMPANIES_HOUSE, "12345", None),
        (COMPANIES_HOUSE, "123456789", None),
        (COMPANIES_HOUSE, "١٢٣٤٥٦٧٨", None),
        (COMPANIES_HOUSE, "SC12345", None),
        (CHARITIES, "1234567", "1234567"),
        (CHARITIES, "1234567-1", "1234567-1"),
        (CHARITIES, "SC123456", None),
        (CHARITIES, "", None),
    ],
)
def test_normal_number_is_as_the_register_writes_it(register: str, typed: str, number: str | None) -> None:
    assert normal_number(register, typed) == number


@pytest.mark.parametrize("text", ["javascript:alert(1)", "https://", "example.com", "https://[", "ftp://example.com"])
def test_web_address_is_none_of_these(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Password2026!!",
        "administrator",
        "qwertyuiopas",
        "123456789012",
        "aaaaaaaaaaaa",
        "abababababab",
        "changemechangeme",
        "letmein letmein",
        "ada@coasts.example",
        "Ada Lovelace King",
        "x" * 1001,
    ],
)
def test_password_is_refused_when_it_is_easy(password: str) -> None:
    assert why_weak(password, email="ada@coasts.example", name="Ada Lovelace King") is not None


@pytest.mark.parametrize(
    "password", ["nine green bottles", "Tr0ub4dor&3xyz", "пароль с четырьмя", "\0" + "binary is fine"]
)
def test_password_is_accepted_when_it_is_not(password: str) -> None:
    assert why_weak(password, email="ada@coasts.example", name="Ada") is None


def test_password_hash_is_argon2id_of_the_agreed_strength() -> None:
    made = hash_password("nine green bottles")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(made, "nine green bottles")
    assert not verify_password(made, "ten green bottles")
    assert not is_outdated(made)


def test_password_without_a_hash_never_matches() -> None:
    assert not verify_password("", "nobody has this password")
    assert not verify_password("not a hash", "nobody has this password")


def test_password_matches_however_the_keyboard_composes_it() -> None:
    assert verify_password(hash_password("caf\u00e9 in the rain"), "cafe\u0301 in the rain")


def test_password_of_lone_surrogates_is_hashed_all_the_same() -> None:
    assert HASHER.memory_cost == 19 * 1024
    assert not verify_password(hash_password("nine green bottles"), "\ud800" * 12)
