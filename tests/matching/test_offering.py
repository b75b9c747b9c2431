"""The claims that are offered for one requirement: which come first, why, and which are never offered first."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel import clock, db
from app.kernel.db import transaction
from app.matching.offering import Offered, offered_for
from app.needs.models import Requirement
from app.providers.models import COUNTERSIGNED, DISPUTED, STATED, Evidence
from tests.browser import Browser
from tests.needs import make as make_need
from tests.providers import make as make_provider
from tests.responses import make as make_response

ASKED = "Move two million patient records without loss"
FINISHED = date(2026, 3, 1)


def requirement(*capabilities: str, text: str = ASKED) -> Requirement:
    held = [make_need.capability(each) for each in capabilities]
    need = make_need.live_need(requirements=[make_need.requirement(text, capabilities=held or None)])
    if not capabilities:
        need.requirements[0].capabilities = []
    return need.requirements[0]


def claim(title: str, *capabilities: str, text: str = "We did it.", **facts: Any) -> Evidence:
    held = [make_need.capability(each) for each in capabilities or ("Bridges",)]
    standing = facts.pop("standing", STATED)
    told = {"finished_on": FINISHED, "client": "", "result": "", "title": title, "text": text, **facts}
    made = make_provider.evidence(make_provider.provider(), capabilities=held, **told)
    made.standing = standing
    return made


def titles(offered: list[Offered]) -> list[str]:
    return [each.evidence.title for each in offered]


def test_a_capability_comes_before_words_and_words_before_nothing(store: db.Database) -> None:
    with transaction():
        wanted = requirement("Data migration")
        nothing, words = claim("Nothing"), claim("Words", text="Moved patient records without loss.")
        shown = claim("Shown", "Data migration")
        offered = offered_for(wanted, [nothing, words, shown])
        assert titles(offered) == ["Shown", "Words", "Nothing"]
        assert [each.fits for each in offered] == [True, True, False]
        assert [each.coverage_milli > 0 for each in offered] == [True, True, False]


def test_near_in_the_tree_counts_less_than_the_same(store: db.Database) -> None:
    with transaction():
        wanted = requirement("Data migration")
        skill = make_provider.skill("Database migration", make_need.capability("Data migration"))
        near = claim("Near")
        near.capabilities = [skill]
        same = claim("Same", "Data migration")
        offered = offered_for(wanted, [near, same])
        assert [(each.evidence.title, each.coverage_milli) for each in offered] == [("Same", 800), ("Near", 600)]
        assert offered[1].why.startswith("Shows Database migration, which is close to Data migration. Stated.")


ORDERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "more shared words": ({"text": "Moved patient records."}, {"text": "We did it."}),
    "a buyer's word": ({"standing": COUNTERSIGNED}, {"standing": STATED}),
    "newer work": ({"finished_on": FINISHED}, {"finished_on": FINISHED - timedelta(days=400)}),
    "what nobody disputes": ({"standing": STATED}, {"standing": DISPUTED}),
}


@pytest.mark.parametrize("why", ORDERS)
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_two_equal_claims_the_better_one_comes_first(store: db.Database, why: str, is_turned: bool) -> None:
    better, worse = ORDERS[why]
    with transaction():
        wanted = requirement("Data migration")
        pair = [claim("B", "Data migration", **better), claim("A", "Data migration", **worse)]
        assert titles(offered_for(wanted, pair[::-1] if is_turned else pair)) == ["B", "A"]


def test_disputed_comes_last_even_when_nothing_else_fits_and_expired_not_at_all(store: db.Database) -> None:
    with transaction():
        wanted = requirement("Data migration")
        disputed = claim("Disputed", "Data migration", standing=DISPUTED)
        old = claim("Old", "Data migration", finished_on=clock.today() - timedelta(days=6 * 366))
        other = claim("Other")
        offered = offered_for(wanted, [disputed, old, other])
        assert titles(offered) == ["Other", "Disputed"]
        assert [each.fits for each in offered] == [False, False]
        assert "Disputed." in offered[1].why


def test_a_requirement_without_capabilities_is_read_for_their_names(store: db.Database) -> None:
    with transaction():
        make_need.capability("Data migration")
        wanted = requirement(text="Data migration of all that there is")
        assert offered_for(wanted, [claim("Shown", "Data migration")])[0].fits


def test_the_reason_says_what_is_shown_shared_who_says_so_and_how_old_it_is(store: db.Database) -> None:
    with transaction():
        piece = claim("Shown", "Data migration", text="Moved patient records.", client="NHS", standing=COUNTERSIGNED)
        offered = offered_for(requirement("Data migration"), [piece])
        assert offered[0].why == (
            "Shows Data migration. Shares the words “Moved”, “patient” and “records”. Countersigned, for NHS. "
            "Finished on 1 March 2026; it counts until 1 March 2031."
        )


def test_the_answer_form_offers_what_fits_best_first_with_its_reason(
    browser: Callable[..., Browser], store: db.Database
) -> None:
    with transaction():
        need = make_need.open_need()
        provider = make_response.provider("Harbour Ltd")
        staff = make_response.staff(provider)
        for title, name in (("Zebra migration", "Data engineering"), ("Another thing", "Bridges")):
            held = [make_need.capability(name)]
            make_provider.evidence(provider, title=title, capabilities=held, text="We did it.", result="")
        response = make_response.started(need, of=provider, by=staff)
    page = browser(staff).get(f"/responses/{response.id}/edit/{need.requirements[0].id}")
    assert page.text.index("Zebra migration") < page.text.index("Another thing")
    assert "Shows Data engineering." in page.text


def test_evidence_that_was_chosen_is_chosen_still_when_the_answer_is_opened_again(
    browser: Callable[..., Browser], store: db.Database
) -> None:
    with transaction():
        need = make_need.open_need()
        provider = make_response.provider("Harbour Ltd")
        staff = make_response.staff(provider)
        piece = make_provider.evidence(provider, title="Zebra migration")
        response = make_response.started(need, of=provider, by=staff)
    path = f"/responses/{response.id}/edit/{need.requirements[0].id}"
    browser(staff).get(path).submit("Save and continue", text="We do.", evidence=[piece.id])
    boxes = [each for each in browser(staff).get(path).root.iter("input") if each.get("value") == piece.id]
    assert [each.get("checked") is not None for each in boxes] == [True]
