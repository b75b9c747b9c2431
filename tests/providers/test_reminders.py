"""Reminders that accreditations end: who gets them, on which days, and each once."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.alerts.models import Notification
from app.kernel import audit, clock, db, jobs
from app.kernel.db import reading, session, transaction
from app.kernel.mail import OutboxMail
from app.providers.accreditations import commands
from app.providers.accreditations.jobs import remind
from app.providers.accreditations.models import Accreditation, AccreditationReminder
from app.providers.models import Provider
from tests import make
from tests.providers import make as make_provider

START, END = date(2027, 1, 4), date(2027, 6, 30)
FACTS: dict[str, Any] = {
    "standard": "iso27001",
    "scheme": "",
    "number": "IS 1",
    "issuer": "A certifier",
    "valid_from": None,
    "valid_until": END,
    "link": "",
}


def morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)


@pytest.fixture
def world(store: db.Database) -> Thing:
    """A provider with two people, and an accreditation that ends on END, seen months before."""
    with clock.at(morning(START)), transaction():
        provider = make_provider.provider()
        staff = make.staff(provider.organisation, "Ada")
        make.lead(provider.organisation, "Bea")
        make.staff(make.supplier(), "Rival")
        held = commands.add_accreditation(provider, by=staff, **FACTS)
    return Thing(provider=provider, staff=staff, held=held)


def live(first: date, last: date, times_a_day: int = 3) -> None:
    """Let days pass, on each of which the daily work runs several times, and its notices are delivered."""
    day = first
    while day <= last:
        with clock.at(morning(day)):
            for _ in range(times_a_day):
                remind({})
            while jobs.run_due():
                pass
        day += timedelta(days=1)


def sent_days() -> list[tuple[int, int]]:
    """For each reminder: which one it was, and how many days after the end it was sent."""
    with reading():
        told = session().scalars(select(AccreditationReminder).order_by(AccreditationReminder.sent_at)).all()
        return [(each.days_after, (each.sent_at.date() - each.valid_until).days) for each in told]


def test_a_year_of_days_brings_each_reminder_once_on_its_day_to_the_staff_alone(world: Thing) -> None:
    live(START, START + timedelta(days=365), times_a_day=2)
    assert sent_days() == [(days, days) for days in (-28, -14, 0, 7, 14, 21, 28)]
    with reading():
        names = session().scalars(select(Notification.person_id))
        assert set(Counter(names).values()) == {7}
        subjects = Counter(session().scalars(select(OutboxMail.subject)))
        title = "Your accreditation “ISO/IEC 27001 information security”"
        assert subjects == {
            f"{title} ends on 30 June 2027": 4,
            f"{title} ends today, 30 June 2027": 2,
            f"{title} ended on 30 June 2027": 8,
        }
        paths = set(session().scalars(select(Notification.path)))
        assert paths == {f"/accreditations/{world.held.id}/edit"}
        verbs = [entry.verb for entry in audit.entries_about(world.held)]
        assert verbs == ["add_accreditation", *["remind"] * 7]


def test_after_days_on_which_nothing_ran_the_last_reminder_alone_comes(world: Thing) -> None:
    live(END - timedelta(days=10), END - timedelta(days=9))
    live(END + timedelta(days=3), END + timedelta(days=3))
    assert sent_days() == [(-14, -10), (0, 3)]


def test_a_renewed_one_reminds_of_its_new_end_alone(world: Thing) -> None:
    live(END - timedelta(days=30), END - timedelta(days=20))
    later = END + timedelta(days=60)
    with clock.at(morning(END - timedelta(days=19))), transaction():
        held = session().get_one(Accreditation, world.held.id)
        commands.change_accreditation(held, by=world.staff, **{**FACTS, "valid_until": later})
    live(END - timedelta(days=18), later)
    assert sent_days() == [(-28, -28), (-28, -28), (-14, -14), (0, 0)]


def test_a_correction_of_the_number_begins_nothing_anew(world: Thing) -> None:
    live(END - timedelta(days=28), END - timedelta(days=28))
    with clock.at(morning(END - timedelta(days=27))), transaction():
        held = session().get_one(Accreditation, world.held.id)
        commands.change_accreditation(held, by=world.staff, **{**FACTS, "number": "IS 2"})
    live(END - timedelta(days=27), END - timedelta(days=14))
    assert sent_days() == [(-28, -28), (-14, -14)]


def test_a_removed_one_reminds_no_more(world: Thing) -> None:
    live(END - timedelta(days=28), END - timedelta(days=28))
    with transaction():
        commands.remove_accreditation(session().get_one(Accreditation, world.held.id), by=world.staff)
    live(END - timedelta(days=27), END + timedelta(days=30))
    with reading():
        assert session().scalar(select(func.count()).select_from(Notification)) == 2
        assert session().scalar(select(func.count()).select_from(AccreditationReminder)) == 0


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({"valid_until": END + timedelta(days=365)}, 0),
        ({"valid_until": None}, 0),
        ({"valid_until": END - timedelta(days=365)}, 1),
        ({"valid_until": END + timedelta(days=365), "standard": "iso9001"}, 1),
        ({"valid_until": END + timedelta(days=365), "standard": "", "scheme": "CREST"}, 1),
    ],
)
def test_one_with_a_later_end_of_the_same_kind_replaces_it(world: Thing, second: dict[str, Any], count: int) -> None:
    with clock.at(morning(START)), transaction():
        provider = session().get_one(Provider, world.provider.id)
        commands.add_accreditation(provider, by=world.staff, **{**FACTS, **second})
    live(END - timedelta(days=28), END - timedelta(days=28))
    assert len(sent_days()) == count


def test_one_without_an_end_and_those_of_closed_providers_remind_nobody(world: Thing) -> None:
    with transaction():
        organisation = session().get_one(Organisation, world.provider.organisation_id)
        organisation.closed_at = clock.now()
        commands.add_accreditation(make_provider.provider(), by=None, **{**FACTS, "valid_until": None})
    live(END - timedelta(days=28), END - timedelta(days=28))
    assert sent_days() == []


def test_a_reminder_that_is_delivered_after_a_renewal_says_nothing(world: Thing) -> None:
    with clock.at(morning(END - timedelta(days=28))):
        remind({})
        with transaction():
            held = session().get_one(Accreditation, world.held.id)
            commands.change_accreditation(held, by=world.staff, **{**FACTS, "valid_until": date(2030, 1, 1)})
        while jobs.run_due():
            pass
    with reading():
        assert session().scalar(select(func.count()).select_from(Notification)) == 0
