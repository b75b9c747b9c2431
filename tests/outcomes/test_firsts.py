"""The page of what is looked at first: live candidates from a real index, what is kept of them, who sees what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import STAFF, Person
from app.kernel import clock, search
from app.kernel.db import reading, session, transaction
from app.needs.commands import add_owner
from app.needs.firsts.choices import IN_HOUSE, NEIGHBOURS, QUESTIONS, REUSE
from app.needs.firsts.models import FirstAnswer
from app.needs.firsts.queries import answers_of
from app.needs.models import COMMITTED, OPEN, PUBLISHES, SHAPING, Need
from app.needs.queries import get_need
from app.outcomes.firsts.queries import MOST, offered_to
from app.outcomes.models import Partnership
from app.providers.models import SolutionProfile
from tests import make
from tests.browser import Browser, Page
from tests.matching.make import profile
from tests.needs import make as make_need
from tests.outcomes import make as make_outcome
from tests.outcomes.statements import statements
from tests.reviews import make as make_review

Browse = Callable[..., Browser]
SAVE = "Save your answers"


@dataclass
class World:
    """A committed draft with an owner; finished work, a neighbour's need and an in-house team that are like it."""

    draft: Need
    owner: Person
    second: Person
    work: Partnership
    neighbour: Need
    team: SolutionProfile

    @property
    def path(self) -> str:
        return f"/needs/{self.draft.id}/first"


@pytest.fixture
def world(app: object) -> World:
    with transaction():
        agency = make.department("Agency for Wards")
        work = make_outcome.settled(department=agency, title="Old patient records in one place")
        neighbour = make_need.live_need(agency, rung=SHAPING, title="Patient records for wards")
        team = profile("Records Team", "Data engineering", organisation=make.team(agency, "Records Team"))
        profile("Supplier of all", "Data engineering", "Cloud hosting")
        draft = make_need.complete_draft(make.department("Ministry"), rung=COMMITTED, title="Patient records")
        owner = draft.author
        second = next(each.person for each in draft.owners if each.person is not owner)
        return World(draft, owner, second, work, neighbour, team)


def answers(need: Need) -> dict[str, FirstAnswer]:
    with reading():
        return {each.question: each for each in answers_of(get_need(need.id))}


def said(world: World) -> dict[str, tuple[str, str, str]]:
    return {key: (row.answer, row.reason, row.chosen) for key, row in answers(world.draft).items()}


def cards(page: Page) -> list[str]:
    """The candidates on a page, by title."""
    found = [card for card in page.root.iter("li") if card.get("class") == "clarion-card"]
    return ["".join(next(card.iter("a")).itertext()) for card in found]


def token(page: Page) -> str:
    return next(e.get("value", "") for e in page.root.iter("input") if e.get("name") == "seen")


def test_the_page_shows_live_candidates_for_each_question(browser: Browse, world: World) -> None:
    page = browser(world.owner).get(world.path, 200)
    assert cards(page) == ["Old patient records in one place", "Patient records for wards", "Records Team"]
    assert "Delivered, as both sides recorded" in page.text
    assert "Seconds to open: 1 now, wanted 5: reached" in page.text
    assert "Agency for Wards with" in page.text
    assert "Words in common: records" in page.text
    assert page.text.count("Both ask for: Cloud hosting, Data engineering") == 2
    assert "Shaping" in page.text
    assert "In-house team of Agency for Wards" in page.text
    assert "Covered, as it says itself: Move 2 million records without loss" in page.text
    assert "Not covered: Host the records in two regions" in page.text
    assert "Supplier of all" not in page.text
    for text, path in (
        ("Old patient records in one place", f"/partnerships/{world.work.id}"),
        ("Patient records for wards", f"/needs/{world.neighbour.id}"),
        ("Records Team", f"/providers/{world.team.provider_id}"),
    ):
        assert page.links()[text] == path


