"""Building the demo world: one transaction plays two years, then the index follows, then matches are decided on.

A build that is killed leaves either nothing or a world without decisions on matches, which the next run makes.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.accounts.models import OWN, Organisation
from app.accounts.passwords import hash_password
from app.alerts.commands import deliver_notice
from app.alerts.models import AT_ONCE, DAILY, WEEKLY, Notification
from app.capabilities.commands import load_vocabulary
from app.config import Settings
from app.demo.acts import listening
from app.demo.acts.answering import answer
from app.demo.acts.arriving import arrive
from app.demo.acts.asking import ask
from app.demo.acts.cataloguing import send_catalogue
from app.demo.acts.clarifying import clarify
from app.demo.acts.deciding import decide
from app.demo.acts.inquiring import inquire
from app.demo.acts.introducing import introduce
from app.demo.acts.leaving_open import leave_open
from app.demo.acts.offering import offer
from app.demo.acts.partnering import partner
from app.demo.acts.proposing import propose
from app.demo.acts.reviewing import review
from app.demo.acts.talking import talk
from app.demo.acts.working import work
from app.demo.library import Library, read_library
from app.demo.world import World
from app.kernel import clock, search
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from app.kernel.instance import kept_secret
from app.kernel.jobs import Job
from app.kernel.mail import OutboxMail
from app.kernel.notices import Notice
from app.matching.models import MatchDecision
from app.outcomes.ends import draft_what_follows
from app.providers.accreditations.commands import remind_of_ends

Progress = Callable[[int, int | None], None]
HEARD_OF, READ_AFTER, DECIDED_WITHIN = timedelta(days=40), timedelta(days=10), timedelta(days=3)
PASSWORD_LENGTH = 16


def demo_password(settings: Settings) -> str:
    """The one password of all demo people."""
    return settings.demo_password or kept_secret(settings.instance / "demo_password", PASSWORD_LENGTH)


def has_organisations() -> bool:
    """Whether the instance holds anything that a demo world must not be mixed with."""
    with reading():
        return session().scalar(select(Organisation.id).limit(1)) is not None


def has_demo_world() -> bool:
    """Whether the demo world was made here."""
    with reading():
        return session().scalar(_own_mark()) is not None


def _own_mark() -> "select[str]":  # type: ignore[valid-type]
    return select(Organisation.id).where(Organisation.register == OWN, Organisation.number == "demo-coasts")


def fill(settings: Settings, if_empty: bool, progress: Progress) -> str:
    """Make the demo world in an empty instance, or finish one that was begun; what was done, as a sentence."""
    if has_demo_world():
        return "The demo world was finished." if finish(read_library()) else "The demo world is here already."
    if has_organisations():
        if if_empty:
            return "There are organisations already, so no demo world was made."
        raise Conflict("This instance has organisations already. The demo world is for an empty one.")
    load_vocabulary()
    told = build(read_library(), demo_password(settings), progress)
    finish(read_library())
    return told


def build(library: Library, password: str, progress: Progress) -> str:
    """Play the whole world in one transaction; what was made, as a sentence."""
    with _uncollected(), transaction():
        world = World.of(library, clock.now(), hash_password(password))
        for room in (arrive, offer, introduce, ask, inquire, answer, talk, partner, review, clarify, work, propose):
            room(world)
        world.script.play(progress)
        draft_what_follows()
        remind_of_ends()
        leave_open(world)
        listening.listen(world)
        send_catalogue(world)
        _tell_people(world.calendar.now, HEARD_OF)
    counts = f"{len(world.needs)} needs, {len(world.profiles)} solution profiles, {len(world.responses)} responses"
    return f"The demo world is made: {counts} and {len(world.partnerships)} partnerships."


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector, which would walk through all rows of the session again and again: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tell_people(now: datetime, lately: timedelta) -> None:
    """Deliver what happened lately, and forget mails and jobs of the past: nobody should get two years of mail."""
    recent = select(Notice).where(Notice.at > now - lately).order_by(Notice.at, Notice.id)
    for notice in session().scalars(recent):
        with clock.at(notice.at), clock.frozen():
            deliver_notice(notice, "")
    long_ago = Notification.told_at < now - READ_AFTER
    session().execute(update(Notification).where(long_ago).values(read_at=Notification.told_at))
    session().execute(delete(OutboxMail))
    session().execute(delete(Job).where(Job.run_at <= now))


def finish(library: Library) -> bool:
    """Bring the index up, and decide on matches where nobody has; whether there was something to decide."""
    search.catch_up()
    with reading():
        if session().scalar(select(MatchDecision.id).limit(1)):
            return False
    with transaction():
        decide(library)
        listening.find()
        listening.tell(AT_ONCE, WEEKLY)
        _tell_people(clock.now(), DECIDED_WITHIN)
        listening.tell(DAILY)  # its mails stay, and go out when the server starts
    return True
