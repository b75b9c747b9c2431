"""Reading who follows a need: for whom it is told, and for the person's own button."""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.models import FOLLOW, Alert
from app.kernel.db import session
from app.needs.models import Need


def find_follow(person: Person, need: Need) -> Alert | None:
    """The person's own following of a need."""
    return session().scalar(select(Alert).where(Alert.person_id == person.id, Alert.need_id == need.id))


def follows_of(need: Need) -> Sequence[Alert]:
    """Those who chose to follow a need and did not pause it: for telling them, and for nobody's eyes."""
    active = select(Alert).join(Person, Person.id == Alert.person_id).where(Alert.kind == FOLLOW)
    here = active.where(Alert.need_id == need.id, Alert.paused_at.is_(None), Person.erased_at.is_(None))
    return session().scalars(here).all()
