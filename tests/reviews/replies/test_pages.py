"""Pages of replies: the result as its respondent reads it, rating, asking, answering, and ratings among others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.db import reading, session, transaction
from app.responses.models import Response
from app.reviews.replies import commands
from app.reviews.replies.models import YES, FeedbackQuestion, FeedbackRating
from tests import make
from tests.browser import Browser
from tests.reviews import make as make_review
from tests.reviews.conftest import Bench
from tests.reviews.replies.test_commands import rated

Browse = Callable[..., Browser]


def test_the_result_says_where_it_stood_and_why_requirement_by_requirement(browser: Browse, decided: Bench) -> None:
    with transaction():
        second = make_review.again(decided.responses[1])
        content = make_review.told(second)
        first = next(iter(content["bands"]))
        content["bands"][first] = {"band": "not_met", "sentence": "Only one region."}
        make_review.give_feedback(second, by=decided.officer, bands=content["bands"])
    page = browser(decided.rival).get(f"/responses/{second.id}/result")
    assert "Your response was not awarded." in page.text
    assert "Set aside before it was compared with others" in page.text
    assert "It leaves out the second region." in page.text
    told = [" ".join(" ".join(each.itertext()).split()) for each in page.root.iter("dd")]
    assert [each for each in told if each.startswith(("Met ", "Not met "))] == [
        "Not met Must have Only one region.",
        "Met Must have As we asked.",
        "Met Nice to have As we asked.",
    ]
    assert "Anchor Ltd" not in page.text


def test_a_respondent_rates_and_changes_its_rating(browser: Browse, told: Bench) -> None:
    page = browser(told.staff).get(f"/responses/{told.responses[0].id}/result")
    assert page.submit("Send your rating").errors == ["Select how useful it was"]
    page = page.submit("Send your rating", useful="no", sentence="We learnt nothing.")
    assert "without your name" in page.text
    page.submit("Change your rating", useful="yes", sentence="We learnt a lot.")
    with reading():
        rating = session().query(FeedbackRating).one()
        assert (rating.useful, rating.sentence) == ("yes", "We learnt a lot.")
    shown = [browser(told.people[role]).get(f"/received/{told.responses[0].id}").body for role in ("officer", "author")]
    assert [each for each in shown if "We learnt a lot." in each] == []


def test_a_respondent_asks_once_and_reads_the_answer(browser: Browse, told: Bench) -> None:
    page = browser(told.staff).get(f"/responses/{told.responses[0].id}/result")
    other = browser(told.staff).get(f"/responses/{told.responses[0].id}/result")
    assert page.submit("Send your question").errors == ["Enter your question"]
    page = page.submit("Send your question", text="What of the price?")
    assert ("Not given yet. It is due by" in page.text, "days left" in page.text or "weeks left" in page.text) == (
        True,
        True,
    )
    refused = other.submit("Send your question", text="Typed second")
    assert (refused.status, "Typed second" in refused.body) == (409, True)
    with reading():
        question = session().query(FeedbackQuestion).one()
    answering = browser(told.officer).get(f"/received/{told.responses[0].id}")
    answering = answering.follow("Answer the question about this feedback")
    late = browser(told.second).get(f"/feedback-questions/{question.id}")
    assert answering.submit("Send this answer").errors == ["Enter the answer"]
    answering.submit("Send this answer", answer="It was near the highest.")
    refused = late.submit("Send this answer", answer="Typed by the second")
    assert (refused.status, "Typed by the second" in refused.body) == (409, True)
    assert "It was near the highest." in browser(told.staff).get(f"/responses/{told.responses[0].id}/result").text


def test_only_those_who_may_review_reach_a_question(browser: Browse, told: Bench) -> None:
    with transaction():
        by = session().merge(told.staff, load=False)
        question = commands.ask_about_feedback(make_review.again(told.responses[0]), text="Why?", by=by)
        leaver = make.officer(told.need.department)
        make.join(leaver, told.responses[1].provider.organisation, "supplier_staff")
        make.leave(leaver, told.responses[1].provider.organisation)
    for role, who in {**told.people, "leaver": leaver}.items():
        status = browser(who).get(f"/feedback-questions/{question.id}").status
        assert (role, status) == (role, 200 if role in ("officer", "second") else 404)
        if status == 404:
            assert browser(who).post(f"/feedback-questions/{question.id}", answer="x").status == 404


@pytest.mark.parametrize("role", ["rival", "outsider", "officer", "author", "operator", "both", "buyer"])
def test_nobody_else_reads_rates_or_asks(browser: Browse, told: Bench, role: str) -> None:
    path = f"/responses/{told.responses[0].id}/result"
    client = browser(told.people[role])
    posted = [client.post(f"{path}/rating", useful="no"), client.post(f"{path}/question", text="x")]
    assert [client.get(path).status, *(each.status for each in posted)] == [404, 404, 404]


@pytest.mark.parametrize("text", ["\0", "\u202e", "<script>x</script>", "a" * 100_000, "%s {0}"], ids=ascii)
def test_hostile_words_meet_a_sentence(browser: Browse, told: Bench, text: str) -> None:
    page = browser(told.staff).get(f"/responses/{told.responses[0].id}/result")
    for answer in (
        page.submit("Send your rating", useful="no", sentence=text),
        page.submit("Send your question", text=text),
    ):
        assert answer.status in (200, 422)
        assert "<script>x" not in answer.body


def test_officers_read_ratings_among_others_alone(browser: Browse, told: Bench) -> None:
    with transaction():
        department = told.need.department
        rated(department, [YES] * 4)
    assert "fewer than 5 ratings" in browser(told.officer).get("/feedback-ratings").text
    with transaction():
        response = make_review.again(told.responses[0])
        commands.rate_feedback(response, useful="no", by=session().merge(told.staff, load=False))
        response.told_at = clock.now() - timedelta(days=61)
    assert "4 of 5 found the feedback useful (80%)" in browser(told.officer).get("/feedback-ratings").text
    seen = {role: browser(who).get("/feedback-ratings").status for role, who in told.people.items()}
    assert {role for role, status in seen.items() if status == 200} == {"author", "officer", "second", "elsewhere"}


def test_after_its_time_the_page_takes_no_reply(browser: Browse, told: Bench) -> None:
    page = browser(told.staff).get(f"/responses/{told.responses[0].id}/result")
    with transaction():
        session().get_one(Response, told.responses[0].id).told_at = clock.now() - timedelta(days=30)
    late = page.submit("Send your question", text="Typed with care")
    assert (late.status, "Typed with care" in late.body) == (409, True)
    assert page.submit("Send your rating", useful="no").status == 409