def test_each_question_is_kept_by_itself_and_the_page_says_what_is_missing(browser: Browse, world: World) -> None:
    page = browser(world.owner).get(world.path, 200)
    assert "Still to answer" in page.text
    chosen = f"partnership:{world.work.id}"
    page = page.submit(SAVE, reuse_answer="adapt", reuse_chosen=chosen, reuse_reason="With our own forms.")
    assert page.status == 200
    assert said(world) == {REUSE: ("adapt", "With our own forms.", chosen)}
    missing = page.text.partition("Still to answer")[2].partition("Reuse first")[0]
    assert "Neighbours first" in missing
    assert "In-house first" in missing
    page = page.submit(SAVE, neighbours_answer="follow", neighbours_chosen=f"need:{world.neighbour.id}")
    page = page.submit(SAVE, in_house_answer="cannot", in_house_reason="They are busy until May.")
    assert "All three questions are answered." in page.text
    assert said(world) == {
        REUSE: ("adapt", "With our own forms.", chosen),
        NEIGHBOURS: ("follow", "", f"need:{world.neighbour.id}"),
        IN_HOUSE: ("cannot", "They are busy until May.", ""),
    }
    page = page.submit(
        SAVE, neighbours_answer="different", neighbours_chosen="none-of-these", neighbours_reason="Ours."
    )
    assert said(world)[NEIGHBOURS] == ("different", "Ours.", "")


def test_what_was_shown_is_kept_though_the_world_moves_on(browser: Browse, world: World) -> None:
    page = browser(world.owner).get(world.path, 200)
    with transaction():
        need = get_need(world.neighbour.id)
        make_need.write(need, title="Something about bridges", summary="Bridges.", problem="Rust.", requirements=[])
        need.rung = "exploring"
        row = session().get_one(SolutionProfile, world.team.id)
        row.approach = "Something else by now."
    search.catch_up()
    chosen = f"need:{world.neighbour.id}"
    page.submit(SAVE, neighbours_answer="join", neighbours_chosen=chosen, in_house_answer="can", in_house_reason="Yes.")
    kept = answers(world.draft)
    assert [(each.name, each.title, each.whose) for each in kept[NEIGHBOURS].shown] == [
        (chosen, "Patient records for wards", "Agency for Wards")
    ]
    assert kept[NEIGHBOURS].shown[0].facts == (
        "Both ask for: Cloud hosting, Data engineering",
        "Shaping",
        "No deadline yet",
    )
    assert kept[NEIGHBOURS].chosen_one == kept[NEIGHBOURS].shown[0]
    assert kept[IN_HOUSE].shown[0].facts[0] == "Covered, as it says itself: Move 2 million records without loss"
    for each in (kept[NEIGHBOURS], kept[IN_HOUSE]):
        assert all(text in page.text for shown in each.shown for text in (shown.title, shown.whose, *shown.facts))


def test_what_was_typed_is_never_lost(browser: Browse, world: World) -> None:
    page = browser(world.owner).get(world.path, 200)
    assert page.submit(SAVE).errors == ["Answer at least one question"]
    page = page.submit(SAVE, reuse_answer="none", neighbours_reason="Only words.", in_house_reason="x" * 2_001)
    assert page.status == 422
    assert page.errors == ["The reason must be 2,000 characters or fewer"]
    page = page.submit(SAVE, in_house_reason="Long enough.")
    assert page.errors == [
        "Say why: none fits",
        "Select an answer: Do other departments need the same?",
        "Select an answer: Could an in-house team do it?",
    ]
    assert said(world) == {}
    page = page.submit(SAVE, reuse_reason="Too old.", neighbours_answer="different", in_house_answer="partly")
    assert said(world) == {
        REUSE: ("none", "Too old.", ""),
        NEIGHBOURS: ("different", "Only words.", ""),
        IN_HOUSE: ("partly", "Long enough.", ""),
    }


@pytest.mark.parametrize("chosen", ["need:000000000000", "provider:x", "' OR 1=1 --", "need:", "<b>x</b>"])
def test_a_choice_that_was_not_shown_is_refused(browser: Browse, world: World, chosen: str) -> None:
    page = browser(world.owner).get(world.path, 200)
    refused = page.submit(SAVE, neighbours_answer="join", neighbours_chosen=chosen, neighbours_reason="Because.")
    assert refused.status == 422
    assert refused.errors == ["Select from the list"]
    assert said(world) == {}


