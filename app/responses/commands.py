"""Changing interest and responses. The deadline, the clock's one reading and the write are one transaction."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.kernel import audit, clock, notices
from app.kernel.db import add_once, constrained, session
from app.kernel.display import deadline
from app.kernel.errors import IllegalMove, NotAllowed
from app.matching.eligibility import audience_words
from app.matching.parties import may_take_part
from app.needs.models import LIVE, OPEN, WITHDRAWN, Need, Requirement
from app.providers.models import Evidence, Provider, SolutionProfile
from app.responses import policy
from app.responses.coalitions.releasing import release_all, take_lead
from app.responses.coalitions.terms import is_coalition, members_of, provider_answering
from app.responses.interest.commands import end_with_interest
from app.responses.models import DRAFT, SUBMITTED, Answer, Interest, Response, SubmissionReceipt
from app.responses.receipts import keep_change, seal_submission
from app.responses.submissions import Gap, answer_gaps, gaps, offer_gaps

TERMS_STAND = "Your partners confirmed this as it was submitted. Take the response back to a draft to change it."


def register_interest(
    need: Need,
    provider: Provider,
    *,
    people: int,
    from_on: date,
    note: str = "",
    capabilities: Sequence[Capability] = (),
    by: Person,
) -> Interest:
    """Say that the provider is interested in a need below open: with how many people, from when, and for what."""
    require_interest_taken(need)
    if not policy.may_register_interest(by, need, provider):
        raise NotAllowed("You cannot register interest in this need for this provider.")
    require_in_audience(need, provider)
    interest = Interest(
        need=need, provider=provider, people=people, from_on=from_on, note=note, registered_at=clock.now()
    )
    interest.capabilities = _asked_for(need, capabilities)
    add_once(interest, "Your organisation has registered its interest already.")
    audit.record(
        "register_interest", interest, by=by, facts={"need": need.id, "provider": provider.id, **_said(interest)}
    )
    notices.post("interest.registered", subject=need, facts={"provider": provider.id})
    return interest


def change_interest(
    interest: Interest,
    *,
    people: int,
    from_on: date,
    note: str = "",
    capabilities: Sequence[Capability] = (),
    by: Person,
) -> None:
    """Say something else of people, time and what they would cover."""
    require_interest_taken(interest.need)
    require_in_audience(interest.need, interest.provider)
    before = _said(interest)
    interest.people, interest.from_on, interest.note = people, from_on, note
    interest.capabilities = _asked_for(interest.need, capabilities)
    flag_modified(interest, "note")
    audit.record("change_interest", interest, by=by, facts={"before": before, "after": _said(interest)})


def withdraw_interest(interest: Interest, *, by: Person) -> None:
    """Take the interest back, and the wish to talk with it. Moves: conversation asked or answered -> taken back."""
    require_interest_taken(interest.need)
    facts = {"need": interest.need_id, "provider": interest.provider_id}
    audit.record("withdraw_interest", interest, by=by, facts=facts)
    end_with_interest(interest.need, interest.provider, by=by)
    session().delete(interest)
    session().flush()


def _asked_for(need: Need, capabilities: Sequence[Capability]) -> list[Capability]:
    """Only what the need asks for can be covered."""
    asked = {each.id for each in need.all_capabilities}
    if any(each.id not in asked for each in capabilities):
        raise NotAllowed("Interest covers capabilities that the need asks for.")
    return list(capabilities)


def _said(interest: Interest) -> dict[str, Any]:
    covered = sorted(each.id for each in interest.capabilities)
    return {"people": interest.people, "from": interest.from_on, "capabilities": covered}


def start_response(need: Need, provider: Provider, *, by: Person) -> Response:
    """Begin the provider's one response to a need; where it has one already, that is a Conflict."""
    require_in_time(need)
    if not policy.may_respond(by, need, provider):
        raise NotAllowed("You cannot respond to this need for this provider.")
    require_in_audience(need, provider)
    response = Response(need=need, provider=provider, created_at=clock.now())
    take_lead(response)
    add_once(response, "Your organisation has started its response to this need already.")
    audit.record("start", response, by=by)
    return response


def describe_offer(
    response: Response,
    *,
    profile: SolutionProfile | None,
    summary: str,
    price_pence: int | None,
    available_from: date | None,
    knowledge_transfer: str | None = None,
    by: Person,
) -> SubmissionReceipt | None:
    """Keep the offer; a submitted response stays whole and is submitted anew, with a new receipt."""
    require_changeable(response)
    if profile is not None and profile.provider_id != response.provider_id:
        raise NotAllowed("A response builds on a solution profile of its own provider.")
    if response.state == SUBMITTED:
        require_none(offer_gaps(profile, price_pence))
        require_terms_kept(response, price_pence)
    response.profile, response.summary, response.price_pence = profile, summary, price_pence
    response.available_from = available_from
    if knowledge_transfer is not None:
        response.knowledge_transfer = knowledge_transfer
    return keep_change(response, by)


