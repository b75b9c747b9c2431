"""Needs in which only invited organisations take part: what awaits the staff of those, until they have taken it up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, union

from app.accounts.models import PROVIDER_ROLES, Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.matching.fitting import invited_needs
from app.needs.models import OPEN, Need
from app.providers.models import Provider
from app.responses.coalitions.models import Part
from app.responses.models import Interest, Response
from app.responses.policy import is_on_buying_side


def awaiting(person: Person, _now: datetime) -> list[Awaiting]:
    """Live needs to which the person's organisations were invited, without those that they have taken up already."""
    ids = [each.id for each in person.organisations(*PROVIDER_ROLES)]
    needs = [each for each in invited_needs(ids) if not is_on_buying_side(person, each)] if ids else []
    taken_up = _taken_up(ids, needs)
    return [
        Awaiting(
            f"You can take part, and not everybody can: {need.title}",
            "needs.show",
            {"need_id": need.id},
            since=need.published_at or need.created_at,
            due_at=need.deadline_at if need.rung == OPEN else None,
            group="Invitations",
        )
        for need in needs
        if need.id not in taken_up
    ]


def _taken_up(organisation_ids: Sequence[str], needs: Sequence[Need]) -> set[str]:
    """The needs with a response of theirs or, below open, with their interest."""
    own = select(Provider.id).where(Provider.organisation_id.in_(organisation_ids))
    wanted = [each.id for each in needs]
    below = [each.id for each in needs if each.rung != OPEN]
    answered = select(Response.need_id).where(Response.provider_id.in_(own), Response.need_id.in_(wanted))
    interested = select(Interest.need_id).where(Interest.provider_id.in_(own), Interest.need_id.in_(below))
    joined = select(Part.need_id).where(Part.provider_id.in_(own), Part.need_id.in_(wanted))
    return set(session().scalars(union(answered, joined))) | set(session().scalars(interested))
