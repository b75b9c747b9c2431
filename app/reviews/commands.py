"""Changing reviews: opening what was sealed, judging it, deciding, and ending when everybody was told."""

from collections.abc import Mapping

from app.accounts.models import Person
from app.kernel import audit, clock, jobs, notices
from app.kernel.db import add_once, session
from app.kernel.display import deadline
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.kernel.sealing import BrokenSeal
from app.needs.commands import close_need, conclude_need
from app.needs.models import CLOSED, OPEN, Need
from app.responses.models import Response
from app.responses.queries import find_last_receipt, received_responses, sealed_submissions
from app.reviews import policy, queries
from app.reviews.clarifications.queries import find_waiting
from app.reviews.models import MOST_CHARACTERS, SCORING, Award, Review


def open_responses(need: Need, *, by: Person) -> Review:
    """Open all responses at once, after the deadline, and show the salts of their commitments.

    Moves: need live -> closed, where the clock has not closed it yet; responses submitted -> opened
    """
    require_reviewer(need, by)
    if need.rung != OPEN or not need.is_past_deadline:
        until = f" It is {deadline(need.deadline_at, need.time_zone)}." if need.rung == OPEN else ""
        raise IllegalMove(f"Responses stay sealed until the deadline.{until}")
    close_need(need)
    if need.state != CLOSED:
        raise IllegalMove(f"The responses to this need stay sealed: it is {need.state}.")
    review = Review(need=need, opened_by_id=by.id, opened_at=clock.now())
    add_once(review, "The responses to this need are opened already.")
    audit.record("open_responses", review, by=by, facts={"need": need.id, **_unseal_all(need, by)})
    return review


def open_the_rest(review: Review, *, by: Person) -> list[Response]:
    """Try again to open what could not be opened, once it was restored; gives what still cannot be.

    Moves: responses submitted -> opened
    """
    require_reviewer(review.need, by)
    audit.record("open_the_rest", review, by=by, facts={"need": review.need_id, **_unseal_all(review.need, by)})
    return sealed_submissions(review.need)


def _unseal_all(need: Need, by: Person) -> dict[str, list[str]]:
    """Open each response by itself, so that one whose seal is broken keeps no other from being read."""
    was_opened = {response.id: _unseal(response, by) for response in sealed_submissions(need)}
    session().flush()
    broken = sorted(key for key, is_open in was_opened.items() if not is_open)
    opened = sorted(key for key, is_open in was_opened.items() if is_open)
    return {"responses": opened, "broken": broken} if broken else {"responses": opened}


def _unseal(response: Response, by: Person) -> bool:
    """Write the last receipt in the clear, with the salt that lets anybody check its commitment.

    A response whose seal is broken stays submitted: it came in time, so nothing is decided before it is restored.
    """
    receipt = find_last_receipt(response)
    if receipt is None:
        raise RuntimeError(f"response {response.id} was submitted without a receipt")
    facts = {"number": receipt.number, "commitment": receipt.commitment}
    try:
        receipt.opened_content, receipt.opened_salt = receipt.content, receipt.salt
    except BrokenSeal:
        audit.record("find_broken", response, by=by, facts=facts)
        return False
    response.move("open")
    audit.record("open", response, by=by, facts=facts | {"salt": receipt.opened_salt})
    return True


def shortlist_response(response: Response, *, by: Person) -> None:
    """Keep a response in the running. Moves: response opened, set aside -> shortlisted."""
    _require_scoring(response, by)
    before = response.state
    response.move("shortlist")
    response.set_aside_reason = ""
    audit.record("shortlist", response, by=by, facts={"before": before})


def set_aside_response(response: Response, *, reason: str, by: Person) -> None:
    """Take a response out of the running, with a reason. Moves: response opened, shortlisted -> set aside."""
    _require_scoring(response, by)
    if not reason.strip():
        raise Conflict("Give a reason: the provider reads it with its feedback.")
    before = response.state
    response.move("set_aside")
    response.set_aside_reason = reason.strip()
    audit.record("set_aside", response, by=by, facts={"before": before, "reason": response.set_aside_reason})


def decide_review(review: Review, *, awards: Mapping[Response, int], reason: str, by: Person) -> None:
    """Award to shortlisted responses, each for its value in pence, or to none.

    Moves: review scoring -> decided; responses shortlisted -> awarded, all others -> not awarded.
    Where nobody responded, the review is notified and the need concluded at once.
    """
    require_reviewer(review.need, by)
    if not reason.strip():
        raise Conflict("Give a reason: everybody who responded reads it.")
    if sealed_submissions(review.need):
        raise IllegalMove("A response that came in time could not be opened. Open it before you decide.")
    received = received_responses(review.need)
    if review.can("decide") and not all(response in received and response.can("award") for response in awards):
        raise IllegalMove("An award goes to a response to this need that is shortlisted.")
    _require_no_waiting_clarification(review)
    review.move("decide")
    review.decided_by_id, review.decided_at, review.reason = by.id, clock.now(), reason.strip()
    for response in received:
        _settle(review, response, awards.get(response), by)
    facts = {"reason": review.reason, "awards": {response.id: pence for response, pence in awards.items()}}
    audit.record("decide", review, by=by, facts=facts)
    if not received:
        notify_review(review, by)


def _require_no_waiting_clarification(review: Review) -> None:
    """Who was asked may answer until the moment that was named: a decision before it would not have read the answer."""
    waiting = find_waiting(review.need, clock.now()) if review.can("decide") else None
    if waiting is not None:
        until = deadline(waiting.answer_until, review.need.time_zone)
        raise IllegalMove(f"A clarification can still be answered until {until}. Decide when it is answered, or then.")


def _settle(review: Review, response: Response, value_pence: int | None, by: Person) -> None:
    verb = "not_award" if value_pence is None else "award"
    response.move(verb)
    if value_pence is not None:
        session().add(Award(review=review, response=response, value_pence=value_pence))
    audit.record(verb, response, by=by, facts={"value_pence": value_pence} if value_pence is not None else {})


def notify_review(review: Review, by: Person) -> None:
    """End the review when everybody who answered was told, and have awards become partnerships.

    Moves: review decided -> notified; need closed -> concluded
    """
    review.move("notify")
    audit.record("notify", review, by=by)
    conclude_need(review.need, by=by)
    for award in queries.awards_of(review):
        jobs.enqueue("award.made", {"award_id": award.id})
        notices.post("award.made", subject=award)


def require_reviewer(need: Need, person: Person) -> None:
    """Refuse who may not review the need, or works or worked for one of its respondents."""
    if not policy.may_review(person, need):
        raise NotAllowed(
            "Only an officer of the department who neither wrote nor drafts the need, and who works for no provider, "
            "reviews its responses."
        )
    if queries.is_of_a_respondent(person, need):
        raise NotAllowed("You worked for a provider that responded, so you cannot act in this review.")


def wanted_words(text: str, missing: str) -> str:
    """A question or an answer without space around it; raises Conflict, with `missing`, where nothing was said."""
    said = text.strip()
    if not said:
        raise Conflict(missing)
    if len(said) > MOST_CHARACTERS:
        raise Conflict(f"Use {MOST_CHARACTERS:,} characters or fewer.")
    return said


def _require_scoring(response: Response, by: Person) -> None:
    require_reviewer(response.need, by)
    if response.is_sealed:
        raise IllegalMove("This response is sealed.")
    if queries.get_review(response.need).state != SCORING:
        raise IllegalMove("The decision was made: responses cannot be shortlisted or set aside any more.")
