"""Every role against every verb and state of interest and responses."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.accounts.models import Membership, Person
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.needs import commands as needs
from app.needs.models import Need
from app.responses import policy, queries
from app.responses.models import Response
from tests import make
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.conftest import World
from tests.reviews import make as make_review

ROLES = (
    "author",
    "buyer",
    "officer",
    "elsewhere",
    "operator",
    "staff",
    "lead",
    "rival_staff",
    "team_staff",
    "both",
    None,
)
OWN = {"staff", "lead"}


def asking(world: World, role: str | None) -> object:
    return world.people[role] if role else None


def who(world: World, answer: object) -> set[str | None]:
    """The roles for which a predicate says yes."""
    return {role for role in ROLES if answer(asking(world, role))}  # type: ignore[operator]


@pytest.fixture
def inside(world: World) -> Iterator[World]:
    with transaction():
        for row in (world.need, world.early, world.provider, world.rival, world.team):
            session().add(row)
        yield world


def test_who_may_respond_for_a_provider(inside: World) -> None:
    assert who(inside, lambda person: policy.may_respond(person, inside.need, inside.provider)) == OWN
    assert who(inside, lambda person: policy.may_respond(person, inside.need, inside.rival)) == {"rival_staff"}


def test_the_departments_own_team_may_respond_through_people_without_a_role_there(inside: World) -> None:
    assert who(inside, lambda person: policy.may_respond(person, inside.need, inside.team)) == {"team_staff"}


def test_nobody_may_respond_at_the_deadline_itself(world: World) -> None:
    assert world.need.deadline_at is not None
    with clock.at(world.need.deadline_at), reading():
        need = session().get_one(Need, world.need.id)
        assert who(world, lambda person: policy.may_respond(person, need, world.provider)) == set()


@pytest.mark.parametrize("rung", ["horizon", "exploring", "shaping", "committed"])
def test_below_open_interest_is_registered_and_nothing_submitted(inside: World, rung: str) -> None:
    need = make_need.live_need(inside.need.department, by=inside.author, rung=rung)
    assert who(inside, lambda person: policy.may_register_interest(person, need, inside.provider)) == OWN
    assert who(inside, lambda person: policy.may_respond(person, need, inside.provider)) == set()


@pytest.mark.parametrize("state", ["draft", "closed", "concluded", "withdrawn"])
def test_a_need_that_is_not_live_takes_neither(inside: World, state: str) -> None:
    need = make_need.need_in(state, inside.need.department, by=inside.author)
    assert who(inside, lambda person: policy.may_register_interest(person, need, inside.provider)) == set()
    assert who(inside, lambda person: policy.may_respond(person, need, inside.provider)) == set()


def test_an_open_need_takes_no_interest(inside: World) -> None:
    assert who(inside, lambda person: policy.may_register_interest(person, inside.need, inside.provider)) == set()


def test_who_reads_interests(inside: World) -> None:
    assert who(inside, lambda person: policy.may_read_interests(person, inside.early)) == {"author", "officer"}


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn", "opened", "awarded", "not_awarded"])
def test_only_the_own_staff_reads_a_response_in_any_state(inside: World, state: str) -> None:
    response = response_in(inside, state)
    assert who(inside, lambda person: policy.may_read_response(person, response)) == OWN


@pytest.mark.parametrize(
    ("state", "change", "resume"),
    [
        ("draft", OWN, set()),
        ("submitted", OWN, set()),
        ("withdrawn", set(), OWN),
        ("opened", set(), set()),
        ("awarded", set(), set()),
    ],
)
def test_who_changes_a_response(inside: World, state: str, change: set[str], resume: set[str]) -> None:
    response = response_in(inside, state)
    assert who(inside, lambda person: policy.may_change_response(person, response)) == change
    assert who(inside, lambda person: policy.may_withdraw_response(person, response)) == change
    assert who(inside, lambda person: policy.may_resume_response(person, response)) == resume


def response_in(world: World, state: str) -> Response:
    of = {"of": world.provider, "by": world.staff}
    if state in ("draft", "withdrawn"):
        return {"draft": make_response.draft, "withdrawn": make_response.withdrawn}[state](world.need, **of)  # type: ignore[operator,no-any-return]
    response = make_response.submitted(world.need, **of)
    if state == "opened":
        make_review.opened(world.need, by=world.officer)
    elif state != "submitted":
        make_review.decided(world.need, winners={response: 100} if state == "awarded" else {}, by=world.officer)
    return response


def test_a_duty_for_the_need_bars_from_answering_it_for_anyone(inside: World) -> None:
    needs.add_owner(inside.need, inside.buyer, "read", by=inside.author)
    make.join(inside.buyer, inside.provider.organisation, "supplier_staff")
    assert not policy.may_respond(inside.buyer, inside.need, inside.provider)
    assert queries.speakers_for(inside.buyer, inside.need) == []


def test_a_leaver_reads_nothing_any_more(inside: World) -> None:
    response = make_response.draft(inside.need, of=inside.provider, by=inside.staff)
    assert policy.may_read_response(inside.staff, response)
    membership = session().query(Membership).filter_by(person_id=inside.staff.id).one()
    membership.left_at = clock.now()
    session().flush()
    leaver = session().get_one(Person, inside.staff.id, populate_existing=True)
    session().refresh(leaver, ["memberships"])
    assert not policy.may_read_response(leaver, response)


@pytest.mark.parametrize(
    ("predicate", "finds"),
    [
        (policy.may_find_response, {"staff", "lead", "rival_staff", "team_staff"}),
        (policy.may_come_to_respond, {"staff", "lead", "rival_staff", "team_staff"}),
        (policy.may_find_interest, set()),
    ],
)
def test_who_finds_the_tabs_of_an_open_need(inside: World, predicate: object, finds: set[str]) -> None:
    assert who(inside, lambda person: predicate(person, inside.need)) == finds  # type: ignore[operator]


def test_who_left_the_department_stays_on_its_side_of_the_needs_of_that_time(inside: World) -> None:
    leaver = session().get_one(Person, inside.officer.id)
    make.leave(leaver, inside.need.department)
    make.join(leaver, inside.provider.organisation, "supplier_staff")
    response = make_response.draft(inside.need, of=inside.provider, by=inside.staff)
    assert not policy.may_respond(leaver, inside.need, inside.provider)
    assert not policy.may_read_response(leaver, response)
    assert session().scalars(queries.page_of_responses(leaver)).all() == []
    later = make_need.open_need(department=inside.need.department, by=inside.author)
    later.created_at = clock.now() + timedelta(minutes=1)
    other = make_response.draft(later, of=inside.provider, by=inside.staff)
    assert policy.may_respond(leaver, later, inside.provider)
    assert session().scalars(queries.page_of_responses(leaver)).all() == [other]
