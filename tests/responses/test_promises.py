"""Team, knowledge transfer and assets: promised by their own staff, copied into what is submitted, read once opened."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.providers.models import TeamMember
from app.responses import queries
from app.responses.checklist import sections_of
from app.responses.models import Response
from app.responses.promised import Promise, PromisedAsset, TeamPlace
from app.responses.promises import commands
from app.reviews.commands import open_responses
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World

Browse = Callable[..., Browser]
SUMMER = date(2027, 6, 1)
LEARNS = Promise("Two of your developers", "To change the tide tables", SUMMER)
ENGINE = PromisedAsset("code", "Tide engine", "MIT", SUMMER)


@pytest.fixture
def ann(world: World) -> TeamMember:
    with transaction():
        return make_response.team_member(session().merge(world.provider))


@pytest.fixture
def drafted(world: World, ann: TeamMember) -> Response:
    with transaction():
        return make_response.draft(session().merge(world.need), of=world.provider, by=world.staff)


def own(response: Response, world: World) -> Response:
    return queries.get_own_response(response.id, world.staff)


def test_a_team_is_copied_when_it_is_named(world: World, drafted: Response, ann: TeamMember) -> None:
    with transaction():
        commands.name_team(own(drafted, world), parts={ann.id: "Leads"}, by=world.staff)
    with transaction():
        session().get_one(TeamMember, ann.id).name = "Ann Elsewhere"
    with transaction():
        assert own(drafted, world).team == [TeamPlace(ann.id, "Ann Keeper", "Engineer", (), "Leads")]
        session().delete(session().get_one(TeamMember, ann.id))
    with transaction():
        response = own(drafted, world)
        commands.name_team(response, parts={ann.id: "Leads all"}, by=world.staff)
        assert [place.line for place in response.team] == ["Ann Keeper, Engineer: Leads all"]


def test_a_team_is_named_of_the_own_people_alone(world: World, drafted: Response) -> None:
    with transaction():
        stranger = make_response.team_member(session().merge(world.rival), "Rival")
        with pytest.raises(NotAllowed, match="own people"):
            commands.name_team(own(drafted, world), parts={stranger.id: ""}, by=world.staff)


def test_a_submitted_response_keeps_its_promises_whole(world: World, ann: TeamMember) -> None:
    with transaction():
        response = make_response.submitted(session().merge(world.need), of=world.provider, by=world.staff)
        half = [Promise("Your team", "", None)]
        with pytest.raises(IllegalMove, match="by when, in promise 1"):
            commands.promise_transfer(response, promises=half, knowledge_transfer="", by=world.staff)
        with pytest.raises(IllegalMove, match="date of asset 1"):
            commands.promise_assets(response, assets=[PromisedAsset("code", "It", "", None)], by=world.staff)
        with pytest.raises(Conflict, match="once"):
            commands.promise_assets(response, assets=[ENGINE, ENGINE], by=world.staff)
        receipt = commands.promise_assets(response, assets=[ENGINE], by=world.staff)
        assert receipt is not None
        assert receipt.number == 2
        assert receipt.content["assets"] == [
            {"kind": "code", "name": "Tide engine", "licence": "MIT", "released_on": "2027-06-01"}
        ]
        assert commands.promise_assets(response, assets=[ENGINE], by=world.staff) is None


def test_after_the_deadline_nothing_is_promised(world: World, drafted: Response, ann: TeamMember) -> None:
    with transaction():
        response = own(drafted, world)
        response.need.deadline_at = clock.now()
        for act in (
            lambda: commands.name_team(response, parts={ann.id: ""}, by=world.staff),
            lambda: commands.promise_transfer(response, promises=[], knowledge_transfer="", by=world.staff),
            lambda: commands.promise_assets(response, assets=[], by=world.staff),
        ):
            with pytest.raises(IllegalMove, match="deadline has passed"):
                act()


def test_team_transfer_and_assets_are_written_on_their_pages_and_read_by_officers(
    browser: Browse, world: World, drafted: Response, ann: TeamMember
) -> None:
    edit = browser(world.staff).get(f"/responses/{drafted.id}/edit")
    page = edit.follow("Team").submit("Save and continue", {"team-0-member": ann.id, "team-0-part": "Leads the move"})
    page = page.follow("Knowledge transfer").submit(
        "Save and continue",
        {
            **{"promises-0-who": "Your developers", "promises-0-what": "The tide tables"},
            **{"promises-0-by_on-day": "1", "promises-0-by_on-month": "6", "promises-0-by_on-year": "2027"},
        },
    )
    page = page.follow("What you will release").submit(
        "Save and continue",
        {
            **{"assets-0-kind": "code", "assets-0-name": "Tide engine", "assets-0-licence": "MIT"},
            **{"assets-0-released_on-day": "1", "assets-0-released_on-month": "6"},
            **{"assets-0-released_on-year": "2027"},
        },
    )
    check = page.follow("Check and submit")
    assert ["Ann Keeper", "Engineer", "", "Leads the move"] in check.rows()
    assert ["Your developers", "The tide tables", "1 Jun 2027"] in check.rows()
    assert ["Tide engine", "Code", "MIT", "1 Jun 2027"] in check.rows()
    check.submit("Submit response")
    with transaction():
        need = session().merge(world.need)
        need.deadline_at = clock.now() - timedelta(seconds=1)
        open_responses(need, by=world.officer)
    officer = browser(world.officer)
    read = officer.get(f"/received/{drafted.id}")
    assert ["Your developers", "The tide tables", "1 Jun 2027"] in read.rows()
    compare = officer.get(f"/needs/{world.need.id}/review/compare")
    assert ["Team", "Ann Keeper, Engineer: Leads the move"] in compare.rows()
    assert ["What will be released", "Tide engine (Code) under MIT, on 1 June 2027"] in compare.rows()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("{ann}", "Leads"), ("{ann}", "Tests")], "Name each person once, with all that they will do"),
        ([("", "Leads")], "Select the person whose part you wrote"),
        ([("nobody", "Leads")], "Person 1: Select from the list"),
    ],
)
def test_what_is_wrong_with_a_team_is_said_beside_it(
    browser: Browse,
    world: World,
    drafted: Response,
    ann: TeamMember,
    rows: list[tuple[str, str]],
    sentence: str,
) -> None:
    page = browser(world.staff).get(f"/responses/{drafted.id}/edit/team")
    values = {}
    for number, (member, part) in enumerate(rows):
        values |= {f"team-{number}-member": member.format(ann=ann.id), f"team-{number}-part": part}
    again = page.submit("Save and continue", values)
    assert (again.status, again.errors) == (422, [sentence])
    assert "Leads" in again.body


def test_a_provider_without_people_is_told_where_to_add_them(browser: Browse, world: World) -> None:
    with transaction():
        response = make_response.draft(session().merge(world.need), of=world.rival, by=world.rival_staff)
    page = browser(world.rival_staff).get(f"/responses/{response.id}/edit/team")
    assert "Your provider page names nobody yet." in page.text


def test_two_sections_of_one_response_do_not_clash(browser: Browse, world: World, drafted: Response) -> None:
    mine = browser(world.staff).get(f"/responses/{drafted.id}/edit/offer")
    theirs = browser(world.lead).get(f"/responses/{drafted.id}/edit/knowledge-transfer")
    assert theirs.submit("Save and continue", knowledge_transfer="In pairs.").status == 200
    assert mine.submit("Save and continue", summary="We move it.").status == 200
    with reading():
        response = own(drafted, world)
        assert (response.summary, response.knowledge_transfer) == ("We move it.", "In pairs.")


def test_a_clash_in_one_section_shows_both(browser: Browse, world: World, drafted: Response) -> None:
    path = f"/responses/{drafted.id}/edit/knowledge-transfer"
    mine, theirs = browser(world.staff).get(path), browser(world.lead).get(path)
    values = {"promises-0-who": "Their people"}
    assert theirs.submit("Save and continue", values).status == 200
    clash = mine.submit("Save and continue", {"promises-0-who": "Our people"})
    assert clash.status == 409
    assert "Their people learns nothing named" in clash.text
    assert clash.submit("Save and continue").status == 200
    with reading():
        assert [each.who for each in own(drafted, world).promises] == ["Our people"]


# The check list


def weak(response: Response, people: set[str], key: str) -> list[str]:
    found = {section.key: section.weak for section in sections_of(response, people, clock.today())}
    return found[key]


def test_the_check_list_tells_what_blocks_from_what_is_weak(world: World, ann: TeamMember) -> None:
    with transaction():
        response = make_response.started(session().merge(world.need), of=world.provider, by=world.staff)
        first, *_, last = response.need.requirements
        sections = {section.key: section for section in sections_of(response, {ann.id}, clock.today())}
        assert sections["offer"].missing == ["Select the solution profile that you answer with", "Enter your price"]
        assert sections["offer"].weak == ["Say when you could start.", "Say in short what you offer."]
        assert sections[first.id].missing == ["Answer requirement 1, which is a must-have"]
        assert sections[first.id].weak == []
        assert sections[last.id].weak == ["It is nice to have, and you do not answer it."]
        assert sections["team"].weak == ["Name who would work."]
        assert sections["transfer"].weak == ["Promise who learns what, and by when."]
        assert sections["assets"].is_ready


def test_a_price_over_the_frame_is_warned_of_and_let_through(browser: Browse, world: World) -> None:
    with transaction():
        need = session().merge(world.need)
        most = need.money[1]
        assert most is not None
        response = make_response.draft(need, of=world.provider, by=world.staff, price_pence=most)
        assert weak(response, set(), "offer") == []
        response.price_pence = most + 1
        assert weak(response, set(), "offer") == [
            "Your price is above the range that the buyers name. You can submit it."
        ]
    supplier = browser(world.staff)
    page = supplier.get(f"/responses/{response.id}/edit/offer")
    assert "The range that the buyers name is" in page.text
    assert "Your price is above the range" in page.text
    check = supplier.get(f"/responses/{response.id}/check")
    assert "Nothing is missing. What could be stronger does not stop you." in check.text
    assert "Submitted: receipt 1." in check.submit("Submit response").text


def test_evidence_that_expires_before_the_start_is_weak(world: World, drafted: Response) -> None:
    with transaction():
        response = own(drafted, world)
        requirement = response.need.requirements[0]
        answer = response.answer_to(requirement)
        assert answer is not None
        (evidence,) = answer.evidence
        assert weak(response, set(), requirement.id) == []
        response.available_from = evidence.expires_on
        assert weak(response, set(), requirement.id) == [
            f"Your evidence \u201c{evidence.title}\u201d expires before your start."
        ]


def test_who_left_and_what_is_due_too_early_is_weak(world: World, drafted: Response, ann: TeamMember) -> None:
    with transaction():
        response = own(drafted, world)
        commands.name_team(response, parts={ann.id: ""}, by=world.staff)
        assert weak(response, {ann.id}, "team") == ["Say what Ann Keeper will do."]
        assert weak(response, set(), "team") == ["Ann Keeper is not on your page any more."]
        response.available_from = SUMMER + timedelta(days=1)
        response.promises, response.assets = [LEARNS], [ENGINE]
        assert weak(response, set(), "transfer") == ["What Two of your developers learns is due before your start."]
        assert weak(response, set(), "assets") == ["Tide engine is released before your start."]