def test_what_another_person_or_need_was_shown_is_refused(browser: Browse, world: World) -> None:
    page = browser(world.owner).get(world.path, 200)
    with transaction():
        other = make_need.complete_draft(world.draft.department, by=world.owner, rung=COMMITTED)
        colleague = make.buyer(get_need(world.draft.id).department)
        add_owner(get_need(world.draft.id), colleague, PUBLISHES, by=world.owner)
    tokens = [
        token(browser(world.owner).get(f"/needs/{other.id}/first", 200)),
        token(browser(colleague).get(world.path, 200)),
        *("", "x" * 500, "eyJ9.bad.token"),
    ]
    for each in tokens:
        refused = page.submit(SAVE, reuse_answer="none", reuse_reason="Kept as typed.", seen=each)
        assert refused.status == 422
        assert refused.errors[0].startswith("This page was open for too long.")
        assert "Kept as typed." in refused.body
        assert said(world) == {}
    assert refused.submit(SAVE).status == 200
    assert said(world) == {REUSE: ("none", "Kept as typed.", "")}


def test_a_colleagues_answer_is_not_overwritten_unseen(browser: Browse, world: World) -> None:
    mine = browser(world.owner).get(world.path, 200)
    theirs = browser(world.second).get(world.path, 200)
    mine.submit(SAVE, reuse_answer="none", reuse_reason="Mine.")
    refused = theirs.submit(SAVE, reuse_answer="none", reuse_reason="Theirs.")
    # neither had an answer when the pages were shown
    assert refused.status == 422
    assert refused.errors[0].startswith("Somebody else changed this")
    assert said(world) == {REUSE: ("none", "Mine.", "")}
    assert refused.submit(SAVE).status == 200
    assert said(world) == {REUSE: ("none", "Theirs.", "")}
    untouched = mine.submit(SAVE, neighbours_answer="different", neighbours_reason="Another matter.")
    assert untouched.status == 200


def test_others_do_not_answer(browser: Browse, world: World) -> None:
    with transaction():
        ministry = get_need(world.draft.id).department
        officer, colleague, elsewhere = make.officer(ministry), make.buyer(ministry), make.buyer(make.department())
        live = make_need.live_need(rung=SHAPING)
    browser(officer).get(world.path, 403)
    browser(officer).post(world.path, 403, reuse_answer="none")
    for person in (colleague, elsewhere):
        browser(person).get(world.path, 404)
    browser().get(world.path, 404)
    assert browser().get(f"/needs/{live.id}/first").h1 == "Sign in"
    browser(elsewhere).post(f"/needs/{live.id}/first", 403, reuse_answer="none")
    browser(world.owner).get("/needs/000000000000/first", 404)


def test_who_works_for_a_provider_is_shown_no_teams_and_does_not_answer_on_them(browser: Browse, world: World) -> None:
    with transaction():
        person = session().merge(world.owner)
        make.join(person, session().merge(world.team.provider.organisation), STAFF)
    page = browser(person).get(world.path, 200)
    assert cards(page) == ["Old patient records in one place", "Patient records for wards"]
    assert "You work for a provider." in page.text
    assert "Records Team" not in page.text
    page = page.submit(SAVE, reuse_answer="none", reuse_reason="Old.", in_house_answer="can", in_house_reason="We can!")
    assert said(world) == {REUSE: ("none", "Old.", "")}
    browser(world.second).get(world.path, 200).submit(SAVE, in_house_answer="cannot", in_house_reason="Busy.")
    shown = browser(person).get(f"/needs/{world.draft.id}", 200)
    assert "Busy." in shown.text
    assert "Records Team" not in shown.text


