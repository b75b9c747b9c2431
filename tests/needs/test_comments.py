"""Comments on a draft: who says and settles them, and who never reads them."""

from collections.abc import Callable
from types import SimpleNamespace as Thing

import pytest

from app.kernel import db
from app.kernel.db import transaction
from app.kernel.errors import Conflict, IllegalMove, NotFound
from app.needs.comments import commands, queries
from app.needs.models import READS, NeedOwner
from app.needs.queries import get_need
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]


@pytest.fixture
def world(store: db.Database) -> Thing:
    """A draft with its author, a reader, an officer of its department, and a colleague without a duty."""
    with transaction():
        ministry = make.department()
        author = make.buyer(ministry, "Ada Author")
        need = make_need.complete_draft(ministry, by=author)
        reader, officer, colleague = make.buyer(ministry, "Rae"), make.officer(ministry, "Oz"), make.buyer(ministry)
        need.owners.append(NeedOwner(person=reader, duty=READS))
    return Thing(author=author, reader=reader, officer=officer, colleague=colleague, need=need)


def test_a_comment_is_said_seen_at_its_section_and_settled(browser: Browse, world: Thing) -> None:
    page = browser(world.officer).get(f"/needs/{world.need.id}").follow("Comment on it")
    assert page.submit("Add the comment", section="money").errors == ["Enter a comment"]
    page.submit("Add the comment", section="money", text="Who pays for it?")
    mine = browser(world.author)
    assert "1 open comment" in mine.get(f"/needs/{world.need.id}/edit").text
    assert "Who pays for it?" in mine.get(f"/needs/{world.need.id}/edit/money").text
    assert "Who pays for it?" not in mine.get(f"/needs/{world.need.id}/edit/problem").text
    page = mine.get(f"/needs/{world.need.id}/comments").submit("Settle the comment of Oz")
    assert "Settled" in page.text
    assert "Who pays for it?" not in mine.get(f"/needs/{world.need.id}/edit/money").text


def test_comments_are_for_those_who_see_the_draft(browser: Browse, world: Thing) -> None:
    with transaction():
        comment = commands.comment_on(get_need(world.need.id), "problem", "Too long.", by=world.officer)
        stranger = make.officer(make.department())
    page = f"/needs/{world.need.id}/comments"
    seen = {who: browser(person).get(page).status for who, person in vars(world).items() if who != "need"}
    assert seen == {"author": 200, "reader": 200, "officer": 200, "colleague": 404}
    assert browser(stranger).get(page).status == 404
    assert browser(world.reader).post(f"{page}/{comment.id}/settle").status == 403
    assert browser(stranger).post(f"{page}/{comment.id}/settle").status == 404
    with transaction():
        make_need.publish(get_need(world.need.id))
    assert browser(world.author).get(page).status == 403
    assert "Too long." not in browser(world.author).get(f"/needs/{world.need.id}").text


def test_comments_name_a_section_of_a_draft_and_are_settled_once(world: Thing) -> None:
    with transaction():
        need = get_need(world.need.id)
        with pytest.raises(NotFound):
            commands.comment_on(need, "moon", "x", by=world.author)
        comment = commands.comment_on(need, "money", "x", by=world.author)
        commands.settle_comment(comment, by=world.author)
        with pytest.raises(Conflict):
            commands.settle_comment(comment, by=world.author)
        assert queries.count_open(need) == {}
        make_need.publish(need)
        with pytest.raises(IllegalMove):
            commands.comment_on(need, "money", "x", by=world.author)
