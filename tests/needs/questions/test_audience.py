"""Questions of those whom a need's audience leaves out: not offered, refused, and nothing typed is lost."""

from collections.abc import Callable

import pytest

from app.kernel import db
from app.kernel.db import session, transaction
from app.kernel.errors import IllegalMove
from app.needs.queries import get_need
from app.needs.questions.commands import ask_question
from app.needs.questions.models import Question
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]


@pytest.mark.parametrize("is_invited", [True, False])
def test_only_who_can_take_part_is_offered_to_ask(browser: Browse, is_invited: bool) -> None:
    with transaction():
        inside, outside = make.supplier(), make.supplier()
        said = {"audience": "invited", "audience_reason": "security", "audience_note": "It is secret."}
        need = make_need.open_need(**said, invited_organisations=[inside])
        person = make.staff(inside if is_invited else outside)
    page = browser(person).get(f"/needs/{need.id}/questions")
    assert ("Ask a question" in page.links()) == is_invited
    page = browser(person).get(f"/needs/{need.id}/questions/ask")
    page = page.submit("Send the question", text="How many depots are there?")
    assert page.status == (200 if is_invited else 409)
    assert ("How many depots are there?" in page.body, "you are outside" in page.text) == (True, not is_invited)
    with transaction():
        assert session().query(Question).count() == int(is_invited)


def test_the_command_refuses_who_is_outside(store: db.Database) -> None:
    with transaction():
        firm = make.supplier()
        need = make_need.open_need(audience="capabilities", audience_capabilities=[make_need.capability()])
        with pytest.raises(IllegalMove, match="outside"):
            ask_question(get_need(need.id), firm, text="Why?", by=make.staff(firm))
