"""Reading interest and responses. Whatever is sealed is read through `get_own_response`, or counted as a band."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Membership, Person
from app.kernel import clock
from app.kernel.audit import AuditEntry, name_of
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import LIVE, OPEN, Need, NeedOwner, NeedPartner
from app.needs.queries import WHOLE as WHOLE_NEED
from app.providers.models import Evidence, Provider, SolutionProfile
from app.providers.queries import evidence_of, live_profiles_of, providers_of
from app.responses import policy
from app.responses.coalitions.models import Part
from app.responses.models import (
    DRAFT,
    SEALED,
    SUBMITTED,
    WITHDRAWN,
    Answer,
    Interest,
    Response,
    SubmissionReceipt,
)
from app.responses.submissions import Submission, content_of, is_intact, is_opened_intact, read_submission
from app.responses.verifying import VERBS

OTHER_CONTENT = "What is stored is not what was submitted."
BANDS = ((15, "15 or more"), (5, "5 to 14"), (0, "fewer than 5"))
PARTS: Any = selectinload(Response.parts).options(
    joinedload(Part.provider).joinedload(Provider.organisation), selectinload(Part.assignments)
)
BRIEF: tuple[Any, ...] = (
    joinedload(Response.need).joinedload(Need.department),
    joinedload(Response.provider).joinedload(Provider.organisation),
    PARTS,
)
WHOLE: tuple[Any, ...] = (
    selectinload(Response.need).options(*WHOLE_NEED),
    joinedload(Response.provider).joinedload(Provider.organisation),
    joinedload(Response.profile),
    PARTS,
    selectinload(Response.answers).selectinload(Answer.evidence).selectinload(Evidence.capabilities),
)


# Interest


def find_interest(need: Need, provider: Provider) -> Interest | None:
    """The provider's interest in the need, where it registered one."""
    return session().scalar(select(Interest).where(Interest.need_id == need.id, Interest.provider_id == provider.id))


def get_own_interest(interest_id: str, person: Person | None) -> Interest:
    """An interest of the person's own provider."""
    interest = session().get(Interest, interest_id) if interest_id.isalnum() else None
    if interest is None or not policy.may_speak_for(person, interest.need, interest.provider):
        raise NotFound
    return interest


def interests_in(need: Need) -> list[Interest]:
    """Who is interested in the need, those with most people first."""
    wanted = select(Interest).where(Interest.need_id == need.id).order_by(Interest.people.desc(), Interest.id)
    provider = joinedload(Interest.provider).joinedload(Provider.organisation)
    return list(session().scalars(wanted.options(provider, selectinload(Interest.capabilities))))


def interests_of(person: Person) -> list[Interest]:
    """The interests of the person's providers in needs that are not open yet, the newest first."""
    ids = [provider.id for provider in providers_of(person)]
    live = select(Interest).join(Need).where(Interest.provider_id.in_(ids), Need.state == LIVE, Need.rung != OPEN)
    options = (
        joinedload(Interest.need).joinedload(Need.department),
        joinedload(Interest.provider).joinedload(Provider.organisation),
    )
    return list(session().scalars(live.order_by(Interest.registered_at.desc(), Interest.id).options(*options)))


# Responses, to their own staff


def speakers_for(person: Person | None, need: Need) -> list[Provider]:
    """The person's providers for which they may deal with this need, by name."""
    return [provider for provider in providers_of(person) if policy.may_speak_for(person, need, provider)]


def find_response(need: Need, provider: Provider) -> Response | None:
    """The provider's response to the need, where one was started."""
    return session().scalar(select(Response).where(Response.need_id == need.id, Response.provider_id == provider.id))


def get_own_response(response_id: str, person: Person | None) -> Response:
    """A response of the person's own provider; for everybody else it does not exist."""
    wanted = select(Response).where(Response.id == response_id).options(*WHOLE)
    response = session().scalar(wanted) if response_id.isalnum() else None
    if response is None or not policy.may_read_response(person, response):
        raise NotFound
    return response


def get_own_receipt(receipt_id: str, person: Person | None) -> SubmissionReceipt:
    """A receipt that the person may read."""
    receipt = session().get(SubmissionReceipt, receipt_id) if receipt_id.isalnum() else None
    if receipt is None or not policy.may_read_receipt(person, receipt):
        raise NotFound
    return receipt


def page_of_responses(person: Person) -> Select[Response]:
    """The statement of the responses of the person's providers: nearest to their deadline first, then the newest."""
    ids = [provider.id for provider in providers_of(person)]
    joined = select(Part.response_id).where(Part.provider_id.in_(ids), Part.joined_at.is_not(None))
    theirs = Response.provider_id.in_(ids) | Response.id.in_(joined)
    own = select(Response).join(Need).where(theirs, ~_bought_by(person)).options(*BRIEF)
    return own.order_by(Response.state != DRAFT, Response.created_at.desc(), Response.id)


