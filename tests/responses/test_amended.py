"""What was amended is shown to those who work on an answer, and tells nobody that they do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session, transaction
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.providers.models import Provider
from app.responses import commands
from app.responses.models import Interest, Response
from tests.browser import Browser, bare
from tests.responses import make as make_response
from tests.responses.conftest import World

Browse = Callable[..., Browser]
BANNER = "The need was amended since you last saved"


def amend(need: Need, reason: str = "We counted again.", **content: Any) -> None:
    """An amendment, a minute from now, of the problem or of what is given for the first requirement."""
    with clock.at(clock.now() + timedelta(minutes=1)), transaction():
        again = get_need(need.id)
        by = session().get_one(Person, again.owners[0].person_id)
        if "first" not in content:
            needs.amend_need(again, "problem", content or {"problem": "It got worse."}, reason=reason, by=by)
            return
        rows = [{name: getattr(row, name) for name in ("id", "text", "kind", "weight")} for row in again.requirements]
        for row, made in zip(rows, again.requirements, strict=True):
            row["capabilities"] = list(made.capabilities)
        rows[0]["text"] = content["first"]
        needs.amend_need(again, "requirements", {"requirements": rows}, reason=reason, by=by)


@pytest.fixture
def drafted(world: World) -> Response:
    with transaction():
        return make_response.draft(world.need, of=world.provider, by=world.staff)


@pytest.mark.parametrize("page", ["edit", "edit/offer", "check", ""])
def test_a_draft_shows_what_was_and_what_is(browser: Browse, world: World, drafted: Response, page: str) -> None:
    path = f"/responses/{drafted.id}/{page}".rstrip("/")
    assert BANNER not in browser(world.staff).get(path, status=200).text
    was = world.need.problem
    amend(world.need)
    found = browser(world.staff).get(path, status=200)
    assert BANNER in found.text
    assert "We counted again." in found.text
    assert ["Problem", was, "It got worse."] in found.rows()
    assert found.links()["Amendment 1"] == f"/needs/{world.need.id}#version-2"
    assert found.follow("Amendment 1").h1 == world.need.title


def test_saving_and_submitting_end_it_and_the_next_amendment_begins_it_again(
    browser: Browse, world: World, drafted: Response
) -> None:
    path = f"/responses/{drafted.id}"
    amend(world.need)
    with clock.at(clock.now() + timedelta(minutes=2)), transaction():
        commands.submit_response(session().get_one(Response, drafted.id), by=session().get_one(Person, world.staff.id))
    assert BANNER not in browser(world.staff).get(path).text
    with clock.at(clock.now() + timedelta(minutes=3)):
        amend(world.need, "Once more.", problem="Worse still.")
    page = browser(world.staff).get(path)
    assert BANNER in page.text
    assert "Amendment 2" in page.links()
    assert "Amendment 1" not in page.links()


def test_a_requirement_says_that_its_text_changed_and_the_others_do_not(
    browser: Browse, world: World, drafted: Response
) -> None:
    amend(world.need, first="Move 3 million records without loss")
    first, second = (f"/responses/{drafted.id}/edit/{row.id}" for row in world.need.requirements[:2])
    page = browser(world.staff).get(first, status=200)
    assert "This requirement was amended since you began your response." in page.text
    assert "Move 2 million records without loss (must have" in page.text
    assert "Move 3 million records without loss (must have" in page.text
    assert "was amended since you began" not in browser(world.staff).get(second, status=200).text


def test_saving_another_answer_does_not_hide_what_changed(browser: Browse, world: World, drafted: Response) -> None:
    amend(world.need, first="Move 3 million records without loss")
    with clock.at(clock.now() + timedelta(minutes=2)), transaction():
        response = session().get_one(Response, drafted.id)
        other = response.need.requirements[1]
        by = session().get_one(Person, world.staff.id)
        commands.answer_requirement(response, other, text="Anew.", evidence=[], by=by)
    page = browser(world.staff).get(f"/responses/{drafted.id}/edit/{world.need.requirements[0].id}")
    assert "This requirement was amended since you began your response." in page.text


def test_who_registered_interest_sees_it_too(browser: Browse, world: World) -> None:
    with transaction():
        provider = session().get_one(Provider, world.provider.id)
        made = make_response.interest(
            get_need(world.early.id), of=provider, by=session().get_one(Person, world.staff.id)
        )
    path = f"/needs/{world.early.id}/interest"
    amend(world.early)
    assert BANNER in browser(world.staff).get(path).text
    with clock.at(clock.now() + timedelta(minutes=2)), transaction():
        interest = session().get_one(Interest, made.id)
        by = session().get_one(Person, world.staff.id)
        commands.change_interest(interest, people=9, from_on=interest.from_on, by=by)
    assert BANNER not in browser(world.staff).get(path).text


@pytest.mark.parametrize("role", ["author", "buyer", "officer", "elsewhere", "operator", "rival_staff", "both"])
def test_nobody_else_can_tell_from_an_amended_need_that_there_is_a_draft(
    browser: Browse, world: World, role: str
) -> None:
    amend(world.need)
    person = getattr(world, role)
    paths = ["", "/amend", "/amend/problem", "/owners"]
    with_none = [bare(browser(person).get(f"/needs/{world.need.id}{path}").body) for path in paths]
    with transaction():
        provider = session().get_one(Provider, world.provider.id)
        by = session().get_one(Person, world.staff.id)
        draft = make_response.draft(get_need(world.need.id), of=provider, by=by)
    assert [bare(browser(person).get(f"/needs/{world.need.id}{path}").body) for path in paths] == with_none
    browser(person).get(f"/responses/{draft.id}/edit", status=404)
