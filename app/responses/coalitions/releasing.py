"""Taking a part in a response and giving it up again: what one provider does once in a need, whatever its way in."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.providers.people.queries import team_of
from app.responses.coalitions.models import JOINED, WAITING, Part, PartnerInvitation
from app.responses.coalitions.queries import invitations_of
from app.responses.models import Answer, Response


def take_lead(response: Response) -> Part:
    """Give a response that begins its lead's part; whoever adds the row meets the one part of a provider in a need."""
    return Part(response=response, provider=response.provider, is_lead=True, joined_at=clock.now())


def release_all(response: Response, *, by: Person) -> None:
    """Have everybody free to answer otherwise. Moves: invitations sent, accepted -> taken back, joined -> released."""
    for invitation in invitations_of(response):
        if invitation.state in (*WAITING, JOINED):
            end_invitation(invitation, "release" if invitation.state == JOINED else "take_back", "", by=by)
    drop_parts(response, [part for part in response.parts if part.is_lead])


def end_invitation(invitation: PartnerInvitation, verb: str, ending: str, *, by: Person) -> None:
    """End an invitation or a partnership in the answer, with the provider's part and what it wrote there."""
    invitation.move(verb)
    invitation.ended_at = clock.now()
    if ending:  # what stands sealed is left alone where there is nothing to add: its seal may be broken
        invitation.ending = ending
    response = invitation.response
    drop_parts(response, [part for part in response.parts if part.provider_id == invitation.provider_id])
    audit.record(verb, invitation, by=by)
    notices.post(f"partner.{verb}", subject=invitation)


def drop_parts(response: Response, parts: list[Part]) -> None:
    """Take parts away; the answers that partners wrote are theirs, and go with them, as their people do."""
    for part in parts:
        if not part.is_lead:
            for answer in _written_by(part, response):
                response.answers.remove(answer)
            _drop_people(response, part)
        response.parts.remove(part)
    session().flush()


def _written_by(part: Part, response: Response) -> list[Answer]:
    """What the partner answered; what another had written before the requirement was given to it stays."""
    its_own = [each for each in response.answers if each.requirement_id in part.requirement_ids]
    return [each for each in its_own if each.written_by in ("", part.provider_id)]


def _drop_people(response: Response, part: Part) -> None:
    gone = {member.id for member in team_of(part.provider)}
    if any(place.member in gone for place in response.team):
        response.team = [place for place in response.team if place.member not in gone]
