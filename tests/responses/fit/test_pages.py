"""The page “Is it worth answering?”: what it shows, to whom, and nothing of anybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models import OFFICER, STAFF
from app.kernel import clock, search
from app.kernel.db import reading, session, transaction
from app.needs.models import CLOSED, CONCLUDED, INVITED, LIVE, WITH_CAPABILITIES, WITHDRAWN, Need
from app.needs.queries import get_need
from app.providers.models import Provider
from app.providers.queries import get_provider
from app.responses.commands import register_interest
from app.responses.fit.queries import answers_drawn, find_fit, told_results
from app.responses.interest.commands import ask_for_conversation
from tests import make
from tests.browser import Browser, bare, text_of
from tests.needs import make as make_need
from tests.providers import make as make_provider
from tests.responses import make as make_response
from tests.responses.conftest import World, statements
from tests.reviews import make as make_review

Browse = Callable[..., Browser]
CANARY = "quokkazephyr"
PRICE = 123_456_789


def able(world: World, **facts: Any) -> None:
    """Have the world's provider publish a profile that can do what the open need asks for."""
    provider = get_provider(world.provider.id)
    held = [make_need.capability(), make_need.capability("Cloud hosting", "Infrastructure")]
    fitting = {"places": ["london", "wales"], "capabilities": held, "title": "Records moved", "price_unit": "a month"}
    make_provider.live_profile(provider, by=world.staff, **{**fitting, **facts})


def fit_page(browser: Browse, world: World, need: Need | None = None) -> Any:
    return browser(world.staff).get(f"/needs/{(need or world.need).id}/fit", 200)


def answer(page: Any) -> str:
    """The plain answer that heads the page."""
    return next((text_of(each) for each in page.root.iter("h2") if each.get("id") == "verdict"), "")


def test_a_need_that_fits_is_worth_answering_and_says_why(browser: Browse, world: World) -> None:
    with transaction():
        able(world)
    page = browser(world.staff).get(f"/needs/{world.need.id}").follow("Worth answering?")
    assert page.h1 == "Is it worth answering?"
    assert answer(page) == "Worth answering"
    for said in (
        "Must-haves: What you show speaks to all 2 must-haves.",
        "Constraints: You meet all 3 constraints.",
        "Price: At your lowest price, £650 a month, 26 weeks cost £3,900 for one, within the need’s £250,000.",
        "Time: 13 whole days left until the deadline.",
        "Your results: You have no results on such needs yet. That counts neither for nor against you.",
        "Nothing that the need asks for is missing from what you show.",
    ):
        assert said in page.text
    assert [row[1] for row in page.rows() if row[1] in ("Stated", "Missing")] == ["Stated"] * 3


def test_what_is_missing_is_named_with_where_it_is_mended(browser: Browse, world: World) -> None:
    with transaction():
        provider = get_provider(world.provider.id)
        make_provider.evidence(provider, title="Regions of Wales", capabilities=[make_need.capability()])
        old = clock.today() - timedelta(days=6 * 366)
        cloud = [make_need.capability("Cloud hosting", "Infrastructure")]
        make_provider.evidence(provider, title="Old clouds", capabilities=cloud, finished_on=old)
    page = fit_page(browser, world)
    assert answer(page) == "Probably not"
    rows = {row[0]: row[1] for row in page.rows() if len(row) == 2}
    fitting = "Your evidence “Regions of Wales” fits. Show it in your profile."
    assert rows["Move 2 million records without loss"].startswith(fitting)
    assert rows["Host the records in two regions"].startswith("Your evidence “Old clouds” expired on ")
    links = set(page.links().values())
    profile = provider_profile(world)
    assert f"/profiles/{profile}/edit/evidence" in links
    assert f"/providers/{world.provider.id}/evidence/new" in links
    for link in sorted(each for each in links if each.startswith(("/profiles/", "/providers/"))):
        browser(world.staff).get(link, 200)


CONSTRAINTS: list[tuple[dict[str, Any], str, str]] = [
    ({"clearance": "sc"}, "Security clearance: Security check (SC)", "If you meet this, say so in your profile."),
    ({"audience": INVITED}, "Audience: ", "Only the organisations that the department invited can take part."),
    ({"audience": WITH_CAPABILITIES}, "Audience: ", "If you have one of these capabilities, say so in your profile."),
]


@pytest.mark.parametrize(("fields", "missing", "advice"), CONSTRAINTS)
def test_a_constraint_that_is_not_met_says_what_to_do(
    browser: Browse, world: World, fields: dict[str, Any], missing: str, advice: str
) -> None:
    with transaction():
        able(world)
        need = make_need.open_need()
        for name, value in fields.items():
            setattr(need, name, value)
        need.audience_capabilities = [make_need.capability("Bridges", "Building")]
    page = fit_page(browser, world, need)
    told = [row for row in page.rows() if len(row) == 2 and row[0].startswith(missing)]
    assert [row[1].startswith(advice) for row in told] == [True]
    assert answer(page) == ("Probably not" if "audience" in fields else "Look closely")


