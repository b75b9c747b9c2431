"""Pages of reviews, as officers and respondents go through them."""

from collections.abc import Callable

import pytest

from app.kernel.db import reading, session, transaction
from app.kernel.jobs import Job
from app.needs.models import CLOSED, CONCLUDED, LIVE, Need
from app.responses.models import (
    AWARDED,
    DRAFT,
    NOT_AWARDED,
    OPENED,
    SET_ASIDE,
    SHORTLISTED,
    SUBMITTED,
    WITHDRAWN,
    Response,
)
from app.reviews import commands, queries
from app.reviews.feedback.models import Feedback
from app.reviews.models import DECIDED, NOTIFIED, Award, Review
from tests import make
from tests.browser import Browser, Page
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.responses.conftest import statements
from tests.reviews import make as make_review
from tests.reviews.conftest import CANARY, Bench

Browse = Callable[..., Browser]
STRENGTHS = {"strengths": "A clear plan.", "improvements": "More evidence."}


def filled_in(response: Response, place: int) -> dict[str, str]:
    """What an officer types into the form of feedback: the third response's standing follows from nothing."""
    with reading():
        asked = session().get_one(Response, response.id).need.requirements
        bands = {f"band_{requirement.id}": "met" for requirement in asked}
    return {**STRENGTHS, **bands, **({"standing": "just_below"} if place == 2 else {})}


def states() -> list[str]:
    """The states of the three submitted responses and the two that are not to be read."""
    with reading():
        rows = session().query(Response).all()
        return [row.state for row in sorted(rows, key=lambda row: row.provider.name)]


def need_state() -> str:
    with reading():
        return session().query(Need).one().state


def review_page(browser: Browse, bench: Bench, role: str = "officer") -> Page:
    return browser(bench.people[role]).get(f"/needs/{bench.need.id}/review")


def test_before_the_deadline_the_page_shows_a_band_and_nothing_to_press(browser: Browse, sealed: Bench) -> None:
    page = review_page(browser, sealed)
    assert "Fewer than 5" in page.text
    assert "Open all responses" not in page.buttons()
    refused = page.browser.post(f"/needs/{sealed.need.id}/review/open")
    assert refused.status == 409
    assert "sealed until the deadline" in refused.text
    assert states() == [SUBMITTED] * 3 + [DRAFT, WITHDRAWN]
    assert need_state() == LIVE


def test_one_press_opens_all_that_was_submitted_and_closes_the_need(browser: Browse, due: Bench) -> None:
    page = review_page(browser, due)
    assert CANARY not in page.body
    page = page.submit("Open all responses")
    assert states() == [OPENED] * 3 + [DRAFT, WITHDRAWN]
    assert need_state() == CLOSED
    assert [row[0] for row in page.rows()[1:]] == ["Anchor Ltd", "Buoy Ltd", "Cable Ltd"]
    assert "Dock Ltd" not in page.body
    assert "Eddy Ltd" not in page.body
    again = page.browser.post(f"/needs/{due.need.id}/review/open")
    assert (again.status, "opened already" in again.text) == (409, True)


@pytest.mark.parametrize("role", ["officer", "second"])
def test_officers_open(browser: Browse, due: Bench, role: str) -> None:
    assert review_page(browser, due, role).status == 200
    assert browser(due.people[role]).post(f"/needs/{due.need.id}/review/open").status == 200


def test_who_sees_and_does_not_open(browser: Browse, due: Bench) -> None:
    found = {
        role: (review_page(browser, due, role).status, who.post(f"/needs/{due.need.id}/review/open").status)
        for role in due.people
        if (who := browser(due.people[role])) and role not in ("officer", "second")
    }
    assert found == {
        **{"author": (200, 403), "owner": (200, 403)},
        **dict.fromkeys(("buyer", "elsewhere", "operator"), (403, 403)),
        **dict.fromkeys(("both", "staff", "rival", "outsider"), (404, 404)),
    }
    assert states()[:3] == [SUBMITTED] * 3


def test_who_reads_what_was_opened(browser: Browse, opened: Bench) -> None:
    for role, person in opened.people.items():
        page = browser(person).get(f"/received/{opened.responses[0].id}")
        reads = role in ("officer", "second", "author")
        assert (role, page.status) == (role, 200 if reads else 404)
        assert (f"{CANARY}0 Answer" in page.body or f"{CANARY}0." in page.body) == reads
        for hidden in (opened.draft, opened.withdrawn):
            assert page.browser.get(f"/received/{hidden.id}").status == 404