def answer_requirement(
    response: Response, requirement: Requirement, *, text: str, evidence: list[Evidence], by: Person
) -> SubmissionReceipt | None:
    """Keep one answer; a submitted response stays whole and is submitted anew, with a new receipt."""
    require_changeable(response)
    whose = provider_answering(response, requirement).id
    if requirement.need_id != response.need_id or any(each.provider_id != whose for each in evidence):
        raise NotAllowed("An answer speaks to its own need, with evidence of the provider that answers.")
    if response.state == SUBMITTED:
        number = response.need.requirements.index(requirement) + 1
        require_none(answer_gaps(requirement, number, text))
    answer = response.answer_to(requirement)
    if answer is None:
        answer = Answer(requirement=requirement)
        response.answers.append(answer)
    if answer.text != text:
        answer.written_by = whose
    answer.text, answer.evidence = text, evidence
    return keep_change(response, by)


def submit_response(response: Response, *, by: Person) -> SubmissionReceipt:
    """Send a complete response, sealed. Moves: response draft -> submitted."""
    require_in_time(response.need)
    _require_open(response)
    for each in members_of(response):
        require_in_audience(response.need, each)
    response.move("submit")
    require_none(gaps(response))
    receipt = seal_submission(response, "submit", by)
    notices.post("response.submitted", subject=response)
    return receipt


def resubmit_response(response: Response, *, by: Person) -> SubmissionReceipt | None:
    """Submit anew what changed around a submitted response: its profile, its evidence or the need's wording."""
    require_changeable(response)
    if response.state != SUBMITTED:
        raise IllegalMove("Only a submitted response can be submitted again.")
    require_none(gaps(response))
    return keep_change(response, by)


def withdraw_response(response: Response, *, by: Person) -> None:
    """Take a response back before the deadline. Moves: response draft, submitted -> withdrawn."""
    require_in_time(response.need)
    response.move("withdraw")
    release_all(response, by=by)
    response.submitted_at = None
    audit.record("withdraw", response, by=by)
    notices.post("response.withdrawn", subject=response)


def resume_response(response: Response, *, by: Person) -> None:
    """Go on with a withdrawn response as a draft. Moves: response withdrawn -> draft."""
    require_in_time(response.need)
    _require_open(response)
    require_in_audience(response.need, response.provider)
    response.move("resume")
    _take_part_again(response)
    audit.record("resume", response, by=by)


def _take_part_again(response: Response) -> None:
    """Withdrawing gave its provider free: meanwhile it may have joined somebody else."""
    with constrained("Your organisation answers this need together with others now, so it has its answer."):
        session().add(take_lead(response))


def require_changeable(response: Response) -> None:
    """Refuse to change a response after the deadline, or one that is withdrawn or whose provider is closed."""
    require_in_time(response.need)
    _require_open(response)
    if response.state not in (DRAFT, SUBMITTED):
        raise IllegalMove(f"You cannot change this response: it is {response.state.replace('_', ' ')}.")


def _require_open(response: Response) -> None:
    if not response.provider.organisation.is_open:
        raise IllegalMove("Your organisation is closed in the register, so it cannot respond.")
    for each in members_of(response):
        if not each.organisation.is_open:
            raise IllegalMove(f"{each.name} is closed in the register: part from it before you go on.")


def require_terms_kept(response: Response, price_pence: int | None) -> None:
    """Refuse another price while partners have confirmed a share of this one, and it is submitted."""
    if is_coalition(response) and price_pence != response.price_pence:
        raise IllegalMove(TERMS_STAND)


def require_in_audience(need: Need, provider: Provider) -> None:
    """Refuse who is outside the need's audience, as eligibility has it, and say who is inside."""
    if not may_take_part(need, provider):
        raise IllegalMove(f"{provider.name} cannot take part in this need. Who can: {audience_words(need)}.")


def require_in_time(need: Need) -> None:
    """Refuse what comes at the deadline or after it, by the transaction's one reading of the clock."""
    if need.state == WITHDRAWN:
        raise IllegalMove("The need was withdrawn, so it takes no responses any more.")
    if need.rung != OPEN or need.deadline_at is None:
        raise IllegalMove("The need does not take formal responses yet.")
    if need.state != LIVE or need.is_past_deadline:
        raise IllegalMove(f"The deadline has passed: it was {deadline(need.deadline_at, need.time_zone)}.")


def require_interest_taken(need: Need) -> None:
    """Refuse interest in a need that is open, or not live."""
    if not policy.takes_interest(need):
        raise IllegalMove("Interest is registered while a need is live and not open yet.")


def require_none(missing: list[Gap]) -> None:
    """Refuse what would leave a submitted response incomplete."""
    if missing:
        raise IllegalMove(f"The response is not complete. {missing[0].sentence}.")
