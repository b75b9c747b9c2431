"""What digests are to tell: findings and notifications that no digest has told of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.alerts.models import FIT, Alert, AlertFinding, Digest, Notification
from app.alerts.policy import may_hear_of_fit
from app.kernel.db import session
from app.needs.models import LIVE, Need
from app.providers.models import Provider


def people_to_tell(how_often: str) -> Sequence[str]:
    """The ids of those for whom a digest of this frequency would hold something."""
    findings = select(Alert.person_id).join(AlertFinding, AlertFinding.alert_id == Alert.id)
    waiting = findings.where(*_untold(how_often))
    notified = select(Notification.person_id).where(
        Notification.mail == how_often, Notification.digest_id.is_(None), Notification.read_at.is_(None)
    )
    return session().scalars(union(waiting, notified)).all()


def _untold(how_often: str) -> tuple[ColumnElement[bool], ...]:
    return (
        AlertFinding.digest_id.is_(None),
        AlertFinding.found_at >= Alert.active_since,
        Alert.how_often == how_often,
        Alert.paused_at.is_(None),
    )


def untold_findings(person: Person, how_often: str) -> list[AlertFinding]:
    """What a person's alerts of this frequency found and is still to be told, alert by alert."""
    wanted = select(AlertFinding).join(Alert, Alert.id == AlertFinding.alert_id).join(AlertFinding.need)
    found = wanted.where(Alert.person_id == person.id, *_untold(how_often), Need.state == LIVE)
    whole = (
        joinedload(AlertFinding.need).options(selectinload(Need.department)),
        joinedload(AlertFinding.alert).joinedload(Alert.provider).joinedload(Provider.organisation),
        joinedload(AlertFinding.alert).joinedload(Alert.need),
    )
    rows = session().scalars(found.order_by(Alert.created_at, Alert.id, AlertFinding.found_at).options(*whole)).unique()
    return [row for row in rows if _may_be_told(person, row)]


def _may_be_told(person: Person, finding: AlertFinding) -> bool:
    """An open call that closed meanwhile is no news, and who left a provider hears no more of what fits it."""
    provider = finding.alert.provider
    is_theirs = finding.alert.kind != FIT or (provider is not None and may_hear_of_fit(person, provider))
    return is_theirs and not finding.need.is_past_deadline


def untold_notifications(person: Person, how_often: str) -> Sequence[Notification]:
    """Unread notifications whose mail is of this frequency, the oldest first."""
    own = select(Notification).where(Notification.person_id == person.id, Notification.mail == how_often)
    waiting = own.where(Notification.digest_id.is_(None), Notification.read_at.is_(None))
    return session().scalars(waiting.order_by(Notification.told_at, Notification.id)).all()


def has_digest(person_id: str, how_often: str, period: str) -> bool:
    """Whether this period's digest was written."""
    same = select(Digest.id).where(Digest.person_id == person_id, Digest.how_often == how_often)
    return session().scalar(same.where(Digest.period == period)) is not None
