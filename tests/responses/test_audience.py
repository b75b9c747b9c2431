"""Who is outside a need's audience is refused politely, and told who is inside and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.accounts.models import Person
from app.home.queries import desk
from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import IllegalMove
from app.needs import commands as needs
from app.needs.models import Need
from app.needs.queries import get_need
from app.providers.commands import retire_profile
from app.providers.models import Provider
from app.providers.queries import get_provider, live_profiles_of
from app.responses import commands, queries
from app.responses.models import SUBMITTED
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.providers import make as make_provider
from tests.responses import make as make_response

pytestmark = pytest.mark.usefixtures("app")
Browse = Callable[..., Browser]
NOTE = "Only they hold the licence."


@dataclass
class World:
    """A need below open and an open one for Harbour Ltd alone, and staff of it and of a rival."""

    early: Need
    need: Need
    inside: Provider
    outside: Provider
    staff: Person
    rival: Person


@pytest.fixture
def world(app: object) -> World:
    with transaction():
        inside, outside = make_response.provider("Harbour Ltd"), make_response.provider("Quay Ltd")
        limited: dict[str, Any] = {
            "audience": "invited",
            "audience_reason": "exclusive_rights",
            "audience_note": NOTE,
            "invited_organisations": [inside.organisation],
        }
        ministry = make.department("Ministry of Tides")
        early = make_need.live_need(ministry, title="Shape the harbours", **limited)
        need = make_need.open_need(department=ministry, title="Move the tide tables", **limited)
        people = make_response.staff(inside, "Ina"), make_response.staff(outside, "Otto")
    return World(early, need, inside, outside, *people)


FREE = date(2027, 6, 1)


def again(world: World, who: str) -> tuple[Need, Need, Provider, Person]:
    provider = get_provider({"inside": world.inside, "outside": world.outside}[who].id)
    person = session().get_one(Person, {"inside": world.staff, "outside": world.rival}[who].id)
    return get_need(world.early.id), get_need(world.need.id), provider, person


@pytest.mark.parametrize("verb", ["register_interest", "start_response"])
@pytest.mark.parametrize("who", ["inside", "outside"])
def test_the_commands_take_those_inside_alone(world: World, who: str, verb: str) -> None:
    def act() -> object:
        early, need, provider, person = again(world, who)
        if verb == "start_response":
            return commands.start_response(need, provider, by=person)
        return commands.register_interest(early, provider, people=2, from_on=FREE, by=person)

    with transaction():
        if who == "inside":
            act()
        else:
            with pytest.raises(IllegalMove, match=r"Quay Ltd cannot take part in this need\. Who can: invited"):
                act()


def test_interest_of_before_a_limit_can_be_withdrawn_but_not_changed(world: World, browser: Browse) -> None:
    with transaction():
        need = make_need.live_need(title="Open at first")
        interest = make_response.interest(need, of=get_provider(world.outside.id), by=world.rival)
        content = {
            "audience": "invited",
            "audience_reason": "security",
            "audience_note": NOTE,
            "invited_organisations": [world.inside.organisation_id],
        }
        needs.amend_need(need, "audience", content, reason="It is secret.", by=need.owners[0].person)
        with pytest.raises(IllegalMove, match="cannot take part"):
            commands.change_interest(interest, people=9, from_on=FREE, by=world.rival)
    page = browser(world.rival).get(f"/needs/{need.id}/interest", status=200)
    assert "You registered interest before the need was limited." in page.text
    page.submit("Yes, withdraw your interest")
    with reading():
        assert queries.interests_in(get_need(need.id)) == []


@pytest.mark.parametrize("path", ["interest", "respond"])
def test_the_page_says_who_can_take_part_and_why(world: World, browser: Browse, path: str) -> None:
    need = world.early if path == "interest" else world.need
    page = browser(world.rival).get(f"/needs/{need.id}/{path}", status=200)
    assert page.h1 == "Not everybody can take part"
    for words in ("Invited organisations only", "exclusive rights", NOTE, "1 organisation"):
        assert words in page.text
    assert "Harbour Ltd" not in page.text
    assert browser(world.staff).get(f"/needs/{need.id}/{path}").h1 != page.h1


def test_a_start_that_is_posted_from_outside_starts_nothing(world: World, browser: Browse) -> None:
    page = browser(world.rival).post(f"/needs/{world.need.id}/respond", provider=world.outside.id, status=403)
    assert page.h1 == "Not everybody can take part"
    posted = {"people": "4", "from_on-day": "1", "from_on-month": "6", "from_on-year": "2027", "version": "0"}
    browser(world.rival).post(f"/needs/{world.early.id}/interest", status=403, **posted)
    with reading():
        assert queries.find_response(world.need, world.outside) is None
        assert queries.find_interest(world.early, world.outside) is None


def test_who_speaks_for_two_starts_for_the_one_inside(world: World, browser: Browse) -> None:
    with transaction():
        both = make.person("Both")
        make.join(both, world.inside.organisation, "supplier_staff")
        make.join(both, world.outside.organisation, "supplier_staff")
    early = browser(both).get(f"/needs/{world.early.id}/interest", status=200)
    assert "You speak for Harbour Ltd." in early.text
    other = browser(both).get(f"/needs/{world.early.id}/interest?provider={world.outside.id}", status=200)
    assert other.h1 == "Not everybody can take part"
    page = browser(both).get(f"/needs/{world.need.id}/respond", status=200)
    assert "Start the response of Harbour Ltd" in page.buttons()
    assert "Start the response of Quay Ltd" not in page.buttons()
    assert "Quay Ltd cannot take part" in page.text


def test_who_lost_the_capability_cannot_submit_or_resume_but_can_withdraw(app: object) -> None:
    with transaction():
        provider = make_response.provider()
        by = make_response.staff(provider)
        named = make_need.capability("Tide tables")
        profile = make_provider.live_profile(provider, title="Tides", capabilities=[named])
        need = make_need.open_need(audience="capabilities", audience_capabilities=[named])
        draft = make_response.draft(need, of=provider, by=by)
        other = next(each for each in live_profiles_of(provider) if each.id != profile.id)
        make_response.write(draft, by=by, profile=other)
        retire_profile(profile, by=by)
        with pytest.raises(IllegalMove, match="Who can: any of Tide tables"):
            commands.submit_response(draft, by=by)
        assert draft.state == "draft"
        commands.withdraw_response(draft, by=by)
        with pytest.raises(IllegalMove, match="Who can: any of Tide tables"):
            commands.resume_response(draft, by=by)
        assert draft.state == "withdrawn"


def test_what_was_submitted_from_inside_stands(app: object) -> None:
    with transaction():
        provider = make_response.provider()
        by = make_response.staff(provider)
        named = make_need.capability("Tide tables")
        profile = make_provider.live_profile(provider, title="Tides", capabilities=[named])
        need = make_need.open_need(audience="capabilities", audience_capabilities=[named])
        other = next(each for each in live_profiles_of(provider) if each.id != profile.id)
        sent = make_response.submitted(need, of=provider, by=by, profile=other)
        retire_profile(profile, by=by)
        session().flush()
        assert (sent.state, queries.count_received(need)) == (SUBMITTED, 1)


# The desk of the invited


def waits(person: Person) -> list[str]:
    with reading():
        sections = desk(session().get_one(Person, person.id), clock.now())
        return sorted(t.text for section in sections for t in section.things if t.group == "Invitations")


def test_the_invited_find_it_on_their_desk_until_they_take_it_up(world: World) -> None:
    early, late = (
        f"You can take part, and not everybody can: {each}" for each in ("Shape the harbours", "Move the tide tables")
    )
    assert waits(world.staff) == sorted([early, late])
    assert waits(world.rival) == []
    with transaction():
        first, _, provider, person = again(world, "inside")
        make_response.interest(first, of=provider, by=person)
    assert waits(world.staff) == [late]
    with transaction():
        _, need, provider, person = again(world, "inside")
        make_response.started(need, of=provider, by=person)
    assert waits(world.staff) == []


def test_nobody_of_the_buying_side_finds_it_on_their_desk(world: World) -> None:
    with transaction():
        both = make.staff(world.inside.organisation, "Both sides")
        make.join(both, world.need.department, "buyer")
    assert waits(both) == []
