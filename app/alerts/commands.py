"""Telling people: a notice becomes notifications, and mail where it matters or is wanted."""

from collections.abc import Collection, Mapping

from sqlalchemy import update

from app.accounts.models import Person
from app.alerts.digests.commands import choose_mail
from app.alerts.digests.stopping import ALERT, TOPIC, Stop, address_to
from app.alerts.follows.hearing import followers_of, words_for_followers
from app.alerts.hearing import RULES, Rule, hearers_of, path_of, subject_of, words_of
from app.alerts.models import AT_ONCE, HOW_OFTEN, Alert, Notification
from app.alerts.queries import choices_of, doers_of, people, told_of
from app.alerts.topics import TOPICS, how_mailed, topic_of
from app.kernel import audit, clock, mail
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.notices import Notice

ASKS = "Clarion sends you this because of your role there, and you cannot stop it: it asks for an act, or proves one."


def deliver_notice(notice: Notice, address: str) -> int:
    """Tell everybody whom a notice concerns, once; `address` is where this site is. How many were told."""
    rule = RULES.get(notice.kind)
    thing = subject_of(notice, rule) if rule else None
    if rule is None or thing is None:
        return 0
    told = told_of(notice)
    hearers = people(hearers_of(notice, rule, thing) - told)
    text, path = words_of(notice, rule, thing), path_of(thing, rule)
    choices = choices_of([person.id for person in hearers])
    for person in hearers:
        how = how_mailed(notice.kind, rule.by_mail, choices.get(person.id, {}))
        _tell(person, notice, text, path, how)
        if how == AT_ONCE:
            _mail(person, notice, text, f"{address}{path}", _stop_of(person, notice.kind))
    return len(hearers) + _tell_followers(notice, rule, thing, text, address, told | {each.id for each in hearers})


def _tell_followers(notice: Notice, rule: Rule, thing: object, text: str, address: str, told: Collection[str]) -> int:
    """Who follows and has no part in it hears what everybody can read; who did it hears nothing."""
    follows = followers_of(notice, thing)
    if not follows:
        return 0
    doers = doers_of(notice.subject, rule.done_by, notice.at) if rule.done_by else set()
    hearers = people(follows.keys() - told - doers)
    said, path = words_for_followers(notice, thing, text)  # type: ignore[arg-type]
    for person in hearers:
        follow: Alert = follows[person.id]
        _tell(person, notice, said, path, follow.how_often)
        if follow.how_often == AT_ONCE:
            _mail(person, notice, said, f"{address}{path}", address_to(Stop(ALERT, follow.id)))
    return len(hearers)


def _tell(person: Person, notice: Notice, text: str, path: str, how: str) -> None:
    row = Notification(notice_id=notice.id, person_id=person.id, text=text, path=path, told_at=clock.now(), mail=how)
    session().add(row)


def _stop_of(person: Person, kind: str) -> str:
    topic = topic_of(kind)
    return address_to(Stop(TOPIC, person.id, topic.key)) if topic else ""


def _mail(person: Person, notice: Notice, text: str, link: str, stop: str) -> None:
    mail.post(
        to=person.email, subject=text, body=letter(person, text, _reason(notice), link, stop), unsubscribe_url=stop
    )


def _reason(notice: Notice) -> str:
    """What was given as the reason, where the notice tells one."""
    reason = notice.facts.get("reason")
    return f"The reason given: {reason.strip()}\n\n" if isinstance(reason, str) and reason.strip() else ""


def letter(person: Person, text: str, reason: str, link: str, stop: str = "") -> str:
    """The body of a mail about a notification; `stop` is the address that ends such mail, where one can."""
    ending = f"To stop mail like this:\n{stop}" if stop else ASKS
    return (
        f"Hello {person.name},\n\n{text}.\n\n{reason}Read more:\n{link}\n\n"
        f"{ending}\nDo not reply: nobody reads this address.\n"
    )


def mark_all_read(*, by: Person) -> None:
    """The person has seen their notifications."""
    unread = update(Notification).where(Notification.person_id == by.id, Notification.read_at.is_(None))
    session().execute(unread.values(read_at=clock.now()))


def mark_read(notification: Notification, *, by: Person) -> None:
    """The person has seen one of their notifications."""
    if notification.read_at is None:
        notification.read_at = clock.now()
        audit.record("read_notification", notification, by=by)


def choose_all_mail(choices: Mapping[str, str], *, by: Person) -> None:
    """Have the mail about each of these topics go as chosen, where that is another way than before."""
    known = choices_of([by.id]).get(by.id, {})
    for topic, how_often in choices.items():
        if topic not in TOPICS or how_often not in HOW_OFTEN:
            raise Conflict("Choose how often you want this mail.")
        if known.get(topic, TOPICS[topic].usual) != how_often:
            choose_mail(by.id, topic, how_often)
