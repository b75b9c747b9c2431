"""Reading requests of departments to join a need."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.joint.policy import may_decline_joining, speaks_for
from app.needs.models import ASKED, CLOSED, CONCLUDED, LIVE, WITHDRAWN, Need, NeedPartner
from app.needs.policy import may_publish_need
from app.needs.queries import WHOLE, select_needs_of


def get_partner(partner_id: str, person: Person | None) -> NeedPartner:
    """A department's joining, for those who speak for it and who publish the need."""
    wanted = select(NeedPartner).where(NeedPartner.id == partner_id)
    found = session().scalar(wanted.options(joinedload(NeedPartner.need).options(*WHOLE)))
    if found is None or not (speaks_for(person, found) or may_publish_need(person, found.need)):
        raise NotFound
    return found


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Departments that ask to join a need which the person publishes."""
    theirs = select_needs_of(person, LIVE, CLOSED, CONCLUDED, WITHDRAWN).with_only_columns(Need.id).order_by(None)
    asked = select(NeedPartner).where(NeedPartner.need_id.in_(theirs), NeedPartner.state == ASKED)
    whole = joinedload(NeedPartner.need).options(selectinload(Need.partners), *WHOLE)
    return [
        Awaiting(
            f"{each.department.name} asks to join: {each.need.title}",
            "joint.departments",
            {"need_id": each.need_id},
            since=each.asked_at,
            group="Needs",
        )
        for each in session().scalars(asked.order_by(NeedPartner.asked_at).options(whole))
        if may_decline_joining(person, each)
    ]
