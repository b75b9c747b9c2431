"""Short makers of coalitions, for use inside `with transaction():`. They go through the commands."""

from app.accounts.models import Person
from app.kernel import audit
from app.needs.models import Requirement
from app.providers.models import Provider
from app.providers.queries import evidence_of
from app.responses.coalitions import commands, queries
from app.responses.coalitions.models import Part, PartnerInvitation
from app.responses.coalitions.terms import parts_of, terms_of
from app.responses.commands import answer_requirement, submit_response
from app.responses.models import Response
from tests.responses import make as make_response


def invited(
    response: Response,
    partner: Provider,
    *,
    by: Person,
    words: str = "Shall we?",
    requirements: list[Requirement] | None = None,
) -> PartnerInvitation:
    """A lead's question to a provider, for the last requirement where none is named."""
    asked = requirements or response.need.requirements[-1:]
    return commands.invite_partner(response, partner, requirements=asked, words=words, by=by)


def joined(response: Response, partner: Provider, *, by: Person, partner_by: Person | None = None) -> Part:
    """A partner that was asked, accepted, and was confirmed."""
    invitation = invited(response, partner, by=by)
    commands.accept_invitation(invitation, by=partner_by or make_response.staff(partner))
    return commands.confirm_partner(invitation, by=by)


def settled(response: Response, *, by: Person, people: dict[str, Person], words: str = "Its own work.") -> None:
    """Equal shares, liabilities, every requirement given to somebody, answered, and confirmed by the partners."""
    parts = parts_of(response)
    count = len(parts)
    free = [r for r in response.need.requirements if all(r.id not in part.requirement_ids for part in parts)]
    for part in parts:
        share = 100 // count if not part.is_lead else 100 - 100 // count * (count - 1)
        own = [r for r in response.need.requirements if r.id in part.requirement_ids]
        wanted = own + free if part.is_lead else own
        commands.state_terms(part, share_percent=share, liability=f"{words} {share}", requirements=wanted, by=by)
    for part in parts[1:]:
        partner_by = people[part.provider_id]
        for requirement in response.need.requirements:
            if requirement.id in part.requirement_ids:
                own_evidence = evidence_of(part.provider, partner_by)[:1]
                answer_requirement(response, requirement, text=words, evidence=own_evidence, by=partner_by)
        commands.agree_terms(part, seen=audit.fingerprint(terms_of(part)), by=partner_by)


def submitted(
    response: Response, partner: Provider, *, by: Person, partner_by: Person, words: str = "Its own work."
) -> Part:
    """A coalition of two that was settled and submitted."""
    part = joined(response, partner, by=by, partner_by=partner_by)
    settled(response, by=by, people={partner.id: partner_by}, words=words)
    submit_response(response, by=by)
    return part


def invitation_of(part: Part) -> PartnerInvitation:
    """The invitation by which a partner joined."""
    found = queries.invitation_of(part)
    assert found is not None
    return found
