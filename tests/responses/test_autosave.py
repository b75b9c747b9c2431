"""Saving while typing pauses: what the script is told, and what it never overwrites."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.responses import commands, queries
from app.responses.models import Response, SubmissionReceipt
from tests.browser import Browser, filled
from tests.responses import make as make_response
from tests.responses.conftest import World

Browse = Callable[..., Browser]


@pytest.fixture
def drafted(world: World) -> Response:
    with transaction():
        return make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)


class Typing:
    """One section, open in one browser, whose script saves what is typed."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser, self.path = browser, path
        page = browser.get(path, status=200)
        button = next(each for each in page.buttons() if each.startswith("Save and"))
        self.offers_it = "data-autosave" in page.body
        self.form: dict[str, Any] = filled(page.form(button))

    def pause(self, **typed: str) -> tuple[int, str]:
        """Type, then rest: the status and what the page says."""
        self.form |= typed
        answer = self.browser.client.post(self.path, data={**self.form, "autosave": "1"})
        told = answer.get_json()
        if answer.status_code == 200:
            self.form["version"] = told["version"]
        return answer.status_code, told["said"]


def offer_of(drafted: Response) -> str:
    return f"/responses/{drafted.id}/edit/offer"


def answer_to_first(drafted: Response, world: World) -> str:
    return f"/responses/{drafted.id}/edit/{world.need.requirements[0].id}"


def entries(drafted: Response) -> int:
    with reading():
        stream = f"responses:{drafted.id}"
        return session().scalar(select(func.count()).where(AuditEntry.stream == stream)) or 0


def test_what_is_typed_is_saved_again_and_again(browser: Browse, world: World, drafted: Response) -> None:
    typing = Typing(browser(world.staff), answer_to_first(drafted, world))
    assert typing.offers_it
    for text in ("We move", "We move it", "We move it all"):
        status, said = typing.pause(text=text)
        assert (status, said[:9]) == (200, "Saved at ")
    with reading():
        answer = queries.get_own_response(drafted.id, world.staff).answer_to(world.need.requirements[0])
        assert answer is not None
        assert answer.text == "We move it all"


def test_an_answer_that_was_not_there_is_begun(browser: Browse, world: World) -> None:
    with transaction():
        started = make_response.started(session().merge(world.need), of=world.provider, by=world.staff)
    typing = Typing(browser(world.staff), answer_to_first(started, world))
    assert typing.pause(text="One")[0] == 200
    assert typing.pause(text="One two")[0] == 200


def test_what_is_not_different_is_not_written(browser: Browse, world: World, drafted: Response) -> None:
    typing = Typing(browser(world.staff), offer_of(drafted))
    before = entries(drafted)
    assert typing.pause()[0] == 200
    assert entries(drafted) == before
    assert typing.pause(summary="Other words")[0] == 200
    assert entries(drafted) == before + 1


@pytest.mark.parametrize("section", ["offer", "answer", "knowledge-transfer"])
def test_a_colleagues_words_are_never_overwritten_unseen(
    browser: Browse, world: World, drafted: Response, section: str
) -> None:
    path = answer_to_first(drafted, world) if section == "answer" else f"/responses/{drafted.id}/edit/{section}"
    field = {"offer": "summary", "answer": "text", "knowledge-transfer": "knowledge_transfer"}[section]
    mine, theirs = Typing(browser(world.staff), path), Typing(browser(world.lead), path)
    assert theirs.pause(**{field: "Theirs"})[0] == 200
    said = "A colleague saved this section meanwhile. Press the button to see both."
    assert mine.pause(**{field: "Mine"}) == (409, said)
    again = browser(world.staff).get(path)
    assert "Theirs" in again.body
    assert theirs.pause(**{field: "Theirs still"})[0] == 200


def test_what_cannot_be_read_yet_is_told_and_not_saved(browser: Browse, world: World, drafted: Response) -> None:
    typing = Typing(browser(world.staff), offer_of(drafted))
    status, said = typing.pause(price_pence="a lot")
    assert (status, said) == (422, "Not saved yet. The price must be an amount in pounds, like 1,250 or 1250.50.")
    status, said = typing.pause(price_pence="1,000", summary="word " * 301)
    assert (status, said) == (422, "Not saved yet. Your offer in short must be 300 words or fewer.")
    assert typing.pause(summary="word " * 300)[0] == 200


def test_a_submitted_response_is_never_saved_by_itself(browser: Browse, world: World, drafted: Response) -> None:
    typing = Typing(browser(world.staff), offer_of(drafted))
    with transaction():
        commands.submit_response(session().get_one(Response, drafted.id), by=world.lead)
    status, said = typing.pause(summary="After it was sent")
    assert (status, said[:44]) == (409, "A colleague submitted this response while yo")
    with reading():
        assert session().scalar(select(func.count()).select_from(SubmissionReceipt)) == 1
    assert not Typing(browser(world.staff), offer_of(drafted)).offers_it


def test_at_the_deadline_nothing_is_saved_by_itself(browser: Browse, world: World, drafted: Response) -> None:
    typing = Typing(browser(world.staff), offer_of(drafted))
    with transaction():
        session().merge(world.need).deadline_at = clock.now()
    status, said = typing.pause(summary="Too late")
    assert status == 409
    assert "The deadline has passed" in said
    with reading():
        assert queries.get_own_response(drafted.id, world.staff).summary == "We do this. In short."


def test_a_stranger_saves_nothing(browser: Browse, world: World, drafted: Response) -> None:
    data = {"autosave": "1", "summary": "Mine now", "csrf_token": browser(world.rival_staff).token()}
    assert browser(world.rival_staff).client.post(offer_of(drafted), data=data).status_code in (400, 404)
