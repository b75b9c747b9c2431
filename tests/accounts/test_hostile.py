"""Hostile input in every form and address: a clear page, never a 500, and nothing saved."""

from collections.abc import Callable

import pytest

from app.accounts.models import Organisation, Person
from app.accounts.passwords import SHORTEST
from app.kernel import limits
from app.kernel.db import transaction
from tests import make
from tests.accounts.letters import link_to
from tests.browser import Browser

Open = Callable[..., Browser]
TEXTS = {
    "nul": "a\0b",
    "long": "x" * 10_000,
    "markup": "<script>alert(1)</script>'\"; DROP TABLE people; --",
    "template": "{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "bidi": "\u202eabc\u2066\u200b\ufeff",
    "combining": "Z" + "\u0301" * 500,
    "astral": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿𝒜",
    "newlines": "a\r\nBcc: x@evil.example\r\n\r\nb",
    "percent": "%00%ff%s%n",
    "surrogate": "\ud800",
    "spaces": "   \t ",
}
FIELDS = ["email", "name", "password", "current", "reason", "role", "register", "number", "website", "domain"]


@pytest.fixture
def cast(app: object) -> dict[str, Person | Organisation]:
    with transaction():
        coasts, acme = make.department("Coasts", "coasts.example"), make.supplier("Acme")
        make.invitation(acme, "invited@acme.example", "supplier_staff", make.lead(acme), "secret")
        return {
            "coasts": coasts,
            "acme": acme,
            "officer": make.officer(coasts),
            "person": make.person(),
            "operator": make.operator(),
        }


def forms_of(browser: Open, cast: dict[str, Person | Organisation]) -> list[tuple[Browser, str, str]]:
    """Every form: somebody who may fill it in, its address, and a token."""
    return [(visitor, path, visitor.token()) for visitor, path in places_of(browser, cast)]


def places_of(browser: Open, cast: dict[str, Person | Organisation]) -> list[tuple[Browser, str]]:
    person, officer = browser(cast["person"]), browser(cast["officer"])
    browser().get("/register").submit("Send the link", email="new@acme.example")
    coasts, acme = f"/organisations/{cast['coasts'].id}", f"/organisations/{cast['acme'].id}"
    return [
        *((browser(), path) for path in ("/sign-in", "/register", "/forgotten-password", "/invitations/secret")),
        (browser(), link_to("new@acme.example")),
        *((person, path) for path in ("/account/name", "/account/password", "/suppliers/new", f"{acme}/claim")),
        *((officer, f"{coasts}/{path}") for path in ("invite", "teams/new")),
        (browser(cast["operator"]), f"{coasts}/mail-domains/new"),
    ]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_forms_take_any_text(browser: Open, cast: dict[str, Person | Organisation], text: str) -> None:
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for visitor, path, token in forms_of(browser, cast):
        page = visitor.send(path, {**dict.fromkeys(FIELDS, sent), "csrf_token": token})
        assert page.status in (200, 404, 409, 410, 422), f"{path}: {page.status}"
        assert "<script>alert" not in page.body


@pytest.mark.parametrize("fields", [{}, {"email": ["a@b.example", "c@d.example"], "password": ["x", "y"]}])
def test_forms_take_missing_and_doubled_fields(
    browser: Open, cast: dict[str, Person | Organisation], fields: dict[str, list[str]]
) -> None:
    for visitor, path, token in forms_of(browser, cast):
        assert visitor.send(path, {**fields, "csrf_token": token}).status in (200, 422), path


def test_forms_take_bytes_that_are_no_text(browser: Open, cast: dict[str, Person | Organisation]) -> None:
    for visitor, path, token in forms_of(browser, cast):
        body = b"csrf_token=" + token.encode() + b"&email=%ff%fe&name=%c3%28&password=%ed%a0%80&reason=%ff"
        kind = "application/x-www-form-urlencoded"
        assert visitor.client.post(path, data=body, content_type=kind).status_code < 500, path


def test_forms_refuse_a_missing_token(browser: Open, cast: dict[str, Person | Organisation]) -> None:
    for visitor, path in places_of(browser, cast):
        assert visitor.send(path, {"email": "a@b.example"}).status == 400, path


@pytest.mark.parametrize("row_id", ["%00", "x" * 3000, "é", "1'--", "%F0%9F%92%A9", "undefined"])
def test_addresses_take_any_id(browser: Open, cast: dict[str, Person | Organisation], row_id: str) -> None:
    visitor = browser(cast["operator"])
    for path in ("/organisations/{}", "/organisations/{}/invite", "/organisations/{}/mail-domains/new"):
        assert visitor.get(path.format(row_id)).status == 404
    for path in ("/memberships/{}/end", "/memberships/{}/role", "/claims/{}/accept", "/invitations/{}/cancel"):
        assert visitor.post(path.format(row_id)).status == 404
    for path in ("/invitations/{}", "/register/{}", "/reset-password/{}"):
        assert visitor.get(path.format(row_id)).status in (404, 410)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_searches_take_any_text(browser: Open, cast: dict[str, Person | Organisation], text: str) -> None:
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    query = {"q": sent, "page": sent, "kind": sent, "name": sent}
    for who, path in (
        ("person", "/suppliers/find"),
        ("person", "/suppliers/new"),
        ("operator", "/operator/organisations"),
    ):
        assert browser(cast[who]).get(path, query_string=query).status == 200


def test_searches_take_wildcards_for_letters(browser: Open, cast: dict[str, Person | Organisation]) -> None:
    visitor = browser(cast["person"])
    for words in ("%", "_cme", "A%e"):
        assert "No organisation matches" in visitor.get("/suppliers/find", query_string={"q": words}).text
    assert visitor.get("/suppliers/find?q=aCM").rows()[1][0] == "Acme"


def test_markup_in_names_is_shown_as_text(browser: Open) -> None:
    with transaction():
        acme = make.supplier("<b>Acme</b> & Sons")
        lead = make.lead(acme, "<i>Lea</i>")
        make.claim(make.person("<u>Ada</u>"), acme, "<s>I</s> work there")
    page = browser(lead).get(f"/organisations/{acme.id}")
    assert page.h1 == "<b>Acme</b> & Sons"
    for text in ("<i>Lea</i>", "<u>Ada</u>", "<s>I</s> work there"):
        assert text in page.text


def test_password_of_odd_characters_can_be_used(browser: Open, app: object) -> None:
    with transaction():
        person = make.person("Ada", "ada@acme.example")
    odd = "🦊é\t ünïcode pass" + "word" * 3
    assert len(odd) > SHORTEST
    browser(person).get("/account/password").submit("Save", current=make.PASSWORD, password=odd)
    limits.limiter.reset()
    page = browser().get("/sign-in").submit("Sign in", email="ada@acme.example", password=odd)
    assert page.status == 200
