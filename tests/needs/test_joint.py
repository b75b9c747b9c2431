"""Joint needs: who joins, who lets them, what each sees and edits, and whose money is whose."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import BUYER, OFFICER, STAFF, Membership, Organisation, Person
from app.alerts.queries import buying_side_of
from app.kernel import clock, db
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import commands as needs
from app.needs import queries
from app.needs.index import document
from app.needs.joint import commands, policy
from app.needs.models import (
    ANSWERS,
    COMMITTED,
    DRAFTS,
    OPEN,
    PUBLISHES,
    READS,
    SHAPING,
    Need,
    NeedOwner,
    NeedPartner,
)
from app.needs.policy import acts_for_need, has_duty, is_officer_of, may_edit_need, may_publish_need, may_withdraw_need
from app.publication.releases import release
from app.responses.queries import page_of_responses
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need

Browse = Callable[..., Browser]


@pytest.fixture
def world(store: db.Database) -> Thing:
    """A shaping need of a ministry, and an agency with a buyer and an officer."""
    with transaction():
        ministry, agency = make.department("Ministry of Data"), make.department("Agency of Roads")
        author = make.buyer(ministry, "Ada Author")
        need = make_need.live_need(ministry, by=author, rung=SHAPING, low_pence=100_00, high_pence=200_00)
        buyer, officer = make.buyer(agency, "Bea Buyer"), make.officer(agency, "Oda Officer")
    return Thing(ministry=ministry, agency=agency, author=author, need=need, buyer=buyer, officer=officer)


def here(person: Person) -> Person:
    return session().get_one(Person, person.id)


def asked(world: Thing, by: Person | None = None, **more: Any) -> NeedPartner:
    need, agency = queries.get_need(world.need.id), session().get_one(Organisation, world.agency.id)
    money = {"low_pence": 10_00, "high_pence": 50_00, "approved": False, **more}
    return commands.ask_to_join(need, agency, reason="We have it too.", by=here(by or world.buyer), **money)


def joined(world: Thing, by: Person | None = None) -> NeedPartner:
    partner = asked(world, by)
    commands.accept_partner(partner, by=here(world.author))
    return partner


def test_joining_asks_and_the_lead_accepts_before_everybody(world: Thing) -> None:
    with transaction():
        partner = asked(world)
        assert [each.name for each in partner.need.departments] == ["Ministry of Data"]
        amendment = commands.accept_partner(partner, by=here(world.author))
    with transaction():
        need = queries.get_need(world.need.id)
        assert [each.name for each in need.departments] == ["Ministry of Data", "Agency of Roads"]
        assert amendment.reason == "Agency of Roads joins: We have it too."
        assert amendment.changes == [
            {"what": "Departments", "was": "Ministry of Data", "is": "Ministry of Data and Agency of Roads"},
            {"what": "Money of all departments", "was": "£100 to £200", "is": "£110 to £250"},
        ]
        assert (need.low_pence, need.money) == (100_00, (110_00, 250_00))


ACTS = {
    "ask": lambda world, partner: asked(world),
    "accept": lambda world, partner: commands.accept_partner(partner, by=here(world.author)),
    "decline": lambda world, partner: commands.decline_partner(partner, note="No.", by=here(world.author)),
    "take back": lambda world, partner: commands.take_back_joining(partner, by=here(world.buyer)),
    "leave": lambda world, partner: commands.leave_need(partner, reason="Done.", by=here(world.buyer)),
    "change": lambda world, partner: commands.change_line(
        partner, low_pence=1_00, high_pence=2_00, approved=True, reason="Less.", by=here(world.buyer)
    ),
}
STATES: dict[str, dict[str, str]] = {
    "asked": {"accept": "joined", "decline": "declined", "take back": "taken_back"},
    "joined": {"leave": "left", "change": "joined"},
    "declined": {"ask": "declined"},
    "taken_back": {"ask": "taken_back"},
    "left": {"ask": "left"},
}
WAYS = {"asked": [], "joined": ["accept"], "declined": ["decline"], "taken_back": ["take back"]}
WAYS["left"] = ["accept", "leave"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_each_act_goes_from_its_states_alone(world: Thing, state: str, act: str) -> None:
    with transaction():
        partner = asked(world)
        for each in WAYS[state]:
            ACTS[each](world, partner)
        if act in STATES[state]:
            ACTS[act](world, partner)
            assert partner.state == STATES[state][act]
            return
        with pytest.raises((IllegalMove, NotAllowed)):
            ACTS[act](world, partner)
        assert partner.state == state


@pytest.mark.parametrize("act", ["ask", "accept", "leave"])
def test_an_open_need_is_joined_and_left_no_more(world: Thing, act: str) -> None:
    with transaction():
        partner = asked(world) if act != "ask" else None
        if act == "leave" and partner:
            commands.accept_partner(partner, by=here(world.author))
        make_need.move(queries.get_need(world.need.id), OPEN, by=here(world.author))
        with pytest.raises(IllegalMove):
            ACTS[act](world, partner)


def test_money_is_changed_by_its_own_department_until_the_deadline(world: Thing) -> None:
    with transaction():
        partner = joined(world)
        need = partner.need
        make_need.move(need, OPEN, by=here(world.author))
        ACTS["change"](world, partner)
        assert need.money == (101_00, 202_00)
        with pytest.raises(IllegalMove):
            commands.change_line(
                partner, low_pence=1, high_pence=2, approved=None, reason="Mine.", by=here(world.author)
            )
        with pytest.raises(Conflict, match="Nothing has changed"):
            ACTS["change"](world, partner)
        need.deadline_at = clock.now()
        with pytest.raises(IllegalMove):
            ACTS["change"](world, partner)


def test_a_department_asks_once_and_the_lead_not_at_all(world: Thing) -> None:
    with transaction():
        asked(world)
        with pytest.raises(NotAllowed):
            asked(world)
        ministry = session().get_one(Organisation, world.ministry.id)
        with pytest.raises(NotAllowed):
            commands.ask_to_join(queries.get_need(world.need.id), ministry, reason="x", by=here(world.author))


# role in a department, duty, and what it may: see a draft, edit, publish, withdraw, be told of as the buyer's side
RIGHTS = {
    ("agency", BUYER, ""): (False, False, False, False, True),
    ("agency", BUYER, READS): (True, False, False, False, True),
    ("agency", BUYER, ANSWERS): (True, False, False, False, True),
    ("agency", BUYER, DRAFTS): (True, True, False, False, True),
    ("agency", BUYER, PUBLISHES): (True, True, False, False, True),
    ("agency", OFFICER, ""): (True, False, False, False, True),
    ("ministry", BUYER, PUBLISHES): (True, True, True, True, True),
    ("ministry", OFFICER, ""): (True, False, False, True, True),
    ("council", OFFICER, ""): (False, False, False, False, False),
}


@pytest.mark.parametrize(("place", "role", "duty"), RIGHTS)
def test_each_sees_and_edits_by_its_own_role(place: str, role: str, duty: str) -> None:
    need = Need(department_id="ministry", created_at=clock.now())
    partner = NeedPartner(department_id="agency", joined_at=clock.now())
    partner.move("accept")
    need.partners.append(partner)
    person = Person(id="p", memberships=[Membership(organisation_id=place, role=role)])
    if duty:
        need.owners.append(NeedOwner(person_id="p", duty=duty))
    sees = has_duty(person, need) or is_officer_of(person, need)
    may = (may_edit_need(person, need), may_publish_need(person, need), may_withdraw_need(person, need))
    assert (sees, *may, acts_for_need(person, need)) == RIGHTS[place, role, duty]
    partner.move("leave")
    if place == "agency" and not duty:
        assert (is_officer_of(person, need), acts_for_need(person, need)) == (False, True)


def test_who_works_for_a_provider_joins_for_no_department(world: Thing) -> None:
    with transaction():
        buyer = here(world.buyer)
        make.join(buyer, make.supplier(), STAFF)
        assert policy.may_join(buyer, queries.get_need(world.need.id)) is False
        with pytest.raises(NotAllowed):
            asked(world)


@pytest.mark.parametrize(("who", "duty"), [("buyer", DRAFTS), ("officer", READS)])
def test_who_asked_gets_a_duty_that_leaves_officers_free_to_review(world: Thing, who: str, duty: str) -> None:
    person = getattr(world, who)
    with transaction():
        need = joined(world, person).need
        assert {owner.duty for owner in need.owners if owner.person_id == person.id} == {duty}
        with pytest.raises(Conflict, match="leads"):
            needs.add_owner(need, here(person), PUBLISHES, by=here(world.author))


def test_rules_in_sql_say_the_same_as_the_predicates(world: Thing) -> None:
    with transaction():
        partner = joined(world)
        need = partner.need
        people = [world.author, world.buyer, world.officer]
        assert {each.id for each in people} <= buying_side_of(need)
        assert need.id in {each.id for each in queries.needs_of(here(world.officer))}
        assert session().scalars(page_of_responses(here(world.officer))).all() == []
        commands.leave_need(partner, reason="Done.", by=here(world.buyer))
        session().flush()
        assert {each.id for each in people} <= buying_side_of(need)
        assert queries.needs_of(here(world.officer)) == []


def test_an_officer_of_a_partner_approves(world: Thing) -> None:
    with transaction():
        need = joined(world).need
        make_need.look_first(need, COMMITTED, by=here(world.author))
        needs.move_rung(need, COMMITTED, reason="Now.", by=here(world.author), approved_by=here(world.officer))
        assert need.rung == COMMITTED


def test_a_joint_need_is_found_and_told_under_each_department(world: Thing) -> None:
    with transaction():
        need = joined(world).need
        found = document(need)
        assert found is not None
        assert found.facets["department"] == [world.ministry.id, world.agency.id]
        assert "Agency of Roads" in found.names
        session().flush()
        told = release(need, [])
        assert [(each["name"], each["roles"]) for each in told["parties"]] == [
            ("Ministry of Data", ["buyer"]),
            ("Agency of Roads", ["funder"]),
        ]


def test_the_whole_way_on_pages(browser: Browse, world: Thing) -> None:
    page = browser(world.buyer).get(f"/needs/{world.need.id}").follow("Departments").follow("Ask to join")
    wrong = page.submit("Ask to join", low_pence="9", high_pence="1")
    assert wrong.errors == ["Enter a reason", "The highest amount must not be below the lowest amount"][:1]
    page = page.submit("Ask to join", reason="We have it too.", low_pence="10", high_pence="50", approved="True")
    assert "Asks to join" in page.text
    assert "Asks to join" not in browser().get(f"/needs/{world.need.id}").text
    desk = browser(world.author).get("/desk")
    page = desk.follow(f"Agency of Roads asks to join: {world.need.title}").submit("Accept Agency of Roads")
    assert "Holds the need" in page.text
    shown = browser().get(f"/needs/{world.need.id}").text
    assert "Ministry of Data and Agency of Roads" in shown
    assert "Share of Agency of Roads" in shown
    page = (
        browser(world.officer).get(f"/needs/{world.need.id}/departments").follow("Change the money of Agency of Roads")
    )
    page = page.submit("Publish the amendment", high_pence="70", reason="We found more.")
    assert "£70" in page.text
    page = page.follow("Leave the need").submit("Leave the need", reason="We buy it ourselves.")
    assert "Agency of Roads leaves: We buy it ourselves." in page.text


def test_a_refusal_is_told_to_who_asked(browser: Browse, world: Thing) -> None:
    with transaction():
        asked(world)
    page = browser(world.author).get(f"/needs/{world.need.id}/departments").follow("Decline Agency of Roads")
    page.submit("Decline", note="Ours is for hospitals alone.")
    assert "Ours is for hospitals alone." in browser(world.buyer).get(f"/needs/{world.need.id}/departments").text
    assert browser().get(f"/needs/{world.need.id}/departments").h1 == "Sign in"


def test_addresses_of_another_need_lead_nowhere(browser: Browse, world: Thing) -> None:
    with transaction():
        partner = asked(world)
        other = make_need.live_need(session().get_one(Organisation, world.ministry.id), by=here(world.author))
        stranger = make.officer(make.department())
    for act in ("accept", "decline", "take-back", "leave", "money"):
        path = f"/needs/{other.id}/departments/{partner.id}/{act}"
        assert browser(world.author).post(path).status == 404
        assert browser(stranger).post(path.replace(other.id, world.need.id)).status == 404
    with transaction():
        states = select(NeedPartner.state).where(NeedPartner.id == partner.id)
        assert session().scalar(states) == "asked"


def test_money_that_moves_near_the_deadline_says_who_can_give_more_time(browser: Browse, world: Thing) -> None:
    with transaction():
        need = joined(world).need
        make_need.move(need, OPEN, by=here(world.author))
        partner = need.joined[0]
    path = f"/needs/{world.need.id}/departments/{partner.id}/money"
    page = browser(world.buyer).get(path).submit("Publish the amendment", high_pence="60", reason="More.")
    assert "can give them more time" not in page.text
    with transaction():
        queries.get_need(world.need.id).deadline_at = clock.now() + timedelta(days=3, hours=1)
    page = browser(world.buyer).get(path).submit("Publish the amendment", high_pence="70", reason="More still.")
    assert "Suppliers have 3 days left. Ministry of Data can give them more time." in page.text
