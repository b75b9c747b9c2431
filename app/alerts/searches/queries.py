"""Reading a person's own alerts, and which alerts a published need may concern."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import PROVIDER_ROLES, Membership, Person
from app.alerts.models import FIT, NEVER, SEARCH, Alert, AlertFinding
from app.alerts.policy import owns
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.needs.models import DRAFT, Need, RungMove
from app.providers.models import Provider
from app.providers.queries import providers_of

WHOLE = (joinedload(Alert.provider).joinedload(Provider.organisation), joinedload(Alert.need))


def get_own_alert(alert_id: str, person: Person | None) -> Alert:
    """The person's own alert; another's does not exist for them."""
    found = session().scalar(select(Alert).where(Alert.id == alert_id).options(*WHOLE))
    if found is None or not owns(person, found):
        raise NotFound
    return found


def alerts_of(person: Person) -> Sequence[Alert]:
    """All alerts of a person, the oldest first."""
    own = select(Alert).where(Alert.person_id == person.id).order_by(Alert.created_at, Alert.id)
    return session().scalars(own.options(*WHOLE)).all()


def count_alerts(person: Person, kind: str) -> int:
    """How many alerts of a kind the person has."""
    counted = select(func.count()).where(Alert.person_id == person.id, Alert.kind == kind)
    return session().scalar(counted) or 0


def unwatched_providers(person: Person, alerts: Sequence[Alert]) -> list[Provider]:
    """The person's providers without an alert of the needs that fit them."""
    watched = {alert.provider_id for alert in alerts}
    return [each for each in providers_of(person) if each.id not in watched]


def find_alert_of(person: Person, *, provider: Provider | None = None, query: str = "") -> Alert | None:
    """The person's alert for a provider, or for the same search, where they have one."""
    own = select(Alert).where(Alert.person_id == person.id)
    wanted = Alert.provider_id == provider.id if provider else (Alert.kind == SEARCH) & (Alert.query == query)
    return session().scalar(own.where(wanted).limit(1))


def findings_of(alert: Alert) -> Select[AlertFinding]:
    """What an alert found and may still be read by everybody, the newest first, to be paged."""
    found = select(AlertFinding).join(Need).where(AlertFinding.alert_id == alert.id, Need.state != DRAFT)
    ordered = found.order_by(AlertFinding.found_at.desc(), AlertFinding.id)
    return ordered.options(joinedload(AlertFinding.need).options(selectinload(Need.department)))


def last_steps(need_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these needs was published, or last moved on the ladder."""
    steps = select(RungMove.need_id, func.max(RungMove.at)).where(RungMove.need_id.in_(need_ids))
    moved = steps.where(RungMove.from_rung != RungMove.to_rung).group_by(RungMove.need_id)
    return {row[0]: row[1] for row in session().execute(moved)}


def listening(kind: str, at: datetime, need_id: str) -> Sequence[Alert]:
    """The alerts of a kind that were listening at a moment, and have not told of this need."""
    told = select(AlertFinding.alert_id).where(AlertFinding.need_id == need_id)
    wanted = select(Alert).join(Person, Person.id == Alert.person_id)
    active = wanted.where(Alert.kind == kind, Alert.how_often != NEVER, Alert.paused_at.is_(None))
    fresh = active.where(Alert.active_since <= at, Person.erased_at.is_(None), Alert.id.not_in(told))
    return session().scalars(_of_staff(fresh) if kind == FIT else fresh).all()


def _of_staff(alerts: Select[Alert]) -> Select[Alert]:
    """Those whose owner works for the provider still."""
    staff = select(Membership.id).join(Provider, Provider.organisation_id == Membership.organisation_id)
    here = staff.where(
        Provider.id == Alert.provider_id,
        Membership.person_id == Alert.person_id,
        Membership.role.in_(PROVIDER_ROLES),
        Membership.left_at.is_(None),
    )
    return alerts.where(here.exists())
