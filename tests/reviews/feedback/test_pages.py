"""The page of feedback: drafts that colleagues share, what is missing, and the clock of what is owed."""

from collections.abc import Callable
from datetime import timedelta

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.needs.commands import withdraw_need
from app.needs.models import Need
from app.responses.queries import submissions_of
from app.reviews import queries
from app.reviews.feedback.models import Feedback, FeedbackDraft
from tests.browser import Browser
from tests.reviews import make as make_review
from tests.reviews.conftest import Bench

Browse = Callable[..., Browser]


def path_to(bench: Bench, place: int = 2) -> str:
    return f"/received/{bench.responses[place].id}/feedback"


def bands(bench: Bench, band: str = "nearly") -> dict[str, str]:
    """A band for each requirement, as it is chosen."""
    with reading():
        answers = submissions_of([make_review.again(bench.responses[2])])[bench.responses[2].id].answers
        return {f"band_{answer.requirement_id}": band for answer in answers}


def test_a_draft_is_saved_unfinished_and_a_colleague_goes_on_with_it(browser: Browse, decided: Bench) -> None:
    page = browser(decided.officer).get(path_to(decided))
    page = page.submit("Save the draft", strengths="Half a sen")
    assert "Draft saved." in page.text
    assert browser(decided.people["staff"]).get(f"/responses/{decided.responses[2].id}/result").status == 404
    shown = (
        browser(decided.second).get(f"/needs/{decided.need.id}/review").follow("Go on with the feedback to Cable Ltd")
    )
    assert ("Half a sen" in shown.body, "by Officer" in shown.text) == (True, True)
    whole = {**bands(decided), "improvements": "More evidence.", "standing": "well_below"}
    shown.submit("Give this feedback", {**whole, "strengths": "A whole sentence."})
    with reading():
        told = session().query(Feedback).one()
        assert [each["band"] for each in told.bands] == ["nearly"] * 3
        assert (told.strengths, told.standing, told.given_by_id) == (
            "A whole sentence.",
            "well_below",
            decided.second.id,
        )
        assert session().query(FeedbackDraft).count() == 0


def test_two_officers_do_not_overwrite_each_others_draft(browser: Browse, decided: Bench) -> None:
    first, second = (browser(decided.people[role]).get(path_to(decided)) for role in ("officer", "second"))
    first.submit("Save the draft", strengths="Of the first")
    asked = second.submit("Save the draft", strengths="Of the second")
    assert asked.status == 422
    assert asked.errors[0].startswith("Somebody else changed this draft")
    assert ("Of the second" in asked.body, "Of the first" in asked.text) == (True, True)
    with reading():
        assert session().query(FeedbackDraft).one().strengths == "Of the first"
    asked.submit("Save the draft")
    with reading():
        assert session().query(FeedbackDraft).one().strengths == "Of the second"


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(browser: Browse, decided: Bench) -> None:
    page = browser(decided.officer).get(path_to(decided))
    refused = page.submit("Give this feedback", strengths="Typed with care")
    assert refused.errors == [
        *(f"Select how far requirement {number} was met" for number in (1, 2, 3)),
        "Enter what would have changed the result",
        "Select where it stood against the line",
    ]
    assert "Typed with care" in refused.body
    with reading():
        assert session().query(Feedback).count() == session().query(FeedbackDraft).count() == 0


def test_nothing_is_chosen_beforehand_and_a_derived_standing_is_shown(browser: Browse, decided: Bench) -> None:
    page = browser(decided.officer).get(path_to(decided))
    assert " checked" not in page.body
    for place, words in enumerate(("Above the line, and awarded", "Set aside before it was compared with others")):
        derived = browser(decided.officer).get(path_to(decided, place))
        assert (words in derived.text, "Where did it stand against the line?" in derived.text) == (True, False)


def test_a_band_that_nobody_offered_is_refused(browser: Browse, decided: Bench) -> None:
    page = browser(decided.officer).get(path_to(decided))
    whole = {**bands(decided, "superb"), "strengths": "x", "improvements": "x", "standing": "well_below"}
    assert page.submit("Give this feedback", whole).status == 422
    assert page.submit("Save the draft", whole).status == 422
    with reading():
        assert session().query(FeedbackDraft).count() == 0


def test_a_provider_that_is_kept_waiting_reads_since_when(browser: Browse, due: Bench) -> None:
    path = f"/responses/{due.responses[0].id}"
    assert "An officer opens all responses at once: that is due by" in browser(due.staff).get(path).text
    with transaction():
        session().get_one(Need, due.need.id).deadline_at = clock.now() - timedelta(days=8)
    assert "The department owes you an answer since" in browser(due.staff).get(path).text
    assert "Owed since" in browser(due.staff).get("/responses").text
    assert "Overdue" in browser(due.officer).get("/desk").text
    with transaction():
        make_review.opened(session().get_one(Need, due.need.id), by=due.officer)
    assert "whatever the result: that is due by" in browser(due.staff).get(path).text
    with transaction():
        session().get_one(Need, due.need.id).deadline_at = clock.now() - timedelta(days=61)
    assert "The department owes you an answer since" in browser(due.staff).get(path).text


def test_a_withdrawn_need_is_answered_on_the_page(browser: Browse, sealed: Bench) -> None:
    with transaction():
        need = session().get_one(Need, sealed.need.id)
        withdraw_need(need, reason="The money went elsewhere.", by=need.owners[0].person)
    page = browser(sealed.staff).get(f"/responses/{sealed.responses[0].id}")
    assert "Its reason: The money went elsewhere." in page.text
    assert "Need withdrawn" in browser(sealed.staff).get("/responses").text


def test_the_desk_of_officers_has_the_clock(due: Bench) -> None:
    with reading():
        deadline = session().get_one(Need, due.need.id).deadline_at
        assert deadline is not None
        assert [each.due_at for each in queries.awaiting(due.officer, clock.now())] == [deadline + timedelta(days=7)]
    with transaction():
        make_review.opened(session().get_one(Need, due.need.id), by=due.officer)
    with reading():
        assert [each.due_at for each in queries.awaiting(due.officer, clock.now())] == [deadline + timedelta(days=60)]
