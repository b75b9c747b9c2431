"""Commands of reviews: what they change, what they refuse, and what the audit keeps of it."""

import pytest

from app.kernel import audit
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed, NotFound
from app.kernel.jobs import Job
from app.kernel.notices import Notice
from app.needs.commands import withdraw_need
from app.needs.models import CLOSED, CONCLUDED, Need
from app.responses.models import OPENED, SHORTLISTED, SUBMITTED, Response
from app.responses.queries import find_last_receipt
from app.reviews import commands, queries
from app.reviews.models import DECIDED, NOTIFIED, SCORING, Award, Review
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review
from tests.reviews.conftest import Bench

# verb: from -> to; whatever is not here is refused
TABLE = {"decide": {SCORING: DECIDED}, "notify": {DECIDED: NOTIFIED}}
WAYS = {SCORING: (), DECIDED: ("decide",), NOTIFIED: ("decide", "notify")}


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("verb", TABLE)
def test_verb_against_state(verb: str, state: str) -> None:
    assert (set(TABLE), set(WAYS)) == (set(Review.MOVES), set(Review.states()))
    review = Review()
    for step in WAYS[state]:
        review.move(step)
    wanted = TABLE[verb].get(state)
    assert review.can(verb) == (wanted is not None)
    if wanted is None:
        with pytest.raises(IllegalMove):
            review.move(verb)
    else:
        review.move(verb)
    assert review.state == (wanted or state)


def rows(bench: Bench) -> tuple[Need, list[Response]]:
    """The need and its submitted responses, in this transaction."""
    return (
        session().get_one(Need, bench.need.id),
        [session().get_one(Response, response.id) for response in bench.responses],
    )


def test_before_the_deadline_nothing_opens(sealed: Bench) -> None:
    with transaction():
        need, responses = rows(sealed)
        with pytest.raises(IllegalMove, match="sealed until the deadline"):
            commands.open_responses(need, by=sealed.officer)
        assert queries.find_review(need) is None
        assert {response.state for response in responses} == {SUBMITTED}
        assert not session().dirty


@pytest.mark.parametrize("role", ["author", "owner", "buyer", "both", "elsewhere", "operator", "staff", "outsider"])
def test_who_may_not_open(due: Bench, role: str) -> None:
    with transaction(), pytest.raises(NotAllowed):
        commands.open_responses(rows(due)[0], by=due.people[role])


def test_a_withdrawn_need_stays_sealed(sealed: Bench) -> None:
    with transaction():
        need, _ = rows(sealed)
        withdraw_need(need, reason="The money went elsewhere.", by=need.owners[0].person)
        make_review.pass_deadline(need)
        with pytest.raises(IllegalMove, match="withdrawn"):
            commands.open_responses(need, by=sealed.officer)


def test_opening_shows_the_salts_of_the_commitments_that_stood_there(due: Bench) -> None:
    with transaction():
        need, responses = rows(due)
        review = commands.open_responses(need, by=due.officer)
        assert (need.state, review.state) == (CLOSED, SCORING)
        for response in responses:
            entries = {entry.verb: entry.facts for entry in audit.entries_about(response)}
            receipt = find_last_receipt(response)
            assert receipt is not None
            assert entries["open"]["commitment"] == entries["submit"]["commitment"]
            assert audit.commitment(receipt.content, entries["open"]["salt"]) == entries["submit"]["commitment"]
        opening = audit.entries_about(review)[0]
        assert opening.facts == {"need": need.id, "responses": sorted(response.id for response in responses)}
        for untouched in (due.draft, due.withdrawn):
            verbs = [entry.verb for entry in audit.entries_about(untouched)]
            assert "open" not in verbs
            with pytest.raises(NotFound):
                queries.get_received_response(untouched.id, due.officer)


def test_opening_twice_is_a_conflict(opened: Bench) -> None:
    with transaction(), pytest.raises(Conflict):
        commands.open_responses(rows(opened)[0], by=opened.second)


