"""A second person before a need is firm: who may approve, what is approved, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from app.accounts.models import BUYER, LEAD, OFFICER, Membership, Person
from app.kernel import clock, db
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import commands as needs
from app.needs.approvals import commands, policy, queries
from app.needs.approvals.models import Approval
from app.needs.brief import _money
from app.needs.models import COMMITTED, DRAFTS, OPEN, PUBLISHES, SHAPING, Need, NeedOwner, NeedPartner
from app.needs.queries import get_need, moves_of
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]
ROLES = {
    "nobody": [],
    "buyer": [("ministry", BUYER)],
    "officer": [("ministry", OFFICER)],
    "officer elsewhere": [("agency", OFFICER)],
    "officer who also works for a supplier": [("ministry", OFFICER), ("acme", LEAD)],
    "officer who asked": [("ministry", OFFICER)],
    "officer who wrote it": [("ministry", OFFICER)],
}


@pytest.mark.parametrize(("role", "state"), list(product(ROLES, Approval.states())))
def test_an_officer_who_neither_asked_nor_wrote_it_answers_while_it_is_asked(role: str, state: str) -> None:
    person = Person(id="p", memberships=[Membership(organisation_id=o, role=r) for o, r in ROLES[role]])
    need = Need(department_id="ministry", author_id="p" if role == "officer who wrote it" else "a")
    approval = Approval(need=need, asked_by_id="p" if role == "officer who asked" else "a")
    if state != "asked":
        approval.move({"approved": "approve", "returned": "return", "withdrawn": "withdraw"}[state])
    assert policy.may_answer_approval(person, approval) == (role == "officer" and state == "asked")
    assert policy.may_answer_approval(None, approval) is False


@pytest.fixture
def world(store: db.Database) -> Thing:
    """A complete draft of an open need, its author, another who publishes, and two officers."""
    with transaction():
        ministry = make.department()
        author, second = make.buyer(ministry, "Ada Author"), make.buyer(ministry, "Sam Second")
        draft = make_need.complete_draft(ministry, by=author, second=second, rung=OPEN)
        live = make_need.live_need(ministry, by=author, second=second, rung=SHAPING)
        for need in (draft, live):
            make_need.look_first(need, OPEN)
        officer, other = make.officer(ministry, "Olga Officer"), make.officer(ministry, "Oscar Other")
    return Thing(author=author, second=second, draft=draft, live=live, officer=officer, other=other)


def here(person: Person) -> Person:
    """The person in this transaction."""
    return session().get_one(Person, person.id)


def asked(need: Need, by: Person, to: str = OPEN, **more: Any) -> Approval:
    return commands.ask_approval(get_need(need.id), to, by=here(by), **more)


def test_approving_a_draft_publishes_it_in_the_name_of_who_asked(world: Thing) -> None:
    with transaction():
        approval = asked(world.draft, world.author)
        assert approval.need.state == "draft"
        commands.give_approval(approval, by=world.officer)
    with transaction():
        need = get_need(world.draft.id)
        assert (need.state, [move.to_rung for move in moves_of(need)]) == ("live", [OPEN])
        assert queries.find_asked(need) is None


def test_approving_a_move_brings_its_reason_deadline_and_what_was_said_of_the_signal(world: Thing) -> None:
    ends = clock.now() + timedelta(days=20)
    said = {"confidence_need": "high", "confidence_money": "high"}
    with transaction():
        approval = asked(world.live, world.author, reason="The money is there.", deadline_at=ends, signal=said)
        assert approval.need.rung == SHAPING
        commands.give_approval(approval, by=world.officer)
    with transaction():
        need = get_need(world.live.id)
        told = (need.rung, need.deadline_at, need.confidence_money, need.review_on, need.expected_open_on)
        assert told == (OPEN, ends, "high", None, None)
        assert moves_of(need)[0].reason == "The money is there."


@pytest.mark.parametrize("act", ["save", "own", "amend"])
def test_what_changed_since_it_was_asked_cannot_be_approved(world: Thing, act: str) -> None:
    need = world.live if act == "amend" else world.draft
    with transaction():
        asked(need, world.author, OPEN, reason="Ready.", deadline_at=clock.now() + timedelta(days=20))
    with transaction():
        found = get_need(need.id)
        if act == "save":
            needs.save_section(found, "problem", {"problem": "Another problem."}, by=world.author)
        elif act == "own":
            needs.add_owner(found, here(world.other), DRAFTS, by=world.author)
        else:
            needs.amend_need(found, "problem", {"problem": "Another."}, reason="Learnt.", by=world.author)
    with transaction():
        approval = queries.find_asked(get_need(need.id))
        assert approval is not None
        assert approval.is_stale
        with pytest.raises(Conflict, match="changed after"):
            commands.give_approval(approval, by=world.officer)


def test_a_deadline_that_passed_while_it_waited_cannot_be_approved(world: Thing) -> None:
    with transaction():
        ends = {"deadline_at": clock.now() + timedelta(days=2), "questions_until": clock.now() + timedelta(days=1)}
        approval = asked(world.live, world.author, reason="Ready.", **ends)
        approval.deadline_at = clock.now()
        with pytest.raises(Conflict, match="in the future"):
            commands.give_approval(approval, by=world.officer)


def test_who_asked_or_wrote_it_is_refused(world: Thing) -> None:
    with transaction():
        approval = asked(world.draft, world.author)
        for person in (world.author, world.second):
            with pytest.raises(NotAllowed):
                commands.give_approval(approval, by=person)


def test_an_officer_who_owns_the_need_cannot_approve_what_they_asked_for(world: Thing) -> None:
    with transaction():
        needs.add_owner(get_need(world.draft.id), here(world.officer), PUBLISHES, by=world.author)
    with transaction():
        approval = asked(world.draft, world.officer)
        with pytest.raises(NotAllowed):
            commands.give_approval(approval, by=world.officer)
        commands.give_approval(approval, by=world.other)


def test_publishing_past_the_approval_is_refused(world: Thing) -> None:
    with transaction():
        need = get_need(world.draft.id)
        with pytest.raises(IllegalMove):
            needs.publish_need(need, by=world.author)
        for nobody_else in (world.author, world.second):
            with pytest.raises(NotAllowed):
                needs.publish_need(need, by=world.author, approved_by=nobody_else)
        with pytest.raises(IllegalMove):
            needs.move_rung(get_need(world.live.id), COMMITTED, reason="Now.", by=world.author)


def test_who_asked_and_left_has_a_colleague_ask_again(world: Thing) -> None:
    with transaction():
        asked(world.draft, world.author)
    with transaction():
        need = get_need(world.draft.id)
        for owner in [each for each in need.owners if each.person_id == world.author.id]:
            need.owners.remove(owner)
        approval = queries.find_asked(need)
        assert approval is not None
        with pytest.raises(Conflict, match="publishes this need no more"):
            commands.give_approval(approval, by=world.officer)


def test_a_second_request_takes_the_place_of_the_first(world: Thing) -> None:
    with transaction():
        asked(world.draft, world.author)
        again = asked(world.draft, world.second)
        session().flush()
        need = get_need(world.draft.id)
        assert queries.find_asked(need) is again
        assert sorted(each.state for each in queries.approvals_of(need)) == ["asked", "withdrawn"]


@pytest.mark.parametrize("to", [SHAPING, "horizon"])
def test_only_a_climb_takes_an_approval(world: Thing, to: str) -> None:
    with transaction(), pytest.raises(Conflict):
        asked(world.live, world.author, to, reason="x")


def test_an_incomplete_need_is_not_asked_for(world: Thing) -> None:
    with transaction():
        make_need.write(get_need(world.draft.id), problem="")
        with pytest.raises(Conflict, match="Explain the problem"):
            asked(world.draft, world.author)


def test_the_whole_way_on_pages_from_the_draft_to_everybody(browser: Browse, world: Thing) -> None:
    page = browser(world.author).get(f"/needs/{world.draft.id}/publish").submit("Ask for approval")
    assert page.h1 == "Approval"
    assert browser().get(f"/needs/{world.draft.id}").status == 404
    desk = browser(world.officer).get("/desk")
    page = desk.follow(f"Approve or return: {world.draft.title}")
    assert page.submit("Send your answer", verb="return").errors == ["Say what is to be mended"]
    page = page.submit("Send your answer", verb="return", note="Say who pays.")
    back = browser(world.author).get("/desk").follow(f"Returned to you: {world.draft.title}")
    assert "Say who pays." in back.text
    browser(world.second).get(f"/needs/{world.draft.id}/publish").submit("Ask for approval")
    page = browser(world.officer).get(f"/needs/{world.draft.id}/approval")
    page.submit("Send your answer", verb="approve")
    assert browser().get(f"/needs/{world.draft.id}", status=200).h1 == world.draft.title


def test_a_move_to_open_waits_on_pages_and_can_be_taken_back(browser: Browse, world: Thing) -> None:
    ends = clock.now() + timedelta(days=20)
    parts = {f"deadline_at-{name}": str(getattr(ends, name)) for name in ("day", "month", "year")}
    form = {"rung": "open", "reason": "The money is there.", "deadline_at-time": "17:00", **parts}
    page = browser(world.author).get(f"/needs/{world.live.id}/rung").submit("Move the need", form)
    assert "The money is there." in page.text
    page = page.submit("Take the request back")
    assert page.h1 == world.live.title
    with transaction():
        need = get_need(world.live.id)
        assert (need.rung, queries.find_asked(need)) == (SHAPING, None)


def test_the_approval_is_for_its_own_people(browser: Browse, world: Thing) -> None:
    with transaction():
        stranger, colleague = make.buyer(make.department()), make.buyer(get_need(world.draft.id).department)
    for person in (stranger, colleague):
        assert browser(person).get(f"/needs/{world.draft.id}/approval").status == 404
        assert browser(person).get(f"/needs/{world.live.id}/approval").status == 403
    answer = browser(world.author).post(f"/needs/{world.draft.id}/approval", verb="approve")
    assert answer.status == 409


def test_owners_of_a_need_are_told_what_was_said_of_a_signal_that_stays(browser: Browse, world: Thing) -> None:
    page = browser(world.author).get(f"/needs/{world.live.id}/signal")
    page = page.submit("Keep the signal", confidence_money="high", reason="The bid was granted.")
    assert "Looked at again, and kept as shaping: The bid was granted." in page.text
    assert "Need high, money high" in page.text
    page = browser(world.author).get(f"/needs/{world.live.id}/signal")
    late = page.submit("Keep the signal", {"reason": "x", "review_on-year": "2020"})
    assert late.errors == ["Enter a day to look at it again that is in the next 12 months."]


def test_a_signal_that_is_due_is_on_the_desk_of_who_publishes_it(browser: Browse, world: Thing) -> None:
    line = f"Look at your signal again: {world.live.title}"
    assert line not in browser(world.author).get("/desk").text
    with transaction():
        get_need(world.live.id).review_on = clock.today()
    assert line in browser(world.author).get("/desk").text
    assert line not in browser(world.officer).get("/desk").text


def test_the_ladder_page_tells_what_each_rung_asks(browser: Browse) -> None:
    page = browser().get("/needs/ladder", status=200)
    assert page.text.count("Have a procurement officer who did not write it approve it") == 2


def test_a_duty_to_draft_does_not_let_ask(browser: Browse, world: Thing) -> None:
    with transaction():
        need = get_need(world.draft.id)
        helper = make.buyer(need.department)
        need.owners.append(NeedOwner(person=helper, duty=DRAFTS))
    assert browser(helper).post(f"/needs/{world.draft.id}/publish").status == 403
    assert browser(helper).post(f"/needs/{world.draft.id}/approval/withdraw").status == 409


def test_what_was_typed_for_a_returned_move_is_there_again(browser: Browse, world: Thing) -> None:
    ends = clock.now() + timedelta(days=20)
    with transaction():
        approval = asked(world.live, world.author, reason="The money is there.", deadline_at=ends)
        commands.return_approval(approval, note="Say who pays.", by=world.officer)
    page = browser(world.author).get(f"/needs/{world.live.id}/approval").follow("Ask again")
    chosen = [box.get("value") for box in page.root.iter("input") if box.get("checked") is not None]
    assert chosen[0] == OPEN
    assert "The money is there." in page.body
    assert f'value="{ends.year}"' in page.body


MONEY = {
    (True, True): "approved",
    (True, False): "approved in part",
    (True, None): "approved in part",
    (False, False): "not approved yet",
    (False, None): "not approved yet",
    (None, False): "not approved yet",
    (None, None): "",
}


@pytest.mark.parametrize(("lead", "partner"), MONEY)
def test_money_of_several_is_approved_only_as_far_as_one_says_so(lead: bool | None, partner: bool | None) -> None:
    need = Need(department_id="ministry", high_pence=100_00, approved=lead)
    joining = NeedPartner(department_id="agency", approved=partner)
    joining.move("accept")
    need.partners.append(joining)
    told = _money(need).removeprefix("Up to £100").removeprefix(", ")
    assert told == MONEY[lead, partner]