def test_who_may_not_judge(browser: Browse, opened: Bench) -> None:
    for role, status in {"author": 403, "both": 404, "buyer": 404, "operator": 404, "staff": 404}.items():
        for act in ("shortlist", "set-aside", "feedback"):
            path = f"/received/{opened.responses[0].id}/{act}"
            answer = browser(opened.people[role]).post(path, version="1", reason="x", **STRENGTHS)
            assert (role, act, answer.status) == (role, act, status)
    assert states()[:3] == [OPENED] * 3


def test_side_by_side_shows_every_answer_under_its_requirement(browser: Browse, opened: Bench) -> None:
    page = review_page(browser, opened).follow("Read them side by side")
    rows = page.rows()
    assert [cell.split(" To be")[0] for cell in rows[0]] == ["Requirement", "Anchor Ltd", "Buoy Ltd", "Cable Ltd"]
    asked = next(row for row in rows if row[0].startswith("Host the records"))
    assert [
        f"{CANARY}{place} Answer 2" in cell or f"{CANARY}{place}" in cell for place, cell in enumerate(asked[1:])
    ] == [True] * 3
    one = browser(opened.officer).get(
        f"/needs/{opened.need.id}/review/compare?response={opened.responses[1].id}&response=%00&response=x"
    )
    assert len(one.rows()[0]) == 2


def test_the_whole_story_of_a_review(browser: Browse, opened: Bench) -> None:
    page = browser(opened.officer).get(f"/received/{opened.responses[0].id}")
    page = page.submit("Shortlist")
    assert "Shortlisted" in page.text
    page = page.follow("Next: Buoy Ltd").follow("Set aside")
    assert page.submit("Set aside").errors == ["Enter the reason why you set this response aside"]
    page = page.submit("Set aside", reason="It leaves out the second region.")
    assert states()[:3] == [SHORTLISTED, SET_ASIDE, OPENED]
    page = review_page(browser, opened).follow("Decide")
    page = page.submit(
        "Keep this decision", decision="award", winners=[opened.responses[0].id], reason="Best plan and price."
    )
    assert states()[:3] == [AWARDED, NOT_AWARDED, NOT_AWARDED]
    assert ["Anchor Ltd", "£1,234,567"] in page.rows()
    for place, name in enumerate(("Anchor Ltd", "Buoy Ltd", "Cable Ltd")):
        assert need_state() == CLOSED
        page = review_page(browser, opened).follow(f"Give feedback to {name}")
        told = filled_in(opened.responses[place], place)
        assert page.submit("Give this feedback", strengths=" ").errors == [
            *(f"Select how far requirement {number} was met" for number in (1, 2, 3)),
            "Enter what was strong",
            "Enter what would have changed the result",
            *(["Select where it stood against the line"] if place == 2 else []),
        ]
        page.submit("Give this feedback", told)
    assert need_state() == CONCLUDED
    with reading():
        assert session().query(Review).one().state == NOTIFIED
        award = session().query(Award).one()
        assert award.value_pence == 123_456_700
        assert [job.payload for job in session().query(Job).filter_by(kind="award.made")] == [{"award_id": award.id}]


def test_several_can_win_each_for_its_own_value(browser: Browse, opened: Bench) -> None:
    with transaction():
        for response in opened.responses[:2]:
            commands.shortlist_response(session().get_one(Response, response.id), by=opened.officer)
    first, second = (response.id for response in opened.responses[:2])
    page = review_page(browser, opened).follow("Decide")
    values = {f"value_{first}": "500k", f"value_{second}": ""}
    refused = page.submit(
        "Keep this decision", {"decision": "award", "winners": [first, second], "reason": "Two lots.", **values}
    )
    assert refused.errors == ["Enter the value of the award to Buoy Ltd"]
    refused.submit("Keep this decision", {f"value_{second}": "700,000"})
    with reading():
        assert sorted(award.value_pence for award in session().query(Award)) == [500_000_00, 700_000_00]


BAD_DECISIONS = [
    ({"decision": "", "reason": "x"}, "Select the decision"),
    ({"decision": "award", "reason": "x"}, "Select who is awarded"),
    ({"decision": "none", "reason": ""}, "Enter the reason for the decision"),
    ({"decision": "maybe", "reason": "x"}, "Select from the list"),
    ({"decision": "award", "winners": "nobody", "reason": "x"}, "Select from the list"),
    ({"decision": "none", "reason": "x", "seen": "\0"}, "Somebody else shortlisted or set aside"),
]