def _bought_by(person: Person) -> Any:
    """SQL of `policy.is_on_buying_side`."""
    is_lasting = Membership.left_at.is_(None) | (Membership.left_at >= Need.created_at)
    in_department = (Membership.person_id == person.id) & (Membership.organisation_id == Need.department_id)
    partner = select(NeedPartner).join(Membership, Membership.organisation_id == NeedPartner.department_id)
    stayed = Membership.left_at.is_(None) | (Membership.left_at >= NeedPartner.joined_at)
    with_partner = partner.where(NeedPartner.need_id == Need.id, Membership.person_id == person.id, stayed)
    joined = with_partner.where(NeedPartner.joined_at.is_not(None)).exists()
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id)
    wrote = func.coalesce(Need.author_id, "") == person.id
    return exists().where(in_department, is_lasting) | joined | wrote | Need.id.in_(owned)


def receipts_of(response: Response) -> list[SubmissionReceipt]:
    """Every submission of a response, the last first."""
    wanted = select(SubmissionReceipt).where(SubmissionReceipt.response_id == response.id)
    return list(session().scalars(wanted.order_by(SubmissionReceipt.number.desc())))


def readable_receipts(response: Response, person: Person) -> list[SubmissionReceipt]:
    """Those that the person may read, the last first."""
    return [each for each in receipts_of(response) if policy.may_read_receipt(person, each)]


def find_last_receipt(response: Response) -> SubmissionReceipt | None:
    """The submission that counts."""
    wanted = select(SubmissionReceipt).where(SubmissionReceipt.response_id == response.id)
    return session().scalar(wanted.order_by(SubmissionReceipt.number.desc()).limit(1))


def is_up_to_date(response: Response) -> bool:
    """Whether the last receipt keeps what the response says now: profile, evidence and need can change."""
    receipt = find_last_receipt(response)
    return receipt is not None and is_intact(receipt) and receipt.content == content_of(response)


def receipt_faults(receipt: SubmissionReceipt) -> list[str]:
    """Why a receipt does not hold: its content was changed, or the audit trail knows another commitment."""
    is_whole = is_intact(receipt) and (receipt.opened_content is None or is_opened_intact(receipt))
    faults = [] if is_whole else [OTHER_CONTENT]
    entries = select(AuditEntry.facts).where(AuditEntry.stream == name_of(receipt.response), AuditEntry.verb.in_(VERBS))
    # other acts on a response, such as rating its feedback, keep commitments of their own
    told = {facts["number"]: facts["commitment"] for facts in session().scalars(entries) if "commitment" in facts}
    if told.get(receipt.number) != receipt.commitment:
        faults.append("The audit trail does not have this commitment.")
    return faults


def offered_evidence(response: Response, person: Person, *, of: Provider | None = None) -> list[Evidence]:
    """The answering provider's evidence that can support an answer: whatever has not expired."""
    today = clock.today()
    return [evidence for evidence in evidence_of(of or response.provider, person) if not evidence.is_expired(today)]


def offered_profiles(response: Response) -> list[SolutionProfile]:
    """The profiles that a response can be built on."""
    return live_profiles_of(response.provider)


# What others may know


def count_received(need: Need) -> int:
    """How many responses the need got that were submitted and not withdrawn. Never shown before the opening."""
    return session().scalar(_received(func.count(), need)) or 0


def _received(what: Any, need: Need) -> Select[Any]:
    return (
        select(what).select_from(Response).where(Response.need_id == need.id, ~Response.state.in_((DRAFT, WITHDRAWN)))
    )


def response_band(need: Need) -> str:
    """All that anybody else may know of the responses before they are opened: `5 to 14`. Drafts do not count."""
    received = count_received(need)
    return next(band for least, band in BANDS if received >= least)


# To the rooms above, once responses are opened


def received_responses(need: Need) -> list[Response]:
    """The opened responses of a need, by provider's name; none while they are sealed."""
    wanted = select(Response).where(Response.need_id == need.id, ~Response.state.in_(SEALED)).options(*BRIEF)
    return sorted(session().scalars(wanted), key=lambda response: (response.provider.name, response.id))


def sealed_submissions(need: Need) -> list[Response]:
    """The submitted responses that wait to be opened, or whose seal is broken: for the act that opens them alone."""
    waiting = select(Response).where(Response.need_id == need.id, Response.state == SUBMITTED)
    return list(session().scalars(waiting.options(*BRIEF)))


def submissions_of(responses: Iterable[Response]) -> dict[str, Submission]:
    """What each opened response said when it was last submitted, by the response's id."""
    ids = [response.id for response in responses if not response.is_sealed]
    opened = SubmissionReceipt.opened_content.is_not(None)
    wanted = select(SubmissionReceipt).where(SubmissionReceipt.response_id.in_(ids), opened)
    found = session().scalars(wanted.options(joinedload(SubmissionReceipt.response)))
    return {receipt.response_id: read_submission(receipt) for receipt in found}


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Drafts that can still be submitted, the nearest deadline first."""
    ids = [provider.id for provider in providers_of(person)]
    drafts = select(Response).join(Need).where(Response.provider_id.in_(ids), Response.state == DRAFT)
    due = drafts.where(Need.state == LIVE, Need.deadline_at > now).order_by(Need.deadline_at, Response.id)
    options = (selectinload(Response.need).selectinload(Need.owners), joinedload(Response.provider), PARTS)
    return [
        Awaiting(
            f"Finish and submit your response: {response.need.title}",
            "responses.edit",
            {"response_id": response.id},
            since=response.created_at,
            due_at=response.need.deadline_at,
            group="Responses",
        )
        for response in session().scalars(due.options(*options))
        if policy.may_lead_response(person, response)
    ]
