"""Pages of responses, as their own staff go through them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.responses import commands, queries
from app.responses.models import DRAFT, SUBMITTED, WITHDRAWN, Interest, Response
from tests.browser import Browser
from tests.responses import make as make_response
from tests.responses.conftest import World, statements

Browse = Callable[..., Browser]
DAY = {"available_from-day": "1", "available_from-month": "6", "available_from-year": "2027"}


def only_response() -> Response:
    with reading():
        return session().query(Response).one()


def path_of(response: Response, rest: str = "") -> str:
    return f"/responses/{response.id}{rest}"


def profile_id(world: World) -> str:
    with reading():
        return queries.live_profiles_of(world.provider)[0].id


@pytest.fixture
def drafted(world: World) -> Response:
    """A draft that could be submitted."""
    with transaction():
        return make_response.draft(world.need, of=world.provider, by=world.staff)


@pytest.fixture
def sealed(world: World) -> Response:
    """A submitted response."""
    with transaction():
        return make_response.submitted(world.need, of=world.provider, by=world.staff)


def test_a_supplier_answers_requirement_by_requirement(browser: Browse, world: World) -> None:
    supplier = browser(world.staff)
    page = supplier.get(f"/needs/{world.need.id}/respond").submit("Start the response of Harbour Ltd")
    assert page.h1 == "Your response"
    assert page.text.count("Answer needed") == 2
    page = page.follow("Profile, price and start")
    page = page.submit(
        "Save and continue", {"profile": profile_id(world), "price_pence": "180,000", **DAY}, summary="We move it."
    )
    for number in (1, 2):
        page = page.follow(next(text for text in page.links() if text.startswith(f"{number}. ")))
        page = page.submit("Save and continue", text=f"Our answer {number}")
    page = page.follow("Check and submit").submit("Submit response")
    assert "Submitted: receipt 1." in page.text
    assert "Sealed" in page.text or "sealed" in page.text
    assert only_response().state == SUBMITTED
    receipt = page.follow("Receipt 1")
    assert "This receipt holds" in receipt.text


def test_evidence_is_picked_from_the_own_evidence(browser: Browse, world: World, drafted: Response) -> None:
    page = browser(world.staff).get(path_of(drafted, "/edit")).follow("1. Move 2 million records without loss")
    assert "Catch records on paper" in page.text
    page.submit("Save and continue", evidence=[])
    with reading():
        response = queries.get_own_response(drafted.id, world.staff)
        answer = response.answer_to(response.need.requirements[0])
        assert answer is not None
        assert answer.evidence == []


def test_a_draft_saves_unfinished_and_the_check_links_to_what_is_missing(browser: Browse, world: World) -> None:
    with transaction():
        response = make_response.started(world.need, of=world.provider, by=world.staff)
    page = browser(world.staff).get(path_of(response, "/edit/offer")).submit("Save and continue", summary="Only this.")
    assert page.status == 200
    page = page.follow("Check and submit")
    assert page.errors == [
        "Select the solution profile that you answer with",
        "Enter your price",
        "Answer requirement 1, which is a must-have",
        "Answer requirement 2, which is a must-have",
    ]
    assert "Submit response" not in page.buttons()
    assert page.follow("Enter your price").h1 == "Profile, price and start"
    assert page.follow("Answer requirement 2, which is a must-have").h1 == "Requirement 2 of 3"
    refused = page.browser.post(path_of(response, "/submit"), seen="x", status=422)
    assert refused.errors == page.errors
    assert only_response().state == DRAFT


BAD_OFFERS = [
    ({"price_pence": "lots"}, "The price must be an amount in pounds, like 1,250 or 1250.50"),
    ({"price_pence": "-5"}, "The price must not be less than £0"),
    ({"price_pence": "9" * 400}, "The price must be an amount in pounds, like 1,250 or 1250.50"),
    (
        {"available_from-day": "31", "available_from-month": "2", "available_from-year": "2027"},
        "The start date must be a real date",
    ),
    ({"summary": "word " * 301}, "Your offer in short must be 300 words or fewer"),
    ({"profile": "of-another"}, "Select from the list"),
    ({"profile": "\0"}, "Select from the list"),
]


def test_a_bad_offer_is_refused_and_kept(browser: Browse, world: World, drafted: Response) -> None:
    for fields, error in BAD_OFFERS:
        typed = {"summary": "Kept words", **fields}
        page = browser(world.staff).get(path_of(drafted, "/edit/offer")).submit("Save and continue", typed)
        assert (page.status, page.errors) == (422, [error])
        if "summary" not in fields:
            assert "Kept words" in page.body


HOSTILE: list[dict[str, object]] = [
    {"text": "\0\x07\u202e"},
    {"text": "a" * 200_000},
    {"evidence": "nobody's"},
    {"evidence": ["x"] * 3000},
    {"version": "9" * 40},
    {"version": "-1"},
    {"version": ""},
    {"press": "<b>"},
    {"text": "<script>alert(1)</script>{{ 7*7 }}"},
]


def test_hostile_answers_meet_a_sentence(browser: Browse, world: World, drafted: Response) -> None:
    path = path_of(drafted, f"/edit/{world.need.requirements[0].id}")
    for fields in HOSTILE:
        page = browser(world.staff).get(path).submit("Save and continue", dict(fields.items()))
        assert page.status in (200, 409, 422), str(fields)[:80]
        assert "<script>alert" not in page.body


def test_another_suppliers_evidence_and_profile_cannot_be_used(
    browser: Browse, world: World, drafted: Response
) -> None:
    with reading():
        theirs = queries.live_profiles_of(world.rival)[0]
        evidence = queries.evidence_of(world.rival, world.rival_staff)[0]
    page = browser(world.staff).get(path_of(drafted, "/edit/offer")).submit("Save and continue", profile=theirs.id)
    assert (page.status, page.errors) == (422, ["Select from the list"])
    answer = browser(world.staff).get(path_of(drafted, f"/edit/{world.need.requirements[0].id}"))
    assert answer.submit("Save and continue", evidence=[evidence.id]).errors == ["Select from the list"]


def test_a_colleagues_save_is_shown_beside_what_was_typed(browser: Browse, world: World, drafted: Response) -> None:
    path = path_of(drafted, f"/edit/{world.need.requirements[0].id}")
    mine, theirs = browser(world.staff).get(path), browser(world.lead).get(path)
    assert theirs.submit("Save and continue", text="What the lead wrote").status == 200
    page = mine.submit("Save and continue", text="What I wrote")
    assert page.status == 409
    assert "What the lead wrote" in page.text
    assert "What I wrote" in page.body
    assert "theirs is shown beside yours" in page.errors[0]
    assert page.submit("Save and continue").status == 200
    with reading():
        response = queries.get_own_response(drafted.id, world.staff)
        assert [a.text for a in response.answers if a.requirement_id == world.need.requirements[0].id] == [
            "What I wrote"
        ]


def test_colleagues_on_different_requirements_do_not_meet(browser: Browse, world: World, drafted: Response) -> None:
    pages = [
        browser(person).get(path_of(drafted, f"/edit/{requirement.id}"))
        for person, requirement in zip((world.staff, world.lead), world.need.requirements, strict=False)
    ]
    assert [page.submit("Save and continue", text="Anew").status for page in pages] == [200, 200]


def test_the_same_words_saved_twice_are_no_clash(browser: Browse, world: World, drafted: Response) -> None:
    path = path_of(drafted, "/edit/offer")
    first, second = browser(world.staff).get(path), browser(world.lead).get(path)
    assert first.submit("Save and continue", summary="The same").status == 200
    assert second.submit("Save and continue", summary="The same").status == 200


def test_a_late_save_keeps_what_was_typed(browser: Browse, world: World, drafted: Response) -> None:
    page = browser(world.staff).get(path_of(drafted, "/edit/offer"))
    assert world.need.deadline_at is not None
    with clock.at(world.need.deadline_at):
        late = page.submit("Save and continue", summary="Words at the deadline itself")
    assert late.status == 409
    assert late.errors[0].startswith("The deadline has passed: it was ")
    assert "Words at the deadline itself" in late.body
    with reading():
        assert queries.get_own_response(drafted.id, world.staff).summary != "Words at the deadline itself"


def test_a_late_submission_is_refused_and_the_draft_stays(browser: Browse, world: World, drafted: Response) -> None:
    page = browser(world.staff).get(path_of(drafted, "/check"))
    assert world.need.deadline_at is not None
    with clock.at(world.need.deadline_at):
        late = page.submit("Submit response")
        assert late.status == 409
        assert "The deadline has passed" in late.text
        assert "This draft was not submitted" in browser(world.staff).get(path_of(drafted, "/edit")).text
    with clock.at(world.need.deadline_at - timedelta(microseconds=1)):
        assert page.submit("Submit response").status == 200
    assert only_response().state == SUBMITTED


def test_what_is_submitted_is_what_was_shown(browser: Browse, world: World, drafted: Response) -> None:
    check = browser(world.staff).get(path_of(drafted, "/check"))
    browser(world.lead).get(path_of(drafted, "/edit/offer")).submit("Save and continue", price_pence="1")
    page = check.submit("Submit response")
    assert page.status == 409
    assert only_response().state == DRAFT
    assert page.submit("Submit response").status == 200
    assert only_response().state == SUBMITTED


def test_changing_a_submitted_response_is_strict_and_gives_a_new_receipt(
    browser: Browse, world: World, sealed: Response
) -> None:
    page = browser(world.staff).get(path_of(sealed, "/edit/offer"))
    refused = page.submit("Save and submit again", price_pence="")
    assert (refused.status, refused.errors) == (422, ["Enter your price"])
    done = refused.submit("Save and submit again", price_pence="170,000")
    assert "Submitted again: receipt 2." in done.text
    answer = browser(world.staff).get(path_of(sealed, f"/edit/{world.need.requirements[0].id}"))
    assert answer.submit("Save and submit again", text=" ").errors == [
        "Enter your answer: this requirement is a must-have"
    ]
    unchanged = browser(world.staff).get(path_of(sealed, "/edit/offer")).submit("Save and submit again")
    assert "Nothing was different" in unchanged.text
    with reading():
        assert [receipt.number for receipt in queries.receipts_of(sealed)] == [2, 1]


def test_a_draft_page_does_not_change_what_a_colleague_submitted(
    browser: Browse, world: World, drafted: Response
) -> None:
    page = browser(world.staff).get(path_of(drafted, f"/edit/{world.need.requirements[0].id}"))
    with transaction():
        commands.submit_response(queries.get_own_response(drafted.id, world.lead), by=world.lead)
    clash = page.submit("Save and continue", text="Written meanwhile")
    assert clash.status == 409
    assert "Written meanwhile" in clash.body
    assert "receipt 2" in clash.submit("Save and submit again").text


def test_withdraw_and_resume(browser: Browse, world: World, sealed: Response) -> None:
    page = browser(world.staff).get(path_of(sealed)).submit("Yes, withdraw this response")
    assert only_response().state == WITHDRAWN
    page = page.submit("Go on with this response")
    assert only_response().state == DRAFT
    assert "We do this. Answer 1." in page.follow("1. Move 2 million records without loss").body


def test_a_second_start_leads_to_the_first(browser: Browse, world: World, drafted: Response) -> None:
    page = browser(world.lead).get(f"/needs/{world.need.id}/respond")
    assert page.path == path_of(drafted, "/edit")
    again = browser(world.lead).post(f"/needs/{world.need.id}/respond", provider=world.provider.id)
    assert again.path == path_of(drafted, "/edit")


def test_a_profile_that_changed_after_submission_is_pointed_out(
    browser: Browse, world: World, sealed: Response
) -> None:
    from app.providers.commands import change_profile
    from app.providers.queries import get_visible_profile

    with transaction():
        change_profile(
            get_visible_profile(profile_id_of(sealed), world.staff), approach="In another way.", by=world.staff
        )
    page = browser(world.staff).get(path_of(sealed))
    assert "changed after you submitted" in page.text
    done = page.follow("See it as it would be now").submit("Submit again")
    assert "Submitted: receipt 2." in done.text
    assert "changed after you submitted" not in done.text


def profile_id_of(response: Response) -> str:
    assert response.profile_id is not None
    return response.profile_id


def test_interest_is_registered_changed_and_withdrawn(browser: Browse, world: World) -> None:
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest")
    when = {"from_on-day": "1", "from_on-month": "6", "from_on-year": "2027"}
    page = page.submit("Register interest", {"people": "4", **when}, note="We know tides.")
    assert "4 people" in page.text
    seen = browser(world.officer).get(f"/needs/{world.early.id}/interests")
    assert [row[:3] for row in seen.rows() if row[0] == "Harbour Ltd"] == [["Harbour Ltd", "4", "1 Jun 2027"]]
    assert "5 people" in page.submit("Change your interest", people="5").text
    page = browser(world.staff).get(f"/needs/{world.early.id}/interest").submit("Yes, withdraw your interest")
    with reading():
        assert session().query(Interest).count() == 0
    assert browser(world.officer).get(f"/needs/{world.early.id}/interests").rows() == []


def test_two_colleagues_registering_interest_clash_with_both_shown(browser: Browse, world: World) -> None:
    path = f"/needs/{world.early.id}/interest"
    when = {"from_on-day": "1", "from_on-month": "6", "from_on-year": "2027"}
    mine, theirs = browser(world.staff).get(path), browser(world.lead).get(path)
    theirs.submit("Register interest", {"people": "9", **when})
    page = mine.submit("Register interest", {"people": "2", **when})
    assert page.status == 409
    assert "9 people" in page.text
    assert 'value="2"' in page.body
    assert page.submit("Change your interest").status == 200


@pytest.mark.parametrize("people", ["", "0", "-3", "many", "1" * 50, "2.5"])
def test_bad_capacity_is_refused_and_kept(browser: Browse, world: World, people: str) -> None:
    page = (
        browser(world.staff)
        .get(f"/needs/{world.early.id}/interest")
        .submit("Register interest", people=people, note="Kept")
    )
    assert page.status == 422
    assert "Kept" in page.body
    assert len(page.errors) == 2


def test_my_responses_cost_the_same_queries_for_one_and_for_three(browser: Browse, world: World) -> None:
    from tests.needs import make as make_need

    counts = []
    for more in (1, 2):
        with transaction():
            for _ in range(more):
                make_response.submitted(make_need.open_need(), of=world.provider, by=world.staff)
        client = browser(world.staff)
        client.get("/responses")
        with statements() as sent:
            client.get("/responses")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_somebody_without_a_provider_page_is_shown_where_to_begin(browser: Browse, world: World) -> None:
    from tests import make

    with transaction():
        newcomer = make.lead(make.supplier("New Ltd"))
    page = browser(newcomer).get(f"/needs/{world.need.id}/respond")
    assert page.h1 == "You have no provider page yet"
