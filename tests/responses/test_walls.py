"""What is sealed does not exist for anybody else: the same bytes as for an id that nobody has."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel.db import reading, transaction
from app.responses import queries
from tests.browser import Browser, bare
from tests.responses import make as make_response
from tests.responses.conftest import World

Browse = Callable[..., Browser]
STRANGERS = ("author", "buyer", "officer", "elsewhere", "operator", "rival_staff", "team_staff", "both")
NOBODYS = "0123456789ab"
ARGUMENTS = {"response_id", "receipt_id"}


def sealed_routes(app: Flask) -> list[tuple[str, str]]:
    """Every address under a response or a receipt, with its method."""
    rules = [rule for rule in app.url_map.iter_rules() if ARGUMENTS & set(rule.arguments)]
    return sorted((method, rule.rule) for rule in rules for method in (rule.methods or set()) & {"GET", "POST"})


def fill(rule: str, **ids: str) -> str:
    """The address with these ids; what it names besides a response or a receipt is nobody's."""
    return re.sub(r"<(\w+)>", lambda found: ids.get(found[1], NOBODYS), rule)


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
def test_a_stranger_finds_the_same_nothing_as_for_an_unknown_id(
    app: Flask, browser: Browse, world: World, state: str
) -> None:
    with transaction():
        make = {
            "draft": make_response.draft,
            "submitted": make_response.submitted,
            "withdrawn": make_response.withdrawn,
        }[state]
        response = make(world.need, of=world.provider, by=world.staff)
        receipts = queries.receipts_of(response)
    ids = {"response_id": response.id, "requirement_id": world.need.requirements[0].id}
    ids["receipt_id"] = receipts[0].id if receipts else NOBODYS
    unknown = {**ids, "response_id": NOBODYS, "receipt_id": NOBODYS}
    routes = sealed_routes(app)
    assert len(routes) > 15
    for role in STRANGERS:
        client = browser(world.people[role])
        token = client.token()
        for method, rule in routes:
            send = client.client.get if method == "GET" else client.client.post
            data = {} if method == "GET" else {"data": {"csrf_token": token}}
            there, nowhere = (send(fill(rule, **values), **data) for values in (ids, unknown))
            assert (there.status_code, nowhere.status_code) == (404, 404), (role, rule)
            assert bare(there.get_data(as_text=True)) == bare(nowhere.get_data(as_text=True)), (role, rule)


def test_nobody_is_sent_to_sign_in_whatever_the_id(app: Flask, browser: Browse, world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
        receipt = queries.receipts_of(response)[0]
    for method, rule in sealed_routes(app):
        if method == "GET":
            for ids in (
                {"response_id": response.id, "receipt_id": receipt.id},
                {"response_id": NOBODYS, "receipt_id": NOBODYS},
            ):
                answer = browser().client.get(fill(rule, **ids, requirement_id="x", provider_id=world.rival.id))
                assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule


@pytest.mark.parametrize("bad", ["%00", "..%5c", "'", "x" * 4000, "%F0%9F%98%80"])
def test_an_odd_id_is_nothing(browser: Browse, world: World, bad: str) -> None:
    for path in (
        f"/responses/{bad}",
        f"/receipts/{bad}",
        f"/received/{bad}",
        f"/needs/{bad}/respond",
        f"/needs/{bad}/review",
    ):
        assert browser(world.staff).client.get(path).status_code == 404


def test_the_own_staff_does_find_it(browser: Browse, world: World) -> None:
    with transaction():
        response = make_response.submitted(world.need, of=world.provider, by=world.staff)
    for person in (world.staff, world.lead):
        assert browser(person).get(f"/responses/{response.id}").status == 200
    with reading():
        assert queries.response_band(world.need) == "fewer than 5"


@pytest.mark.parametrize("role", ["author", "buyer", "officer", "operator", "elsewhere", "both"])
def test_the_buying_side_and_operators_cannot_start_a_response(browser: Browse, world: World, role: str) -> None:
    client = browser(world.people[role])
    assert client.get(f"/needs/{world.need.id}/respond").status == 403
    assert client.post(f"/needs/{world.need.id}/respond", provider=world.provider.id).status == 403


def test_staff_cannot_start_the_response_of_a_rival(browser: Browse, world: World) -> None:
    assert browser(world.staff).post(f"/needs/{world.need.id}/respond", provider=world.rival.id).status == 404
