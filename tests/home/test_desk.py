"""The desk: what awaits each role, what comes first, and what to do when nothing does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models import Person
from app.accounts.queries import get_organisation, get_person
from app.home import policy, queries
from app.kernel import clock, jobs, notices
from app.kernel.db import reading, session, transaction
from app.matching.models import INVITE, MatchDecision
from app.needs.queries import get_need
from app.providers.queries import get_provider, live_profiles_of
from tests import make
from tests.browser import Browser
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.providers import make as make_provider
from tests.responses import make as make_response
from tests.reviews import make as make_review

Browse = Callable[..., Browser]


def desk_of(person: Person) -> dict[str, list[str]]:
    """The desk's parts and the lines in each."""
    with reading():
        return {part.title: [each.text for each in part.things] for part in queries.desk(person, clock.now())}


def test_every_rooms_awaiting_is_shown(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        buyer, officer = make.buyer(ministry), make.officer(ministry)
        provider = make_response.provider()
        lead = make.lead(provider.organisation)
        make.claim(make.person("Cleo Claimant"), provider.organisation)
        other = make.supplier("Other Ltd")
        make.invitation(other, lead.email, "supplier_staff", by=make.lead(other))
        make_need.draft_need(ministry, by=buyer, title="Draft need")
        make_provider.draft_profile(provider, title="Draft profile")
        invited = make_need.open_need(department=ministry, title="Invited need")
        decision = MatchDecision(need=invited, profile=live_profiles_of(provider)[0], verb=INVITE, score_milli=1)
        decision.reasons, decision.index_version, decision.decided_by, decision.decided_at = (
            [],
            "1",
            officer,
            clock.now(),
        )
        session().add(decision)
        session().flush()
        notices.post("match.invited", subject=decision)
        make_response.draft(make_need.open_need(title="Answered need"), of=provider, by=lead)
        closed = make_need.open_need(department=ministry, title="Closed need")
        make_review.pass_deadline(closed)
        make_outcome.agreed(make_need.open_need(department=ministry, by=buyer, title="Won need"), of=provider)
    while jobs.run_due():
        pass
    lines = browser(lead).get("/desk").links()
    for text in (
        "Answer Cleo Claimant’s request to join " + provider.name,
        "Answer the invitation to Other Ltd",
        "Finish the solution profile “Draft profile”",
        "You were invited: Invited need",
        "Finish and submit your response: Answered need",
        "Read the feedback on your response: Won need",
    ):
        assert text in lines
    assert any(text.startswith("Read ") and "notification" in text for text in lines)
    assert {"Finish your draft: Draft need", "Start the partnership: Won need"} <= set(
        browser(buyer).get("/desk").links()
    )
    assert "Open the responses: Closed need" in browser(officer).get("/desk").links()


def test_what_is_due_comes_first_and_what_can_wait_last(store: object) -> None:
    with transaction():
        provider = make_response.provider()
        staff = make_response.staff(provider)
        make_provider.draft_profile(provider, title="Some day")
        for days, title in ((9, "Later"), (2, "Sooner"), (60, "Far")):
            deadline = clock.now() + timedelta(days=days)
            make_response.draft(make_need.open_need(deadline, title=title), of=provider, by=staff)
    response = "Finish and submit your response: "
    assert desk_of(staff) == {
        "Overdue, or due within two weeks": [f"{response}Sooner", f"{response}Later"],
        "Waiting for you": [f"{response}Far"],
        "When you have time": ["Finish the solution profile “Some day”"],
    }


def test_each_line_of_the_desk_leads_to_a_page(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        buyer, officer = make.buyer(ministry), make.officer(ministry)
        provider = make_response.provider()
        staff = make_response.staff(provider)
        make_need.draft_need(ministry, by=buyer)
        make_provider.draft_profile(provider)
        make_response.draft(make_need.open_need(), of=provider, by=staff)
        make_review.pass_deadline(make_need.open_need(department=ministry))
        make_outcome.running(make_need.open_need(department=ministry, by=buyer), of=provider)
    for person in (buyer, officer, staff):
        page = browser(person).get("/desk", 200)
        with reading():
            things = [each for part in queries.desk(person, clock.now()) for each in part.things]
        assert things
        for thing in things:
            assert page.follow(thing.text).status == 200


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("buyer", ["Post a need", "See where demand meets supply"]),
        ("officer", ["Post a need", "Look through your needs", "See where demand meets supply"]),
        ("staff", ["Describe what you offer", "Find needs", "See where demand meets supply"]),
        ("operator", ["Look after the register", "See where demand meets supply"]),
        ("nobody yet", ["Join or register a supplier", "See where demand meets supply"]),
    ],
)
def test_an_empty_desk_says_what_to_do_next(browser: Browse, role: str, steps: list[str]) -> None:
    with transaction():
        person = {
            "buyer": lambda: make.buyer(make.department()),
            "officer": lambda: make.officer(make.department()),
            "staff": lambda: make.staff(make.supplier()),
            "operator": lambda: make.operator(),
            "nobody yet": lambda: make.person(),
        }[role]()
    page = browser(person).get("/desk")
    assert "Nothing awaits you" in page.text
    assert [step.text for step in policy.next_steps(person)] == steps
    for step in steps:
        assert page.follow(step).status == 200
    for way in policy.desk_links(person):
        assert page.follow(way.text).status == 200


def test_the_desk_is_for_who_is_signed_in(browser: Browse) -> None:
    assert browser().get("/desk").h1 == "Sign in"


def test_the_desk_takes_as_many_statements_for_three_things_as_for_one(browser: Browse) -> None:
    with transaction():
        ministry = make.department()
        officer, buyer = make.officer(ministry), make.buyer(ministry)
        provider = make_response.provider()
        staff = make_response.staff(provider)
    counts = []
    for _ in range(3):
        with transaction():
            here = get_organisation(ministry.id)
            own, works = get_person(buyer.id), get_provider(provider.id)
            make_need.draft_need(here, by=own)
            make_provider.draft_profile(works)
            make_response.draft(make_need.open_need(), of=works, by=get_person(staff.id))
            make_review.pass_deadline(make_need.open_need(department=here, by=own))
            make_outcome.running(make_need.open_need(department=here, by=own), of=works)
            make_outcome.agreed(make_need.open_need(department=here, by=own))
        while jobs.run_due():
            pass
        counts.append([statements(browser(person), "/desk") for person in (officer, buyer, staff)])
    assert counts[1] == counts[2]


def test_who_left_has_an_empty_desk(store: object) -> None:
    with transaction():
        buyer = make.buyer(make.department())
        need = make_need.draft_need(buyer.organisations()[0], by=buyer)
        buyer.memberships[0].left_at = clock.now()
    with reading():
        assert get_need(need.id).owners[0].person_id == buyer.id
        assert queries.desk(get_person(buyer.id), clock.now()) == []