def test_a_bad_decision_is_refused(browser: Browse, opened: Bench) -> None:
    with transaction():
        commands.shortlist_response(session().get_one(Response, opened.responses[0].id), by=opened.officer)
    for fields, error in BAD_DECISIONS:
        page = review_page(browser, opened).follow("Decide").submit("Keep this decision", fields)
        assert page.status == 422
        assert page.errors[0].startswith(error), fields
        assert states()[0] == SHORTLISTED


def test_a_response_that_is_not_shortlisted_cannot_win(browser: Browse, opened: Bench) -> None:
    page = review_page(browser, opened).follow("Decide")
    refused = page.submit("Keep this decision", decision="award", winners=[opened.responses[0].id], reason="x")
    assert refused.status == 422
    assert states()[:3] == [OPENED] * 3


def test_a_decision_on_what_changed_meanwhile_is_asked_again(browser: Browse, opened: Bench) -> None:
    page = review_page(browser, opened).follow("Decide")
    with transaction():
        commands.shortlist_response(session().get_one(Response, opened.responses[2].id), by=opened.second)
    asked = page.submit("Keep this decision", decision="none", reason="Nobody meets the second requirement.")
    assert asked.status == 422
    assert "Cable Ltd" in asked.text
    assert "Nobody meets the second requirement." in asked.body
    assert states()[:3] == [OPENED, OPENED, SHORTLISTED]


def test_two_officers_judging_one_response_do_not_overwrite_each_other(browser: Browse, opened: Bench) -> None:
    path = f"/received/{opened.responses[0].id}"
    shown = browser(opened.second).get(path)
    aside = browser(opened.second).get(f"{path}/set-aside")
    browser(opened.officer).get(path).submit("Shortlist")
    assert shown.submit("Shortlist").status == 409
    page = aside.submit("Set aside", reason="Typed with care")
    assert page.status == 422
    assert "Typed with care" in page.body
    assert states()[0] == SHORTLISTED


def test_none_suitable_still_owes_everybody_feedback(browser: Browse, opened: Bench) -> None:
    page = review_page(browser, opened).follow("Decide")
    page = page.submit("Keep this decision", decision="none", reason="The plans leave out one region.")
    assert states()[:3] == [NOT_AWARDED] * 3
    assert need_state() == CLOSED
    with transaction():
        make_review.give_all_feedback(session().get_one(Need, opened.need.id), by=opened.officer)
    assert need_state() == CONCLUDED
    with reading():
        assert session().query(Job).filter_by(kind="award.made").count() == 0


def test_nobody_responded_is_recorded_and_concluded_at_once(browser: Browse, store: object) -> None:
    with transaction():
        need = make_need.closed_need()
        officer = make.officer(need.department)
    page = browser(officer).get(f"/needs/{need.id}/review").submit("Open all responses")
    page = page.follow("Record this and conclude the need")
    page = page.submit("Keep this decision", decision="none", reason="The market was busy.")
    assert "concluded" in page.text
    assert need_state() == CONCLUDED


def test_feedback_is_given_once_and_kept_on_the_page_when_refused(browser: Browse, opened: Bench) -> None:
    with transaction():
        commands.decide_review(
            queries.get_review(session().get_one(Need, opened.need.id)), awards={}, reason="x", by=opened.officer
        )
    path = f"/received/{opened.responses[0].id}/feedback"
    first, second = browser(opened.officer).get(path), browser(opened.second).get(path)
    told = filled_in(opened.responses[0], 2)
    assert first.submit("Give this feedback", told).status == 200
    page = second.submit("Give this feedback", {**told, "strengths": "Typed second"})
    assert page.status == 409
    assert "Typed second" in page.body
    with reading():
        assert session().query(Feedback).count() == 1


@pytest.mark.parametrize("text", ["\0", "\u202e", "<script>x</script>", "a" * 100_000, "%s {0}"], ids=ascii)
def test_hostile_feedback_and_reasons_meet_a_sentence(browser: Browse, opened: Bench, text: str) -> None:
    aside = (
        browser(opened.officer).get(f"/received/{opened.responses[1].id}/set-aside").submit("Set aside", reason=text)
    )
    decision = review_page(browser, opened).follow("Decide").submit("Keep this decision", decision="none", reason=text)
    for page in (aside, decision):
        assert page.status in (200, 422)
        assert "<script>x" not in page.body


