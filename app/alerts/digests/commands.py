"""Telling what alerts found: each need once for each alert, each digest once for its period; and stopping it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.alerts.digests import letters
from app.alerts.digests.queries import has_digest, untold_findings, untold_notifications
from app.alerts.digests.stopping import ALERT, PERIOD, Stop, address_to
from app.alerts.models import AT_ONCE, FOLLOW, NEVER, Alert, AlertFinding, Digest, MailChoice, Notification
from app.alerts.searches.finding import News
from app.kernel import audit, clock, instance, jobs, mail
from app.kernel.db import session

TELL = "alerts.tell"
# what is published within it goes into one mail
BATCHED_WITHIN = timedelta(seconds=45)


def note_findings(need_id: str, news: Sequence[News]) -> int:
    """Note that alerts found a need, where they have not before, and have those told that want it at once."""
    noted = select(AlertFinding.alert_id).where(AlertFinding.need_id == need_id)
    told = set(session().scalars(noted))
    reasons = {each.alert_id: each.reason for each in news if each.alert_id not in told}
    alerts = session().scalars(select(Alert).where(Alert.id.in_(reasons), Alert.paused_at.is_(None))).all()
    rows = [AlertFinding(alert_id=each.id, need_id=need_id, reason=reasons[each.id]) for each in alerts]
    for row in rows:
        row.found_at = clock.now()
    session().add_all(rows)
    for person_id in sorted({each.person_id for each in alerts if each.how_often == AT_ONCE}):
        jobs.enqueue(TELL, {"person_id": person_id}, run_at=clock.now() + BATCHED_WITHIN)
    return len(rows)


def write_digest(person_id: str, how_often: str, period: str) -> Digest | None:
    """Tell a person all that waits, in one mail: once for a period, and only when there is something."""
    person = session().get(Person, person_id)
    if person is None or person.erased_at or has_digest(person_id, how_often, period):
        return None
    found = untold_findings(person, how_often)
    told = letters.Told(person, how_often, found, untold_notifications(person, how_often))
    if not told.count:
        return None
    digest = Digest(person_id=person_id, how_often=how_often, period=period, written_at=clock.now())
    session().add(digest)
    session().flush()
    for finding in told.findings:
        finding.digest_id = digest.id
    for notification in told.notifications:
        notification.digest_id = digest.id
    _mail(told)
    audit.record("write_digest", digest, by=None, facts={"how_often": how_often, "period": period})
    return digest


def _mail(told: letters.Told) -> None:
    stop = address_to(Stop(PERIOD, told.person.id, told.how_often))
    text = letters.body(told, instance.address(), stop)
    mail.post(to=told.person.email, subject=letters.subject(told), body=text, unsubscribe_url=stop)


def stop_mail(stop: Stop) -> None:
    """Stop what a signed address names, for whom it was mailed to; nothing is deleted, and twice is as once."""
    if stop.what == ALERT:
        _silence(select(Alert).where(Alert.id == stop.whose))
        return
    if session().get(Person, stop.whose) is None:
        return
    if stop.what == PERIOD:
        _stop_period(stop.whose, stop.which)
    else:
        choose_mail(stop.whose, stop.which, NEVER)


def _stop_period(person_id: str, how_often: str) -> None:
    """A followed need has an address of its own in what is mailed at once."""
    own = select(Alert).where(Alert.person_id == person_id, Alert.how_often == how_often)
    _silence(own.where(Alert.kind != FOLLOW) if how_often == AT_ONCE else own)
    if how_often == AT_ONCE:
        return
    choices = select(MailChoice).where(MailChoice.person_id == person_id, MailChoice.how_often == how_often)
    for choice in session().scalars(choices):
        choose_mail(person_id, choice.topic, NEVER)
    waiting = update(Notification).where(Notification.person_id == person_id, Notification.mail == how_often)
    session().execute(waiting.where(Notification.digest_id.is_(None)).values(mail=NEVER))


def _silence(wanted: Select[Alert]) -> None:
    for alert in session().scalars(wanted):
        if alert.how_often != NEVER:
            audit.record("unsubscribe", alert, by=alert.person, facts={"before": alert.how_often, "after": NEVER})
            alert.how_often = NEVER


def choose_mail(person_id: str, topic: str, how_often: str) -> None:
    """Have the mail about a topic go another way from now on."""
    own = select(MailChoice).where(MailChoice.person_id == person_id, MailChoice.topic == topic)
    choice = session().scalar(own)
    if choice is None:
        choice = MailChoice(person_id=person_id, topic=topic, how_often=how_often)
        try:
            with session().begin_nested():
                session().add(choice)
                session().flush()
        except IntegrityError:
            choice = session().scalars(own).one()
    before, choice.how_often = choice.how_often, how_often
    person = session().get_one(Person, person_id)
    audit.record("choose_mail", choice, by=person, facts={"topic": topic, "before": before, "after": how_often})