@pytest.mark.parametrize("role", ["author", "buyer", "both", "elsewhere", "operator", "staff"])
def test_who_may_not_judge_decide_or_tell(opened: Bench, role: str) -> None:
    by = opened.people[role]
    with transaction():
        need, (first, *_) = rows(opened)
        for act in (
            lambda: commands.shortlist_response(first, by=by),
            lambda: commands.set_aside_response(first, reason="x", by=by),
            lambda: commands.decide_review(queries.get_review(need), awards={}, reason="x", by=by),
            lambda: make_review.give_feedback(first, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert first.state == OPENED


def test_an_award_wants_a_shortlisted_response_and_a_refusal_changes_nothing(opened: Bench) -> None:
    with transaction():
        need, (first, second, _) = rows(opened)
        commands.shortlist_response(first, by=opened.officer)
        review = queries.get_review(need)
        with pytest.raises(IllegalMove):
            commands.decide_review(review, awards={first: 1, second: 1}, reason="Both.", by=opened.officer)
        assert (review.state, first.state, second.state) == (SCORING, SHORTLISTED, OPENED)
        assert session().query(Award).count() == 0


def test_an_award_to_a_response_to_another_need_is_refused(opened: Bench) -> None:
    with transaction():
        need, _ = rows(opened)
        stranger = make_response.submitted(make_need.open_need())
        with pytest.raises(IllegalMove):
            commands.decide_review(queries.get_review(need), awards={stranger: 1}, reason="x", by=opened.officer)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_wanted(opened: Bench, reason: str) -> None:
    with transaction():
        need, (first, *_) = rows(opened)
        with pytest.raises(Conflict):
            commands.set_aside_response(first, reason=reason, by=opened.officer)
        with pytest.raises(Conflict):
            commands.decide_review(queries.get_review(need), awards={}, reason=reason, by=opened.officer)
        assert first.state == OPENED


def test_after_the_decision_nothing_is_judged_any_more(opened: Bench) -> None:
    with transaction():
        need, (first, *_) = rows(opened)
        commands.decide_review(queries.get_review(need), awards={}, reason="x", by=opened.officer)
        for act in (
            lambda: commands.shortlist_response(first, by=opened.officer),
            lambda: commands.set_aside_response(first, reason="x", by=opened.officer),
            lambda: commands.decide_review(queries.get_review(need), awards={}, reason="x", by=opened.second),
        ):
            with pytest.raises(IllegalMove):
                act()


def test_feedback_waits_for_the_decision(opened: Bench) -> None:
    with transaction(), pytest.raises(IllegalMove):
        make_review.give_feedback(rows(opened)[1][0], by=opened.officer)


def test_a_need_cannot_conclude_while_feedback_is_owed(opened: Bench) -> None:
    with transaction():
        need, responses = rows(opened)
        commands.shortlist_response(responses[0], by=opened.officer)
        review = queries.get_review(need)
        commands.decide_review(review, awards={responses[0]: 700}, reason="x", by=opened.officer)
        for owed in (3, 2, 1):
            assert len(queries.feedback_owed(review)) == owed
            assert (need.state, review.state) == (CLOSED, DECIDED)
            assert session().query(Job).filter_by(kind="award.made").count() == 0
            make_review.give_feedback(responses[owed - 1], by=opened.officer)
        assert (need.state, review.state) == (CONCLUDED, NOTIFIED)
        award = session().query(Award).one()
        assert [job.payload for job in session().query(Job).filter_by(kind="award.made")] == [{"award_id": award.id}]
        told = session().query(Notice).filter(Notice.kind == "response.feedback")
        assert {notice.subject for notice in told} == {f"responses:{response.id}" for response in responses}
    with reading():
        assert list(audit.verify()) == []


def test_feedback_is_given_once(opened: Bench) -> None:
    with transaction():
        need, (first, *_) = rows(opened)
        commands.decide_review(queries.get_review(need), awards={}, reason="x", by=opened.officer)
        make_review.give_feedback(first, by=opened.officer)
        with pytest.raises(Conflict):
            make_review.give_feedback(first, by=opened.second)


def test_where_nobody_responded_the_decision_concludes(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        review = make_review.decided(need)
        assert (need.state, review.state) == (CONCLUDED, NOTIFIED)


def test_a_draft_left_over_does_not_keep_the_need_from_concluding(sealed: Bench) -> None:
    with transaction():
        need, _ = rows(sealed)
        make_review.notified(need, by=sealed.officer)
        assert need.state == CONCLUDED
        assert session().get_one(Response, sealed.draft.id).state == "draft"
