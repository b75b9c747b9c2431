"""Signing in and out, being locked out, and a new password for who forgot it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from app.accounts.commands import reset_password
from app.accounts.models import Person, SignInAttempt
from app.accounts.queries import hash_of_address
from app.kernel import clock
from app.kernel.db import session, transaction
from tests import make
from tests.accounts.letters import letters_to, link_to
from tests.browser import Browser

Open = Callable[..., Browser]
EMAIL, OTHER = "ada@coasts.example", "a completely new password"


@pytest.fixture
def ada(app: object) -> Person:
    with transaction():
        return make.person("Ada", EMAIL)


def sign_in(browser: Browser, password: str = make.PASSWORD, email: str = EMAIL, path: str = "/sign-in") -> int:
    return browser.get(path).submit("Sign in", email=email, password=password).status


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account").h1 == "Your account"


def saved_person(person: Person) -> Person:
    with transaction():
        return session().get_one(Person, person.id)


def count_attempts() -> int:
    with transaction():
        return session().scalar(select(func.count()).select_from(SignInAttempt)) or 0


@pytest.mark.parametrize(
    ("email", "password", "enters"),
    [
        (EMAIL, make.PASSWORD, True),
        ("ADA@Coasts.Example", make.PASSWORD, True),
        (EMAIL, "wrong password", False),
        (EMAIL, make.PASSWORD + " ", False),
        ("nobody@coasts.example", make.PASSWORD, False),
    ],
)
def test_sign_in_lets_in_the_password_holder_alone(
    browser: Open, ada: Person, email: str, password: str, enters: bool
) -> None:
    visitor = browser()
    assert sign_in(visitor, password, email) == (200 if enters else 422)
    assert is_signed_in(visitor) is enters


def test_sign_in_says_the_same_of_unknown_accounts_and_wrong_passwords(browser: Open, ada: Person) -> None:
    page = browser().get("/sign-in")
    wrong = page.submit("Sign in", email=EMAIL, password="not this one at all")
    unknown = page.submit("Sign in", email="who@coasts.example", password="not this one at all")
    assert wrong.errors == unknown.errors == [wrong.errors[0]]
    assert (wrong.status, unknown.status) == (422, 422)


def test_sign_in_of_an_erased_or_passwordless_account_fails(browser: Open, ada: Person) -> None:
    with transaction():
        session().get_one(Person, ada.id).password_hash = ""
    assert sign_in(browser(), "") == 422
    assert sign_in(browser(), "nobody has this password") == 422


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "%2F%2Fevil.example",
        "/\t/evil.example",
        " //evil.example",
        "@evil.example",
        "evil.example",
    ],
)
def test_sign_in_never_leads_elsewhere(browser: Open, ada: Person, wanted: str) -> None:
    client = browser()
    client.get("/sign-in")
    data = {"csrf_token": client.token(), "email": EMAIL, "password": make.PASSWORD}
    response = client.client.post("/sign-in", query_string={"next": wanted}, data=data)
    location = response.headers["Location"]
    assert response.status_code == 303
    assert location.startswith("/")
    assert location[1:2] not in ("/", "\\")


def test_sign_in_leads_back_to_the_page_that_was_asked_for(browser: Open, ada: Person) -> None:
    page = browser().get("/account/name?x=1")
    assert page.h1 == "Sign in"
    assert page.submit("Sign in", email=EMAIL, password=make.PASSWORD).h1 == "Change your name"


def test_sign_in_starts_a_session_that_has_nothing_of_the_one_before(browser: Open, ada: Person) -> None:
    visitor = browser()
    with visitor.client.session_transaction() as before:
        before["planted"] = "by somebody else"
    token = visitor.token()
    sign_in(visitor)
    with visitor.client.session_transaction() as after:
        assert "planted" not in after
        assert after.permanent
    assert visitor.token() != token


def test_sign_in_again_when_signed_in_goes_on(browser: Open, ada: Person) -> None:
    assert browser(ada).get("/sign-in?next=/account/name").h1 == "Change your name"


def test_sign_in_renews_a_hash_of_other_parameters(browser: Open, ada: Person) -> None:
    with transaction():
        weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        session().get_one(Person, ada.id).password_hash = weak.hash(make.PASSWORD)
    assert sign_in(browser()) == 200
    assert saved_person(ada).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_failures_lock_the_account_until_they_are_old(browser: Open, ada: Person) -> None:
    visitor, start = browser(), clock.now()
    with clock.at(start):
        for _ in range(10):
            assert sign_in(visitor, "not this one at all") == 422
        assert count_attempts() == 10
        locked = visitor.get("/sign-in").submit("Sign in", email=EMAIL, password=make.PASSWORD)
        assert (locked.status, locked.h1) == (429, "Too many tries to sign in")
        assert "in 15 minutes" in locked.text
    with clock.at(start + timedelta(minutes=14)):
        assert sign_in(visitor) == 429
    with clock.at(start + timedelta(minutes=15)):
        assert sign_in(visitor) == 200
    assert count_attempts() == 0


def test_failures_from_elsewhere_do_not_keep_somebody_out(browser: Open, ada: Person) -> None:
    account = hash_of_address(EMAIL)
    with transaction():
        for number in range(60):
            session().add(SignInAttempt(email_hash=account, address=f"198.51.100.{number % 6}", at=clock.now()))
    assert sign_in(browser(), "not this one at all") == 422
    with transaction():
        for number in range(40):
            session().add(SignInAttempt(email_hash=account, address=f"203.0.113.{number}", at=clock.now()))
    assert sign_in(browser()) == 429


def test_failures_lock_unknown_accounts_just_the_same(browser: Open, ada: Person) -> None:
    visitor = browser()
    statuses = [sign_in(visitor, "not this one at all", "who@coasts.example") for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert sign_in(visitor) == 200


def test_failures_lock_the_address_over_many_accounts(browser: Open, ada: Person) -> None:
    visitor = browser()
    with transaction():
        for number in range(49):
            attempt = SignInAttempt(email_hash=f"account {number}", address="127.0.0.1", at=clock.now())
            session().add(attempt)
    assert sign_in(visitor, "not this one at all", "fiftieth@coasts.example") == 422
    assert sign_in(visitor) == 429


def test_reset_password_ends_the_lock(browser: Open, ada: Person) -> None:
    visitor = browser()
    for _ in range(10):
        sign_in(visitor, "not this one at all")
    visitor.get("/forgotten-password").submit("Send the link", email=EMAIL)
    visitor.get(link_to(EMAIL)).submit("Save the password", password=OTHER)
    assert sign_in(visitor, OTHER) == 200


@pytest.mark.parametrize("path", ["/sign-in", "/register", "/forgotten-password"])
def test_many_posts_from_one_address_are_refused(browser: Open, ada: Person, path: str) -> None:
    visitor = browser()
    data = {"csrf_token": visitor.token(), "email": "no address"}
    statuses = [visitor.client.post(path, data=data).status_code for _ in range(61)]
    assert statuses == [422] * 60 + [429]
    assert visitor.get(path).status == 200


def test_sign_out_is_a_post_and_ends_the_session(browser: Open, ada: Person) -> None:
    person = browser(ada)
    assert person.get("/sign-out").status == 405
    assert is_signed_in(person)
    assert person.get("/account").submit("Sign out").h1 == "Sign in"
    assert not is_signed_in(person)


def test_forgotten_password_answers_the_same_to_all(browser: Open, ada: Person) -> None:
    page = browser().get("/forgotten-password")
    known = page.submit("Send the link", email=EMAIL)
    unknown = page.submit("Send the link", email="who@coasts.example")
    assert known.text == unknown.text
    assert [len(letters_to(EMAIL)), len(letters_to("who@coasts.example"))] == [1, 0]


def test_reset_password_works_once_and_signs_every_browser_out(browser: Open, ada: Person) -> None:
    elsewhere, here = browser(ada), browser()
    here.get("/forgotten-password").submit("Send the link", email=EMAIL)
    link = link_to(EMAIL)
    page = here.get(link)
    assert page.submit("Save the password", password=OTHER).h1 == "Sign in"
    assert not is_signed_in(elsewhere)
    assert sign_in(here, make.PASSWORD) == 422
    assert sign_in(here, OTHER) == 200
    again = here.get(link)
    assert (again.status, again.h1) == (410, "This link does not work")
    assert here.post(link, password="yet another password").status == 410


def test_reset_password_link_dies_after_an_hour(browser: Open, ada: Person) -> None:
    here, start = browser(), clock.now()
    with clock.at(start):
        here.get("/forgotten-password").submit("Send the link", email=EMAIL)
    link = link_to(EMAIL)
    with clock.at(start + timedelta(minutes=59)):
        assert here.get(link).status == 200
    with clock.at(start + timedelta(minutes=60)):
        assert here.get(link).status == 410


@pytest.mark.parametrize("token", ["x", "x.y", "W10.x", "%00", "é", "a" * 5000])
def test_reset_password_refuses_a_forged_link(browser: Open, ada: Person, token: str) -> None:
    assert browser().get(f"/reset-password/{token}").status == 410


def test_reset_password_refuses_the_link_of_another_purpose(browser: Open, ada: Person) -> None:
    here = browser()
    here.get("/register").submit("Send the link", email="new@coasts.example")
    token = link_to("new@coasts.example").rpartition("/")[2]
    assert here.get(f"/reset-password/{token}").status == 410
    here.get("/forgotten-password").submit("Send the link", email=EMAIL)
    token = link_to(EMAIL).rpartition("/")[2]
    assert here.get(f"/register/{token}").status == 410


def test_forgotten_password_does_not_flood_a_letter_box(browser: Open, ada: Person) -> None:
    page = browser().get("/forgotten-password")
    for _ in range(9):
        page.submit("Send the link", email=EMAIL)
    assert len(letters_to(EMAIL)) == 6


def test_change_password_keeps_this_browser_and_signs_others_out(browser: Open, ada: Person) -> None:
    here, elsewhere = browser(ada), browser(ada)
    page = here.get("/account/password").submit("Save", current=make.PASSWORD, password=OTHER)
    assert page.h1 == "Your account"
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert sign_in(browser(), OTHER) == 200


def test_change_password_asks_for_the_current_one(browser: Open, ada: Person) -> None:
    page = browser(ada).get("/account/password").submit("Save", current="not this one", password=OTHER)
    assert (page.status, page.errors) == (422, ["This is not your current password"])
    assert saved_person(ada).session_epoch == 1


def test_change_name_changes_the_name(browser: Open, ada: Person) -> None:
    browser(ada).get("/account/name").submit("Save", name="  Ada   King ")
    assert saved_person(ada).name == "Ada King"


def test_epoch_that_changed_signs_out(browser: Open, ada: Person) -> None:
    here = browser(ada)
    assert is_signed_in(here)
    with transaction():
        reset_password(session().get_one(Person, ada.id), OTHER)
    assert not is_signed_in(here)
