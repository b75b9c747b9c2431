"""Short makers of alerts, and the ways of the world in tests: the clock goes on, and jobs are done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.alerts.models import DAILY, Alert
from app.alerts.searches import commands
from app.kernel import clock, jobs, schedule
from app.kernel.db import reading, session, transaction
from app.kernel.mail import OutboxMail
from app.providers.models import Provider
from tests import make
from tests.needs import make as make_need
from tests.providers import make as make_provider


def saved(by: Person, query: str = "", how_often: str = DAILY, name: str = "Mine") -> Alert:
    """A saved search."""
    return commands.save_search(name=name, query=query, how_often=how_often, by=by)


def fitting_provider(name: str = "") -> tuple[Provider, Person]:
    """A provider whose profile shows what a made need asks for, and one of its staff."""
    of = make_provider.provider(make.supplier(name))
    held = [make_need.capability(), make_need.capability("Cloud hosting", "Infrastructure")]
    make_provider.live_profile(
        of,
        title="Moving patient records",
        problem="Clinicians wait for patient records that lie in many places.",
        approach="We move records without loss and host them in two regions.",
        clearance="sc",
        capabilities=held,
        standards=["cyber_essentials_plus", "iso_27001"],
        places=["london", "north_west"],
    )
    return of, make.staff(of.organisation)


def done(at: datetime | None = None) -> None:
    """Do what is due, now or at a moment, as a worker would."""
    with clock.at(at or clock.now()):
        schedule.enqueue_due()
        while jobs.run_due():
            pass


def soon() -> datetime:
    """When mail that is told at once has gone."""
    return clock.now() + timedelta(minutes=2)


def mails(to: Person) -> Sequence[OutboxMail]:
    """The mails that were written to somebody, the oldest first."""
    with reading():
        own = select(OutboxMail).where(OutboxMail.to == to.email)
        return session().scalars(own.order_by(OutboxMail.written_at, OutboxMail.id)).all()


def letters(to: Person, folder: object) -> list[str]:
    """The texts of the mails that went to somebody's address, by the folder that stands for a server."""
    from email import message_from_bytes, policy
    from pathlib import Path

    files = sorted(Path(str(folder)).glob("*.eml"))
    found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    return [f"{each['Subject']}\n{each.get_content()}" for each in found if each["To"] == to.email]


def publish(title: str = "", **fields: object) -> str:
    """Publish a need in a transaction of its own; its id."""
    with transaction():
        return make_need.live_need(title=title, **fields).id  # type: ignore[arg-type]
