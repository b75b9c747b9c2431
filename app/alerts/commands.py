"""Telling people: a notice becomes notifications, and mail where it matters."""

from typing import Any

from sqlalchemy import select, update

from app.accounts.models import Person
from app.alerts.hearing import RULES, Rule, need_of, path_of, subject_of
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
    hearers = people(rule.hearers(thing) - told)
    for person in hearers:
        _tell(person, notice, rule, thing, address)
    return len(hearers)


def _tell(person: Person, notice: Notice, rule: Rule, thing: Any, address: str) -> None:
    text, path = rule.text.format(title=need_of(thing).title)[:300], path_of(thing, rule)
    notification = Notification(notice_id=notice.id, person_id=person.id, text=text, path=path, told_at=clock.now())
    session().add(notification)
    if rule.by_mail:
        body = f"Hello {person.name},\n\n{text}.\n\n{address}{path}\n\nClarion\n"
        mail.post(to=person.email, subject=text, body=body)


def mark_all_read(*, by: Person) -> None:
    """The person has seen their notifications."""
    unread = update(Notification).where(Notification.person_id == by.id, Notification.read_at.is_(None))
    session().execute(unread.values(read_at=clock.now()))