def test_once_a_need_is_open_its_answers_stand(browser: Browse, world: World) -> None:
    with transaction():
        need = make_need.open_need()
        owner = need.owners[0].person
        make_need.look_first(get_need(world.draft.id), OPEN, by=world.owner)
    page = browser(world.owner).get(world.path, 200)
    assert browser(owner).get(f"/needs/{need.id}/first", 200).path == f"/needs/{need.id}"
    with transaction():
        draft = get_need(world.draft.id)
        draft.rung = OPEN
        make_need.publish(draft, by=world.owner)
    assert page.submit(SAVE, reuse_answer="none", reuse_reason="Late.").status == 409
    assert "Late." not in str(said(world))


def test_only_needs_of_others_that_take_part_are_neighbours(browser: Browse, world: World) -> None:
    with transaction():
        ministry = get_need(world.draft.id).department
        make_need.live_need(ministry, title="Our own patient records")
        make_need.withdrawn_need(title="Withdrawn patient records")
        make_need.complete_draft(title="Drafted patient records")
        over = make_need.open_need(title="Closed patient records")
        make_review.pass_deadline(over)
        for number in range(MOST + 2):
            make_need.live_need(title=f"More patient records {number}", deadline=clock.now() + timedelta(days=40))
    shown = cards(browser(world.owner).get(world.path, 200))
    neighbours = [title for title in shown if title not in ("Old patient records in one place", "Records Team")]
    assert len(neighbours) == MOST
    assert [title for title in neighbours if not title.startswith(("More patient", "Patient records for wards"))] == []


def test_what_only_shares_a_few_words_is_no_candidate(browser: Browse, world: World) -> None:
    with transaction():
        rails = make_need.capability("Rails", "Land")
        said = {"problem": "Rust.", "users": "Riders.", "done_already": "Nothing."}
        asked = [make_need.requirement("Lay tracks", capabilities=[rails])]
        others = {
            **said,
            "requirements": asked,
            "supplied_today": "Nobody.",
            "summary": "Patient records of rails.",
            "capabilities": [rails],
        }
        make_need.write(make_need.live_need(title="Records of rails"), **others)
        make_need.write(make_outcome.settled(title="Records of old rails").need, **others)
    shown = cards(browser(world.owner).get(world.path, 200))
    assert shown == ["Old patient records in one place", "Patient records for wards", "Records Team"]


def test_work_that_nobody_spoke_of_is_told_as_bought_before_and_only_of_others(browser: Browse, world: World) -> None:
    with transaction():
        ministry = get_need(world.draft.id).department
        make_outcome.running(make_need.open_need(title="Bought patient records"))
        make_outcome.running(make_need.open_need(department=ministry, title="Ours: bought patient records"))
    shown = browser(world.owner).get(world.path, 200)
    assert cards(shown)[:2] == ["Old patient records in one place", "Bought patient records"]
    assert "Ours: bought" not in shown.text
    assert "Bought before. Nobody recorded on Clarion how it went." in shown.text


def test_no_more_than_five_teams_and_of_any_department(browser: Browse, world: World) -> None:
    with transaction():
        ministry = session().merge(world.draft.department)
        for number in range(MOST + 2):
            profile(f"Team {number}", "Data engineering", organisation=make.team(ministry, f"Team {number}"))
        closed = make.team(ministry, "Closed team")
        profile("Closed team", "Data engineering", organisation=closed)
        closed.closed_at = clock.now()
    page = browser(world.owner).get(world.path, 200)
    teams = [title for title in cards(page) if "Team" in title]
    assert len(teams) == MOST
    assert "Closed team" not in page.text
    assert f"In-house team of {world.draft.department.name}" in page.text


