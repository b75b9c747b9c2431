"""Commands of feedback: what is kept and told, what is refused, and that what was told never changes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from app.kernel import audit, clock
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs.commands import withdraw_need
from app.needs.models import CONCLUDED, Need
from app.responses.dispositions import ENDS, OWED, disposition_of
from app.responses.models import AWARDED, NOT_AWARDED, Response
from app.responses.queries import submissions_of
from app.reviews.feedback import commands, queries
from app.reviews.feedback.models import Feedback, FeedbackDraft
from app.reviews.feedback.standings import (
    JUST_BELOW,
    OTHERS_HIGHER,
    OUT,
    STANDINGS,
    WELL_BELOW,
    WON,
    derived_standing,
    standings_for,
    words_of_standing,
)
from tests.needs import make as make_need
from tests.responses import make as make_response
from tests.reviews import make as make_review
from tests.reviews.conftest import Bench

BELOW = {JUST_BELOW, WELL_BELOW}
# state, reason for setting aside, somebody won -> derived, and what can be chosen
STOOD = [
    (AWARDED, "", True, WON, set()),
    (NOT_AWARDED, "Too late.", True, OUT, set()),
    (NOT_AWARDED, "Too late.", False, OUT, set()),
    (NOT_AWARDED, "", True, "", BELOW | {OTHERS_HIGHER}),
    (NOT_AWARDED, "", False, "", BELOW),
]


@pytest.mark.parametrize(("state", "reason", "has_winner", "derived", "choices"), STOOD)
def test_where_it_stood_is_derived_or_chosen(
    state: str, reason: str, has_winner: bool, derived: str, choices: set[str]
) -> None:
    response = Response(set_aside_reason=reason)
    for verb in ("submit", "open", "shortlist", "award" if state == AWARDED else "not_award"):
        response.move(verb)
    assert derived_standing(response) == derived
    assert set(standings_for(response, has_winner)) == choices
    assert words_of_standing(response, "") == (STANDINGS[derived].words if derived else "")


def test_what_is_told_names_each_requirement_as_it_was_asked_then(decided: Bench) -> None:
    with transaction():
        third = make_review.again(decided.responses[2])
        answers = submissions_of([third])[third.id].answers
        third.need.requirements[0].text = "Something else altogether"
        make_review.give_feedback(third, by=decided.officer, standing=OTHERS_HIGHER)
    with reading():
        told = queries.find_feedback(decided.responses[2])
        assert told is not None
        assert [(each["requirement"], each["asked"], each["band"]) for each in told.bands] == [
            (answer.requirement_id, answer.asked, "met") for answer in answers
        ]
        assert (told.standing, told.given_by_id) == (OTHERS_HIGHER, decided.officer.id)
        facts = audit.entries_about(decided.responses[2])[-1].facts
        assert facts["bands"] == {answer.requirement_id: ["met", "As we asked."] for answer in answers}
        assert list(audit.verify()) == []


def bad(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """Feedback that lacks something, or says too much."""
    first = next(iter(told["bands"]))
    wrong: dict[str, dict[str, Any]] = {
        "no words": {"strengths": " "},
        "no change": {"improvements": "\n"},
        "no bands": {"bands": {}},
        "one short": {"bands": {key: each for key, each in told["bands"].items() if key != first}},
        "no such band": {"bands": {**told["bands"], first: {"band": "superb"}}},
        "another requirement": {"bands": {**told["bands"], "0123456789ab": {"band": "met"}}},
        "nowhere": {"standing": ""},
        "no such place": {"standing": "third"},
        "won, though it did not": {"standing": WON},
    }
    return {**told, **wrong[kind]}


@pytest.mark.parametrize(
    "kind",
    [
        *("no words", "no change", "no bands", "one short", "no such band", "another requirement"),
        *("nowhere", "no such place", "won, though it did not"),
    ],
)
def test_incomplete_feedback_is_refused_and_tells_nothing(decided: Bench, kind: str) -> None:
    with transaction():
        third = make_review.again(decided.responses[2])
        with pytest.raises(Conflict):
            commands.give_feedback(third, **bad(kind, make_review.told(third)), by=decided.officer)
        assert third.told_at is None
        assert session().query(Feedback).count() == 0


def test_a_derived_standing_is_not_kept_again(decided: Bench) -> None:
    with transaction():
        for response in decided.responses[:2]:
            make_review.give_feedback(make_review.again(response), by=decided.officer, standing=WELL_BELOW)
    with reading():
        kept = [(queries.find_feedback(each), session().get_one(Response, each.id)) for each in decided.responses[:2]]
        assert [each.standing for each, _ in kept if each] == ["", ""]
        assert [words_of_standing(response, each.standing) for each, response in kept if each] == [
            STANDINGS[WON].words,
            STANDINGS[OUT].words,
        ]


HALF = {"band": "", "sentence": "Well"}
UNFINISHED: dict[str, Any] = {"strengths": "Half a", "improvements": "", "bands": {"x": HALF}}


def test_a_draft_is_shared_tells_nothing_and_goes_with_the_telling(decided: Bench) -> None:
    with transaction():
        commands.save_draft(make_review.again(decided.responses[2]), **UNFINISHED, by=decided.officer)
    with transaction():
        third = make_review.again(decided.responses[2])
        commands.save_draft(third, **{**UNFINISHED, "strengths": "A whole"}, by=decided.second)
        draft = session().query(FeedbackDraft).one()
        assert (draft.strengths, draft.saved_by_id, third.told_at) == ("A whole", decided.second.id, None)
        make_review.give_feedback(third, by=decided.officer)
        assert session().query(FeedbackDraft).count() == 0
        with pytest.raises(Conflict):
            commands.save_draft(third, **UNFINISHED, by=decided.officer)


@pytest.mark.parametrize("role", ["author", "owner", "buyer", "both", "elsewhere", "operator", "staff", "rival"])
def test_who_may_not_draft_or_tell(decided: Bench, role: str) -> None:
    by = decided.people[role]
    with transaction():
        third = make_review.again(decided.responses[2])
        for act in (
            lambda: commands.save_draft(third, **UNFINISHED, by=by),
            lambda: make_review.give_feedback(third, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_nothing_is_drafted_or_told_before_the_decision(opened: Bench) -> None:
    with transaction():
        first = make_review.again(opened.responses[0])
        with pytest.raises(IllegalMove):
            commands.save_draft(first, **UNFINISHED, by=opened.officer)
        with pytest.raises(IllegalMove):
            make_review.give_feedback(first, by=opened.officer)


def test_what_nobody_opened_gets_no_feedback(decided: Bench) -> None:
    with transaction():
        for sealed in (decided.draft, decided.withdrawn):
            response = make_review.again(sealed)
            with pytest.raises(IllegalMove):
                commands.give_feedback(response, strengths="x", improvements="x", bands={}, by=decided.officer)


def tell(bench: Bench, words: str, start: Barrier) -> bool:
    def attempt() -> None:
        response = make_review.again(bench.responses[2])
        make_review.give_feedback(response, by=bench.officer, strengths=words)

    start.wait()
    try:
        in_transaction(attempt)
    except Conflict:
        return False
    return True


def test_of_several_officers_at_once_one_tells(decided: Bench) -> None:
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(tell, decided, f"Words {number}", start) for number in range(4)]
        won = [f"Words {number}" for number, future in enumerate(futures) if future.result(60)]
    with reading():
        assert [each.strengths for each in session().query(Feedback)] == won
    assert len(won) == 1


def test_a_need_concludes_only_when_every_response_has_ended(decided: Bench) -> None:
    """The draft and the withdrawn response end by themselves; the three that were opened want their feedback."""
    everybody = [*decided.responses, decided.draft, decided.withdrawn]
    for number in range(4):
        with transaction():
            need = session().get_one(Need, decided.need.id)
            kinds = [disposition_of(make_review.again(each)).kind for each in everybody]
            assert [kind in ENDS for kind in kinds] == [place < number or place > 2 for place in range(5)]
            assert (need.state == CONCLUDED) == all(kind in ENDS for kind in kinds)
            if number < 3:
                make_review.give_feedback(make_review.again(decided.responses[number]), by=decided.officer)


def test_a_withdrawn_need_is_an_answer_with_its_reason(sealed: Bench) -> None:
    with transaction():
        need = session().get_one(Need, sealed.need.id)
        withdraw_need(need, reason="The money went elsewhere.", by=need.owners[0].person)
        told = [disposition_of(make_review.again(each)) for each in (sealed.responses[0], sealed.draft)]
        assert [each.kind for each in told] == ["need_withdrawn"] * 2
        assert all("Its reason: The money went elsewhere." in each.words for each in told)


def test_who_is_kept_waiting_is_told_since_when(due: Bench) -> None:
    found = []
    for days in (1, 7, 8):
        with clock.at(clock.now() + timedelta(days=days)), transaction():
            found.append(disposition_of(make_review.again(due.responses[0])).kind)
    with transaction():
        make_review.opened(session().get_one(Need, due.need.id), by=due.officer)
    for days in (30, 61):
        with clock.at(clock.now() + timedelta(days=days)), transaction():
            found.append(disposition_of(make_review.again(due.responses[0])).kind)
    assert found == ["to_open", OWED, OWED, "being_read", OWED]


def test_where_nobody_answered_nothing_is_owed(store: object) -> None:
    with transaction():
        need = make_need.open_need()
        draft = make_response.draft(need)
        make_review.decided(need)
        assert (need.state, disposition_of(draft).kind) == (CONCLUDED, "not_submitted")
