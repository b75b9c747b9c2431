"""Pages of clarifications: the officer asks, the respondent answers, and no rival learns of it."""

from collections.abc import Callable
from datetime import timedelta

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.reviews.clarifications.models import Clarification
from tests.browser import Browser
from tests.responses.conftest import statements
from tests.reviews import make as make_review
from tests.reviews.conftest import Bench

Browse = Callable[..., Browser]
WORDS = "quillwort"


def in_days(days: int) -> dict[str, str]:
    """A moment, as it is typed."""
    day = (clock.now() + timedelta(days=days)).date()
    parts = {"day": day.day, "month": day.month, "year": day.year, "time": "5pm"}
    return {f"answer_until-{name}": str(part) for name, part in parts.items()}


def ask(browser: Browse, bench: Bench) -> Clarification:
    with transaction():
        return make_review.clarification(make_review.again(bench.responses[0]), by=bench.officer, question=WORDS)


def test_an_officer_asks_and_the_respondent_answers_beside_its_answer(browser: Browse, opened: Bench) -> None:
    page = browser(opened.officer).get(f"/received/{opened.responses[0].id}").follow("Ask for a clarification")
    assert "must not be used to improve it" in page.text
    assert page.rows()[1:] == [["Anchor Ltd", "0"], ["Buoy Ltd", "0"], ["Cable Ltd", "0"]]
    refused = page.submit("Ask for this clarification")
    assert refused.errors == [
        "Select what it is about",
        "Enter what is unclear",
        "Enter until when they can answer",
    ]
    with reading():
        requirement = make_review.again(opened.responses[0]).need.requirements[1]
    page = refused.submit(
        "Ask for this clarification", {"requirement": requirement.id, "question": WORDS, **in_days(3)}
    )
    assert (WORDS in page.text, "Waiting for an answer" in page.text) == (True, True)
    mine = browser(opened.staff).get(f"/responses/{opened.responses[0].id}").follow("Clarifications")
    page = mine.follow("Answer clarification 1").submit("Send this answer", answer="We mean May.")
    assert "We mean May." in page.text
    for path in (f"/received/{opened.responses[0].id}", f"/needs/{opened.need.id}/review/compare"):
        shown = browser(opened.second).get(path).text
        assert ("Clarification, after the deadline." in shown, "We mean May." in shown) == (True, True)
    again = browser(opened.officer).get(f"/received/{opened.responses[0].id}/clarifications/ask")
    assert again.rows()[1] == ["Anchor Ltd", "1"]


def test_only_its_provider_reaches_it(browser: Browse, opened: Bench) -> None:
    clarification = ask(browser, opened)
    path, whole = f"/clarifications/{clarification.id}", f"/responses/{opened.responses[0].id}/clarifications"
    for role, who in opened.people.items():
        statuses = {browser(who).get(each).status for each in (path, whole)}
        assert (role, statuses) == (role, {200} if role == "staff" else {404})
        if role != "staff":
            assert browser(who).post(path, answer="x").status == 404
    assert browser().get(path).status == 200  # the page to sign in
    with reading():
        assert session().query(Clarification).one().answer == ""


def test_a_rival_sees_the_same_pages_whether_others_were_asked_or_not(browser: Browse, opened: Bench) -> None:
    paths = [f"/responses/{opened.responses[1].id}", f"/needs/{opened.need.id}", "/responses", "/desk"]
    before = [browser(opened.rival).get(path).text for path in paths]
    ask(browser, opened)
    assert [browser(opened.rival).get(path).text for path in paths] == before
    assert "Clarifications" not in browser(opened.rival).get(paths[0]).links()


def test_an_answer_that_comes_too_late_is_kept_on_the_page(browser: Browse, opened: Bench) -> None:
    clarification = ask(browser, opened)
    page = browser(opened.staff).get(f"/clarifications/{clarification.id}")
    with transaction():
        session().get_one(Clarification, clarification.id).answer_until = clock.now()
    late = page.submit("Send this answer", answer="Typed with care")
    assert (late.status, "Typed with care" in late.body) == (409, True)
    assert "That moment has passed" in late.errors[0]
    assert "Lapsed" in browser(opened.officer).get(f"/received/{opened.responses[0].id}").text


def test_after_the_decision_the_page_asks_nothing(browser: Browse, decided: Bench) -> None:
    path = f"/received/{decided.responses[0].id}"
    assert "Ask for a clarification" not in browser(decided.officer).get(path).links()
    refused = browser(decided.officer).post(f"{path}/clarifications/ask", question="x")
    assert (refused.status, "The decision was made" in refused.errors[0]) == (409, True)


def test_more_clarifications_cost_no_more_statements(browser: Browse, opened: Bench) -> None:
    counts = []
    for _ in range(2):
        ask(browser, opened)
        client = browser(opened.officer)
        client.get(f"/needs/{opened.need.id}/review/compare")
        with statements() as sent:
            client.get(f"/needs/{opened.need.id}/review/compare")
        counts.append(len(sent))
    assert counts[0] == counts[1]