def test_a_respondent_reads_the_result_only_with_its_feedback(browser: Browse, opened: Bench) -> None:
    path = f"/responses/{opened.responses[0].id}"
    with transaction():
        need = session().get_one(Need, opened.need.id)
        winner = session().get_one(Response, opened.responses[0].id)
        commands.shortlist_response(winner, by=opened.officer)
        commands.decide_review(
            queries.get_review(need), awards={winner: 5_000_00}, reason="Because.", by=opened.officer
        )
    before = browser(opened.staff).get(path)
    assert "Opened" in before.text
    assert "warded" not in before.text
    assert "hortlisted" not in before.text
    assert browser(opened.staff).get(f"{path}/result").status == 403
    with transaction():
        make_review.give_feedback(session().get_one(Response, opened.responses[0].id), by=opened.officer)
    result = browser(opened.staff).get(f"{path}/result")
    assert "Your response was awarded: £5,000." in result.text
    assert "What happens next" in result.text
    assert "A clear plan." in result.text
    assert "Because." in result.text
    assert "The decision" not in result.text
    assert "warded" not in browser(opened.rival).get(f"/responses/{opened.responses[1].id}").text
    assert browser(opened.rival).get(f"{path}/result").status == 404


def test_when_all_are_told_everybody_reads_who_won(browser: Browse, opened: Bench) -> None:
    with transaction():
        need = session().get_one(Need, opened.need.id)
        winner = session().get_one(Response, opened.responses[0].id)
        commands.shortlist_response(winner, by=opened.officer)
        commands.decide_review(
            queries.get_review(need), awards={winner: 5_000_00}, reason="Because.", by=opened.officer
        )
        make_review.give_all_feedback(need, by=opened.officer)
    page = browser(opened.rival).get(f"/responses/{opened.responses[1].id}/result")
    assert "Your response was not awarded." in page.text
    assert ["Anchor Ltd", "£5,000"] in page.rows()


def test_a_profile_edited_after_the_deadline_changes_nothing_that_is_read(browser: Browse, opened: Bench) -> None:
    from app.providers.commands import change_profile
    from app.providers.models import SolutionProfile

    with transaction():
        profile = session().get_one(SolutionProfile, opened.responses[0].profile_id)
        change_profile(profile, approach="A wholly new approach.", by=opened.staff)
    page = browser(opened.officer).get(f"/received/{opened.responses[0].id}")
    assert "A wholly new approach." not in page.text
    assert "We visit people where they work" in page.text


def test_an_answer_that_was_tampered_with_is_pointed_out(browser: Browse, opened: Bench) -> None:
    from app.responses.models import SubmissionReceipt

    with transaction():
        receipt = session().query(SubmissionReceipt).filter_by(response_id=opened.responses[0].id).one()
        receipt.opened_content = {**receipt.content, "price_pence": 1}
    assert (
        "What is stored is not what was submitted"
        in browser(opened.officer).get(f"/received/{opened.responses[0].id}").text
    )


def test_lists_cost_the_same_queries_for_one_and_for_three(browser: Browse, store: object) -> None:
    counts: dict[str, list[int]] = {"": [], "/compare": []}
    with transaction():
        officer = make.officer(make.department())
    for many in (1, 3):
        with transaction():
            need = make_need.open_need(department=officer.organisations()[0])
            make_response.submitted_many(need, many)
            make_review.opened(need, by=officer)
        for path, found in counts.items():
            client = browser(officer)
            client.get(f"/needs/{need.id}/review{path}")
            with statements() as sent:
                client.get(f"/needs/{need.id}/review{path}")
            found.append(len(sent))
    assert [found[0] - found[1] for found in counts.values()] == [0, 0]


def test_the_desk_names_what_awaits(opened: Bench) -> None:
    from app.kernel import clock

    def texts(role: str) -> list[str]:
        with reading():
            return [each.text for each in queries.awaiting(opened.people[role], clock.now())]

    assert texts("officer") == texts("second") == ["Decide on the responses: Move the tide tables"]
    assert texts("author") == texts("both") == texts("buyer") == texts("staff") == []
    with transaction():
        commands.decide_review(
            queries.get_review(session().get_one(Need, opened.need.id)), awards={}, reason="x", by=opened.officer
        )
        make_review.give_feedback(session().get_one(Response, opened.responses[0].id), by=opened.officer)
    assert texts("officer") == ["Give feedback to 2 respondents: Move the tide tables"]
    assert texts("staff") == ["Read the feedback on your response: Move the tide tables"]
    assert texts("rival") == []
    with reading():
        assert queries.get_review(opened.need).state == DECIDED


def test_the_desk_asks_to_open(due: Bench) -> None:
    from app.kernel import clock

    with reading():
        assert [each.text for each in queries.awaiting(due.officer, clock.now())] == [
            "Open the responses: Move the tide tables"
        ]
        assert queries.awaiting(due.author, clock.now()) == queries.awaiting(due.both, clock.now()) == []
