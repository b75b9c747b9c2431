"""Reading coalitions: parts, and invitations as each side may know them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import PROVIDER_ROLES, Membership, Organisation, Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import LIVE, Need
from app.needs.queries import WHOLE as WHOLE_NEED
from app.providers.models import Provider
from app.providers.queries import providers_of
from app.responses.coalitions import policy
from app.responses.coalitions.models import ACCEPTED, JOINED, SENT, WAITING, Part, PartnerInvitation
from app.responses.coalitions.terms import is_agreed
from app.responses.models import DRAFT, Response
from app.responses.queries import PARTS

MOST_NAMED = 10
WHOLE: tuple[Any, ...] = (
    joinedload(PartnerInvitation.provider).joinedload(Provider.organisation),
    joinedload(PartnerInvitation.response).options(
        joinedload(Response.provider).joinedload(Provider.organisation), PARTS
    ),
    selectinload(PartnerInvitation.need).options(*WHOLE_NEED),
    selectinload(PartnerInvitation.requirements),
)


def get_invitation(invitation_id: str, person: Person | None) -> PartnerInvitation:
    """An invitation, to both sides of it."""
    wanted = select(PartnerInvitation).where(PartnerInvitation.id == invitation_id).options(*WHOLE)
    found = session().scalar(wanted) if person and invitation_id.isalnum() else None
    if found is None or not policy.may_see_invitation(person, found):
        raise NotFound
    return found


def get_part(part_id: str, person: Person | None) -> Part:
    """A part in a response, to those who may read the response."""
    found = session().get(Part, part_id) if person and part_id.isalnum() else None
    if found is None or found.joined_at is None or not policy.may_see_coalition(person, found.response):
        raise NotFound
    return found


def find_part(need: Need, provider: Provider) -> Part | None:
    """The provider's one part in the answers to a need, alone or as a partner."""
    return session().scalar(select(Part).where(Part.need_id == need.id, Part.provider_id == provider.id))


def find_invitation(response: Response, provider: Provider) -> PartnerInvitation | None:
    """What the lead asked this provider."""
    ids = {"response_id": response.id, "provider_id": provider.id}
    return session().scalar(select(PartnerInvitation).filter_by(**ids).options(*WHOLE))


def invitations_of(response: Response) -> list[PartnerInvitation]:
    """Whom the lead asked, in the order of asking."""
    wanted = select(PartnerInvitation).where(PartnerInvitation.response_id == response.id)
    return list(session().scalars(wanted.order_by(PartnerInvitation.sent_at, PartnerInvitation.id).options(*WHOLE)))


def invitations_to(person: Person) -> list[PartnerInvitation]:
    """What the person's providers were asked and have not ended, in live needs, the newest first."""
    wanted = _to(person).order_by(PartnerInvitation.sent_at.desc(), PartnerInvitation.id)
    return [each for each in session().scalars(wanted) if policy.is_invited(person, each)]


def _to(person: Person) -> Select[PartnerInvitation]:
    mine = [provider.id for provider in providers_of(person)]
    waiting = PartnerInvitation.state.in_(WAITING)
    of_mine = select(PartnerInvitation).join(Need).where(PartnerInvitation.provider_id.in_(mine), waiting)
    return of_mine.where(Need.state == LIVE).options(*WHOLE)


def providers_named(name: str, response: Response) -> list[Provider]:
    """Other open providers with this in their name, at most ten: whoever is public, whether they answer or not."""
    if not name:
        return []
    like = Organisation.name.icontains(name, autoescape=True)
    wanted = select(Provider).join(Provider.organisation).where(like, Provider.id != response.provider_id)
    found = session().scalars(
        wanted.order_by(Organisation.name, Provider.id).options(joinedload(Provider.organisation))
    )
    return [each for each in found if each.organisation.is_open][:MOST_NAMED]


# The desk


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Invitations to answer, partners to confirm, terms to confirm and requirements to answer as a partner."""
    return [*_asked(person, now), *_accepted(person, now), *_as_partner(person, now)]


def _asked(person: Person, now: datetime) -> list[Awaiting]:
    due = _to(person).where(PartnerInvitation.state == SENT, Need.deadline_at > now)
    return [
        _line(f"{each.response.provider.name} asks you to answer together: {each.need.title}", each)
        for each in session().scalars(due.order_by(Need.deadline_at, PartnerInvitation.id))
        if policy.is_invited(person, each)
    ]


def _accepted(person: Person, now: datetime) -> list[Awaiting]:
    mine = [provider.id for provider in providers_of(person)]
    accepted = select(PartnerInvitation).join(Response).join(Need, Need.id == PartnerInvitation.need_id)
    accepted = accepted.where(Response.provider_id.in_(mine), PartnerInvitation.state == ACCEPTED)
    due = accepted.where(Need.state == LIVE, Need.deadline_at > now).order_by(Need.deadline_at, PartnerInvitation.id)
    return [
        _line(f"{each.provider.name} would answer with you: {each.need.title}", each)
        for each in session().scalars(due.options(*WHOLE))
        if policy.may_confirm_partner(person, each)
    ]


def _line(text: str, invitation: PartnerInvitation) -> Awaiting:
    return Awaiting(
        text,
        "coalitions.invitation",
        {"invitation_id": invitation.id},
        since=invitation.answered_at or invitation.sent_at,
        due_at=invitation.need.deadline_at,
        group="Responses",
    )


def _as_partner(person: Person, now: datetime) -> list[Awaiting]:
    mine = [provider.id for provider in providers_of(person)]
    joined = select(Part).join(Response).join(Need, Need.id == Part.need_id)
    joined = joined.where(Part.provider_id.in_(mine), ~Part.is_lead, Part.joined_at.is_not(None))
    due = joined.where(Response.state == DRAFT, Need.state == LIVE, Need.deadline_at > now)
    whole = joinedload(Part.response).options(joinedload(Response.need).options(*WHOLE_NEED), PARTS)
    return [
        Awaiting(
            f"{_owed(part)}: {part.response.need.title}",
            "coalitions.show",
            {"response_id": part.response_id},
            since=part.joined_at or now,
            due_at=part.response.need.deadline_at,
            group="Responses",
        )
        for part in session().scalars(due.order_by(Need.deadline_at, Part.id).options(whole))
        if policy.may_see_coalition(person, part.response)
    ]


def _owed(part: Part) -> str:
    return "Answer your requirements" if is_agreed(part) else "Answer and confirm your part"


def joined_once(person: Person) -> Select[str]:
    """The ids of the needs whose shared answers the person's providers could read, also those that left since."""
    asked = select(PartnerInvitation.need_id).join(Provider)
    employed = asked.join(Membership, Membership.organisation_id == Provider.organisation_id)
    is_lasting = Membership.left_at.is_(None) | (Membership.left_at >= PartnerInvitation.joined_at)
    theirs = employed.where(Membership.person_id == person.id, Membership.role.in_(PROVIDER_ROLES), is_lasting)
    return theirs.where(PartnerInvitation.joined_at.is_not(None))


def invitation_of(part: Part) -> PartnerInvitation | None:
    """The invitation by which a partner joined."""
    wanted = select(PartnerInvitation).where(PartnerInvitation.state == JOINED)
    return session().scalar(wanted.filter_by(response_id=part.response_id, provider_id=part.provider_id))
