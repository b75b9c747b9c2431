"""Telling people: a notice becomes notifications, and mail where it matters."""

from sqlalchemy import select, update

from app.accounts.models import Person
from app.alerts.hearing import RULES, hearers_of, path_of, subject_of, words_of
from app.alerts.models import Notification
from app.alerts.queries import people
from app.kernel import clock, mail
from app.kernel.db import session
from app.kernel.notices import Notice


def deliver_notice(notice: Notice, address: str) -> int:
    """Tell everybody whom a notice concerns, once; `address` is where this site is. How many were told."""
    rule = RULES.get(notice.kind)
    thing = subject_of(notice, rule) if rule else None
    if rule is None or thing is None:
        return 0
    told = set(session().scalars(select(Notification.person_id).where(Notification.notice_id == notice.id)))
    text, path = words_of(notice, rule, thing), path_of(thing, rule)
    hearers = people(hearers_of(notice, rule, thing) - told)
    for person in hearers:
        _tell(person, notice, text, path)
        if rule.by_mail:
            mail.post(to=person.email, subject=text, body=letter(person, text, _reason(notice), f"{address}{path}"))
    return len(hearers)


def _tell(person: Person, notice: Notice, text: str, path: str) -> None:
    session().add(Notification(notice_id=notice.id, person_id=person.id, text=text, path=path, told_at=clock.now()))


def _reason(notice: Notice) -> str:
    """What was given as the reason, where the notice tells one."""
    reason = notice.facts.get("reason")
    return f"The reason given: {reason.strip()}\n\n" if isinstance(reason, str) and reason.strip() else ""


def letter(person: Person, text: str, reason: str, link: str) -> str:
    """The body of a mail about a notification."""
    return (
        f"Hello {person.name},\n\n{text}.\n\n{reason}Read more:\n{link}\n\n"
        "Clarion sends you this because of your role there. Do not reply: nobody reads this address.\n"
    )


def mark_all_read(*, by: Person) -> None:
    """The person has seen their notifications."""
    unread = update(Notification).where(Notification.person_id == by.id, Notification.read_at.is_(None))
    session().execute(unread.values(read_at=clock.now()))