def test_nothing_found_and_no_index_are_said_plainly(browser: Browse, app: object) -> None:
    with transaction():
        draft = make_need.complete_draft(rung=OPEN)
        owner = draft.owners[0].person
    with reading():
        offered = offered_to(session().get_one(Person, owner.id), get_need(draft.id))
        assert [(key, each.is_ready, each.candidates) for key, each in offered.items()] == [
            (key, False, ()) for key in QUESTIONS
        ]
    client = browser(owner)
    early = Page(client, "/", client.client.get(f"/needs/{draft.id}/first"))
    assert early.text.count("The search is being made ready") == 3
    page = client.get(f"/needs/{draft.id}/first", 200)
    assert page.text.count("Nothing like this was found.") + page.text.count("The search is being made ready") == 3
    assert "Finished work for needs that overlap with this one" in page.text
    page = page.submit(SAVE, reuse_answer="none", reuse_reason="Nothing there.")
    assert [(each.answer, each.shown) for each in answers(draft).values()] == [("none", [])]


def test_the_draft_and_the_publish_page_name_the_step(browser: Browse, world: World) -> None:
    owner = browser(world.owner)
    page = owner.get(f"/needs/{world.draft.id}/edit", 200)
    assert page.links()["Reuse, neighbours and in-house first"] == world.path
    before = owner.get(f"/needs/{world.draft.id}/publish", 200)
    assert "Reuse, neighbours and in-house first Not started" in before.text
    said_all = {f"{key}_answer": QUESTIONS[key].answers[-1].key for key in QUESTIONS}
    reasons = {f"{key}_reason": "Because." for key in QUESTIONS}
    done = owner.get(world.path, 200).submit(SAVE, {**said_all, **reasons})
    assert done.status == 200
    after = owner.get(f"/needs/{world.draft.id}/publish", 200)
    assert "Reuse, neighbours and in-house first Completed" in after.text


def test_answers_are_read_on_the_needs_page_and_in_review(browser: Browse, world: World) -> None:
    chosen = {
        "neighbours_chosen": f"need:{world.neighbour.id}",
        "in_house_chosen": f"provider:{world.team.provider_id}",
    }
    firsts = {"reuse_answer": "none", "reuse_reason": "All of it is for paper."}
    others = {"neighbours_answer": "follow", "in_house_answer": "partly", "in_house_reason": "They know records."}
    browser(world.owner).get(world.path, 200).submit(SAVE, {**firsts, **others, **chosen})
    address = f"/needs/{world.draft.id}"
    assert "All of it is for paper." in browser(world.owner).get(address, 200).text
    with transaction():
        need = get_need(world.draft.id)
        need.rung = OPEN
        make_need.publish(need, by=world.owner)
        officer = make.officer(need.department)
        colleague = make.buyer(need.department)
    for reader in (browser(), browser(colleague)):
        public = reader.get(address, 200)
        assert "All of it is for paper." in public.text
        assert "They know records." in public.text
        assert public.links()["Patient records for wards"] == f"/needs/{world.neighbour.id}"
        assert "Old patient records in one place" not in public.body
        assert "Records Team" not in public.body
        assert "What was shown" not in public.text
    sealed = browser(officer).get(f"{address}/review", 200)
    for page in (browser(officer).get(address, 200), sealed, _opened(browser, world, officer)):
        for text in ("All of it is for paper.", "Old patient records in one place", "Records Team", "What was shown"):
            assert text in page.text, (page.path, text)


def _opened(browser: Browse, world: World, officer: Person) -> Page:
    with transaction():
        make_review.pass_deadline(get_need(world.draft.id))
    browser(officer).get(f"/needs/{world.draft.id}/review", 200).submit("Open all responses")
    return browser(officer).get(f"/needs/{world.draft.id}/review", 200)


def test_the_page_takes_as_many_statements_for_five_as_for_one(browser: Browse, world: World) -> None:
    reader = browser(world.owner)
    once = statements(reader, world.path)
    with transaction():
        for number in range(4):
            agency = make.department()
            make_outcome.settled(department=agency, title=f"Patient records {number}")
            make_need.live_need(agency, title=f"Live patient records {number}")
            team = make.team(agency, f"Team {number}")
            profile(f"Team {number}", "Data engineering", organisation=team)
    assert statements(reader, world.path) == once
    with reading():
        assert session().scalars(select(FirstAnswer).where(FirstAnswer.need_id == world.draft.id)).all() == []