def provider_profile(world: World) -> str:
    with reading():
        provider = get_provider(world.provider.id)
        found = find_fit(get_need(world.need.id), provider, world.staff)
        assert found is not None
        return str(found.fitting.profile.id)


def test_who_has_no_published_profile_is_told_what_to_do(browser: Browse, world: World) -> None:
    with transaction():
        bare_provider = make_provider.provider(make.supplier("New Ltd"))
        newcomer = make.staff(bare_provider.organisation)
    page = browser(newcomer).get(f"/needs/{world.need.id}/fit", 200)
    assert "You have no published solution profile" in page.text
    page.follow("Your profiles")


SEES = {"staff", "lead", "rival_staff", "team_staff"}


@pytest.mark.parametrize("role", ["author", "buyer", "officer", "elsewhere", "operator", "both", *sorted(SEES)])
def test_who_sees_the_page(browser: Browse, world: World, role: str) -> None:
    path = f"/needs/{world.need.id}/fit"
    browser(world.people[role]).get(path, 200 if role in SEES else 403)
    shows_tab = "Worth answering?" in browser(world.people[role]).get(f"/needs/{world.need.id}").links()
    assert shows_tab == (role in SEES)


def test_nobody_is_asked_to_sign_in_first(browser: Browse, world: World) -> None:
    assert browser().get(f"/needs/{world.need.id}/fit").h1 == "Sign in"


@pytest.mark.parametrize("state", [LIVE, CLOSED, CONCLUDED, WITHDRAWN])
def test_a_need_that_is_over_gets_no_verdict(browser: Browse, world: World, state: str) -> None:
    with transaction():
        need = make_need.need_in(state)
    page = fit_page(browser, world, need)
    assert ("This need takes no answers any more." in page.text) == (state != LIVE)
    assert bool(answer(page)) == (state == LIVE)
    assert "Requirement by requirement" in page.text


def test_every_rung_has_the_page(browser: Browse, world: World) -> None:
    for rung in ("horizon", "exploring", "shaping", "committed"):
        with transaction():
            need = make_need.live_need(rung=rung)
        assert "Not open yet" in fit_page(browser, world, need).text


def test_of_several_providers_one_is_chosen_by_name(browser: Browse, world: World) -> None:
    with transaction():
        make.join(world.staff, world.team.organisation, STAFF)
    page = fit_page(browser, world)
    other = page.follow(world.team.name)
    assert f"For {world.team.name}." in other.text
    browser(world.staff).get(f"/needs/{world.need.id}/fit?provider={world.rival.id}", 404)


# What such needs drew


def concluded(count: int, **fields: Any) -> Need:
    """A concluded need that so many answered."""
    need = make_need.open_need(**fields)
    make_response.submitted_many(need, count)
    make_review.notified(need)
    return need


def drawn(need: Need) -> tuple[int, float, int, int] | None:
    search.catch_up()
    with reading():
        found = answers_drawn(get_need(need.id))
        return (found.needs, found.middle, found.least, found.most) if found else None


def test_the_number_of_answers_is_said_of_five_concluded_needs_and_not_of_four(world: World) -> None:
    for count in (1, 2, 0, 3):
        with transaction():
            concluded(count) if count else make_need.concluded_need()
    assert drawn(world.need) is None
    with transaction():
        concluded(2)
    assert drawn(world.need) == (5, 2, 0, 3)


def test_needs_under_way_from_elsewhere_and_about_other_things_do_not_count(world: World) -> None:
    bridges = make_need.requirement
    with transaction():
        for _ in range(5):
            make_need.concluded_need()
        make_response.submitted_many(make_need.open_need(), 2)
        opened = make_need.open_need()
        make_response.submitted_many(opened, 2)
        make_review.opened(opened)
        imported = make_need.concluded_need()
        imported.source = "dos:1"
        about = make_need.capability("Bridges", "Building")
        concluded(2, requirements=[bridges("Mend a bridge", weight=70, capabilities=[about])], capabilities=[about])
    assert drawn(world.need) == (5, 0, 0, 0)


def test_drafts_and_withdrawn_answers_are_no_answers(world: World) -> None:
    with transaction():
        for _ in range(5):
            need = make_need.open_need()
            make_response.draft(need)
            make_response.withdrawn(need)
            make_response.submitted(need)
            make_review.notified(need)
    assert drawn(world.need) == (5, 1, 1, 1)


