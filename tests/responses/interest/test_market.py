"""The market that forms: by capability, by size, over time, and how it grew, to the buying side alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import NotAllowed
from app.needs.queries import get_need
from app.providers.models import Provider
from app.responses.commands import register_interest
from app.responses.interest.market import Month, Share, market_of
from app.responses.models import Interest
from app.responses.queries import find_interest, interests_in
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.providers import make as make_provider
from tests.responses import make as make_response
from tests.responses.conftest import World, statements
from tests.responses.interest import make as make_talk

Browse = Callable[..., Browser]
DATA, CLOUD = "Data engineering", "Cloud hosting"


def interested(
    world: World, name: str, free: int, names: tuple[str, ...], from_on: date, at: datetime, **facts: Any
) -> Interest:
    provider: Provider = make_response.provider(name)
    for key, value in facts.items():
        setattr(provider, key, value)
    need = get_need(world.early.id)
    held = [each for each in need.all_capabilities if each.name in names]
    with clock.at(at), clock.frozen():
        return register_interest(
            need, provider, people=free, from_on=from_on, capabilities=held, by=make_response.staff(provider)
        )


def filled(world: World) -> None:
    """Four providers, of which nobody covers cloud hosting."""
    may, june = date(2027, 5, 3), date(2027, 6, 30)
    march, april = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 30, 23, 30, tzinfo=UTC)
    interested(world, "One", 3, (DATA,), june, march, size="micro")
    interested(world, "Two", 5, (DATA,), may, march, size="", people=60)
    interested(world, "Three", 2, (), may, april, size="", people=None)


def test_the_market_by_capability_size_and_time(world: World) -> None:
    with transaction():
        filled(world)
        team_need = get_need(world.early.id)
        elsewhere = make_response.team_provider(make.department())
        register_interest(
            team_need, elsewhere, people=1, from_on=date(2027, 6, 1), by=make_response.staff(elsewhere)
        ).registered_at = datetime(2027, 5, 1, 12, tzinfo=UTC)
        market = market_of(team_need, interests_in(team_need))
    assert (market.providers, market.people) == (4, 11)
    assert market.capabilities == (Share(CLOUD, 0, 0), Share(DATA, 2, 8))
    assert market.uncovered == [CLOUD]
    assert market.unspecified == Share("No capability named", 2, 3)
    assert market.sizes == (
        Share("Micro (fewer than 10 people)", 1, 3),
        Share("Small (10 to 49 people)", 0, 0),
        Share("Medium (50 to 249 people)", 1, 5),
        Share("Large (250 people or more)", 0, 0),
        Share("In-house teams", 1, 1),
        Share("Size not given", 1, 2),
    )
    assert market.free == (Month("May 2027", 2, 7, 2, 7), Month("June 2027", 2, 4, 4, 11))
    # half past eleven at night in UTC is May by London's clocks
    assert market.growth == (Month("March 2027", 2, 8, 2, 8), Month("May 2027", 2, 3, 4, 11))


def test_the_market_of_nobody_is_empty(world: World) -> None:
    with reading():
        market = market_of(get_need(world.early.id), [])
    assert (market.providers, market.people, market.free, market.growth) == (0, 0, (), ())
    assert market.uncovered == [CLOUD, DATA]


def test_the_page_shows_the_market_to_the_buying_side(browser: Browse, world: World) -> None:
    with transaction():
        filled(world)
    page = browser(world.officer).get(f"/needs/{world.early.id}").follow("Interest")
    assert f"Nobody covers {CLOUD} yet." in page.text
    for row in (
        ["Two", "5", "3 May 2027", DATA, ""],
        [DATA, "2", "8"],
        [CLOUD, "0", "0"],
        ["Medium (50 to 249 people)", "1", "5"],
        ["June 2027", "3", "10"],
        ["March 2027", "2", "2", "8"],
    ):
        assert row in page.rows(), row


READS = {"author", "officer"}


@pytest.mark.parametrize(
    "role", ["author", "officer", "buyer", "elsewhere", "operator", "staff", "rival_staff", "team_staff", "both"]
)
def test_who_sees_the_market_and_who_would_like_to_talk(browser: Browse, world: World, role: str) -> None:
    with transaction():
        filled(world)
        make_talk.conversation(get_need(world.early.id), about="zanzibar")
    page = browser(world.people[role]).get(f"/needs/{world.early.id}/interests", 200 if role in READS else 403)
    assert ("The market that forms" in page.text, "zanzibar" in page.text) == (role in READS, role in READS)


def test_what_a_provider_shows_in_public_is_chosen_already(browser: Browse, world: World) -> None:
    with transaction():
        make_provider.live_profile(
            session().merge(world.provider), by=world.staff, capabilities=[make_need.capability()]
        )
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest")
    boxes = {
        each.get("value"): each.get("checked") is not None
        for each in page.root.iter("input")
        if each.get("name") == "capabilities"
    }
    assert boxes == {"data-engineering": True, "cloud-hosting": False}
    when = {"from_on-day": "1", "from_on-month": "6", "from_on-year": "2027"}
    page = page.submit("Register interest", {"people": "4", "capabilities": ["cloud-hosting"], **when})
    assert "Cloud hosting" in page.text
    page.submit("Change your interest", {"capabilities": ["cloud-hosting", "data-engineering"]})
    with reading():
        interest = find_interest(world.early, world.provider)
        assert interest is not None
        assert [each.name for each in interest.capabilities] == [CLOUD, DATA]


def test_only_what_the_need_asks_for_can_be_covered(browser: Browse, world: World) -> None:
    with transaction():
        other = make_need.capability("Bridges", "Building")
        with pytest.raises(NotAllowed):
            register_interest(
                get_need(world.early.id),
                world.provider,
                people=1,
                from_on=date(2027, 6, 1),
                capabilities=[other],
                by=world.staff,
            )
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest")
    refused = page.submit("Register interest", {"people": "4", "capabilities": ["bridges"]})
    assert "Select from the list" in refused.errors


def test_no_other_provider_sees_interest_notes_or_talks(browser: Browse, world: World) -> None:
    with transaction():
        need = get_need(world.early.id)
        provider = make_response.provider("Zanzibar Ltd")
        by = make_response.staff(provider)
        register_interest(need, provider, people=77, from_on=date(2027, 6, 1), note="zanzibar", by=by)
        make_talk.conversation(need, of=provider, by=by, about="zanzibar")
    for role in ("staff", "rival_staff", "team_staff", "operator", "elsewhere", "both"):
        client = browser(world.people[role])
        for path in ("", "/interest", "/fit", "/interests", "/questions", "/similar"):
            page = client.get(f"/needs/{world.early.id}{path}")
            assert "zanzibar" not in page.body.lower(), (role, path)


def test_the_page_costs_the_same_statements_for_one_and_for_three(browser: Browse, world: World) -> None:
    def cost() -> int:
        browser(world.officer).get(f"/needs/{world.early.id}/interests")
        with statements() as sent:
            browser(world.officer).get(f"/needs/{world.early.id}/interests", 200)
        return len(sent)

    counts = []
    for more in (1, 2):
        with transaction():
            for _ in range(more):
                need = get_need(world.early.id)
                made = make_response.interest(need)
                made.capabilities = need.all_capabilities
                make_talk.conversation(need)
        counts.append(cost())
    assert counts[0] == counts[1]
