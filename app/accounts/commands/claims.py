"""Asking to join a supplier that is in the register already; its lead or the operator answers."""

from sqlalchemy.exc import IntegrityError

from app.accounts import letters
from app.accounts.commands.memberships import admit_person
from app.accounts.models import LEAD, STAFF, Claim, Organisation, Person
from app.accounts.queries import count_members, find_waiting_claim, members_of
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict


def claim_organisation(organisation: Organisation, reason: str, *, link: str, by: Person) -> Claim:
    """Ask to join; the leads get a mail with `link`, where they answer."""
    already = Conflict(f"You have asked to join {organisation.name} already. Your request waits for an answer.")
    if by.holds(organisation.id):
        raise Conflict(f"You are in {organisation.name} already.")
    if find_waiting_claim(by, organisation):
        raise already
    claim = Claim(person=by, organisation=organisation, reason=reason, made_at=clock.now())
    session().add(claim)
    try:
        session().flush()
    except IntegrityError:
        raise already from None
    audit.record("claim", claim, by=by, facts={"organisation": organisation.id})
    letters.asked_to_join(claim, [m.person for m in members_of(organisation) if m.role == LEAD], link)
    return claim


def accept_claim(claim: Claim, *, by: Person) -> None:
    """Let somebody join: as lead where there is none, else as staff. Moves: claim waiting -> accepted."""
    claim.move("accept")
    claim.answered_at = clock.now()
    role = STAFF if count_members(claim.organisation, LEAD) else LEAD
    audit.record("accept_claim", claim, by=by, facts={"organisation": claim.organisation_id, "role": role})
    admit_person(claim.person, claim.organisation, role, by=by)
    letters.claim_answered(claim, is_accepted=True)


def refuse_claim(claim: Claim, *, by: Person) -> None:
    """Let somebody not join. Moves: claim waiting -> refused."""
    claim.move("refuse")
    claim.answered_at = clock.now()
    audit.record("refuse_claim", claim, by=by, facts={"organisation": claim.organisation_id})
    letters.claim_answered(claim, is_accepted=False)


def withdraw_claim(claim: Claim, *, by: Person) -> None:
    """Take one's own request back. Moves: claim waiting -> cancelled."""
    claim.move("withdraw")
    claim.answered_at = clock.now()
    audit.record("withdraw_claim", claim, by=by, facts={"organisation": claim.organisation_id})