# The provider's own results


def test_own_results_are_those_that_were_told_on_such_needs(browser: Browse, world: World) -> None:
    with transaction():
        provider, rival = get_provider(world.provider.id), get_provider(world.rival.id)
        won, lost, sealed = (make_need.open_need(title=title) for title in ("Won", "Lost", "Not told"))
        for need in (won, lost, sealed):
            response = make_response.submitted(need, of=provider, by=world.staff)
            if need is won:
                make_review.notified(need, winners={response: 5_000_00})
            elif need is lost:
                make_review.notified(need)
            else:
                make_review.decided(need)
        theirs = make_need.open_need(title="Of a rival")
        make_review.notified(theirs, winners={make_response.submitted(theirs, of=rival): 1_00})
    with reading():
        found = told_results(get_need(world.need.id), get_provider(world.provider.id), world.staff)
        assert {(each.need.title, each.state) for each in found} == {("Won", "awarded"), ("Lost", "not_awarded")}
    page = fit_page(browser, world)
    assert "You won 1 of 2 such needs that you answered." in page.text
    assert {"Won", "Lost"} <= set(page.links())
    assert "Not told" not in page.text
    assert "Of a rival" not in page.text


def test_who_bought_a_need_does_not_read_there_what_their_provider_answered(world: World) -> None:
    with transaction():
        need = make_need.open_need(title="Bought")
        response = make_response.submitted(need, of=get_provider(world.provider.id), by=world.lead)
        make.join(world.staff, need.department, OFFICER)
        make_review.notified(need, winners={response: 5_000_00})
        own = told_results(get_need(world.need.id), get_provider(world.provider.id), world.staff)
        theirs = told_results(get_need(world.need.id), get_provider(world.provider.id), world.lead)
        assert (own, [each.need.title for each in theirs]) == ([], ["Bought"])


# Nothing of anybody else


def plant(world: World) -> None:
    """Have rivals say the canary wherever they can, on the open need, on the early one and on one like them."""
    data = [make_need.capability()]
    provider = get_provider(world.rival.id)
    make_provider.live_profile(
        provider, title=CANARY, approach=CANARY, low_pence=PRICE, high_pence=PRICE, capabilities=data
    )
    make_provider.evidence(provider, title=CANARY, text=CANARY, client=CANARY, result=CANARY, capabilities=data)
    for need in (get_need(world.need.id), make_need.open_need()):
        make_response.submitted(need, of=provider, by=world.rival_staff, words=CANARY, price_pence=PRICE)
        make_response.submitted(need, words=CANARY, price_pence=PRICE)
        make_response.draft(need, words=CANARY)
    early = get_need(world.early.id)
    register_interest(early, provider, people=77, from_on=clock.today(), note=CANARY, by=world.rival_staff)
    ask_for_conversation(early, provider, about=CANARY, by=world.rival_staff)


@pytest.mark.parametrize("which", ["need", "early"])
def test_the_page_is_the_same_whatever_rivals_say_and_send(browser: Browse, world: World, which: str) -> None:
    need: Need = getattr(world, which)
    with transaction():
        able(world)
    before = fit_page(browser, world, need)
    with transaction():
        plant(world)
    search.catch_up()
    after = fit_page(browser, world, need)
    assert CANARY not in after.body
    assert without_time(after.body) == without_time(before.body)


def without_time(body: str) -> str:
    return bare(body).replace("12 whole days", "13 whole days")


def test_the_sweep_sees_a_planted_leak(browser: Browse, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault of a candidate's page: it speaks for the best of all providers rather than for one's own."""
    with transaction():
        able(world)
        plant(world)
    rival: list[Provider] = [world.rival]
    monkeypatch.setattr("app.responses.fit.views._chosen", lambda *_: session().merge(rival[0]))
    assert CANARY in browser(world.staff).get(f"/needs/{world.need.id}/fit").body


def test_the_page_costs_the_same_statements_for_more_of_everything(browser: Browse, world: World) -> None:
    def cost() -> int:
        browser(world.staff).get(f"/needs/{world.need.id}/fit")
        with statements() as sent:
            fit_page(browser, world)
        return len(sent)

    with transaction():
        able(world)
        first = make_need.open_need()
        make_response.submitted(first, of=get_provider(world.provider.id), by=world.staff)
        make_review.notified(first)
    one = cost()
    with transaction():
        able(world)
        able(world)
        for _ in range(2):
            need = make_need.open_need()
            make_response.submitted(need, of=get_provider(world.provider.id), by=world.staff)
            make_provider.evidence(get_provider(world.provider.id), capabilities=[make_need.capability()])
            make_review.notified(need)
    assert cost() == one
