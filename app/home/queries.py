"""Reading across all rooms: the figures of the front page, and what awaits a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.alerts import queries as alerts
from app.alerts.outbox import queries as outbox
from app.insight.queries import count_current_needs, is_current
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.matching import queries as matching
from app.needs import queries as needs
from app.needs.approvals import queries as approvals
from app.needs.joint import queries as joint
from app.needs.models import OPEN, Need
from app.needs.questions import queries as questions
from app.outcomes import queries as outcomes
from app.providers import queries as providers
from app.responses import chosen
from app.responses import queries as responses
from app.responses.coalitions import queries as coalitions
from app.responses.ideas import fitting as fitting_ideas
from app.responses.ideas import queries as ideas
from app.responses.interest import queries as interest
from app.reviews import queries as reviews
from app.reviews.clarifications import queries as clarifications
from app.reviews.replies import queries as replies

ROOMS: tuple[Callable[[Person, datetime], list[Awaiting]], ...] = (
    accounts.awaiting,
    needs.awaiting,
    approvals.awaiting,
    joint.awaiting,
    questions.awaiting,
    providers.awaiting,
    matching.awaiting,
    responses.awaiting,
    coalitions.awaiting,
    chosen.awaiting,
    interest.awaiting,
    ideas.awaiting,
    fitting_ideas.awaiting,
    reviews.awaiting,
    clarifications.awaiting,
    replies.awaiting,
    outcomes.awaiting,
    alerts.awaiting,
    outbox.awaiting,
)
SOON = timedelta(days=14)
# what can wait: one's own drafts, and things to read
QUIET = ("Drafts", "Notifications")


@dataclass(frozen=True)
class Figures:
    """What is going on, in four numbers."""

    live_needs: int
    providers: int
    profiles: int
    outcomes: int

    @property
    def is_empty(self) -> bool:
        return not (self.live_needs or self.providers or self.profiles or self.outcomes)


def figures() -> Figures:
    """The live figures of the front page."""
    return Figures(
        live_needs=count_current_needs(),
        providers=providers.count_providers(),
        profiles=providers.count_live_profiles(),
        outcomes=outcomes.count_outcomes(),
    )


def newest_needs(limit: int = 4) -> Sequence[Need]:
    """The live needs that were published last."""
    found = select(Need).where(is_current()).order_by(Need.published_at.desc(), Need.id).limit(limit)
    return session().scalars(found.options(*needs.BRIEF)).all()


def closing_needs(limit: int = 4) -> Sequence[Need]:
    """The open needs whose deadline comes first."""
    found = select(Need).where(is_current(), Need.rung == OPEN, Need.deadline_at.is_not(None))
    return session().scalars(found.order_by(Need.deadline_at, Need.id).limit(limit).options(*needs.BRIEF)).all()


@dataclass(frozen=True)
class Section:
    """One part of the desk: what it is called, and what stands in it."""

    title: str
    things: list[Awaiting]


def desk(person: Person, now: datetime) -> list[Section]:
    """All that awaits a person: what is due soon, then what others wait for, then what can wait."""
    found = [thing for awaiting in ROOMS for thing in awaiting(person, now)]
    found.sort(key=lambda thing: (thing.due_at or thing.since, thing.text))
    soon = [thing for thing in found if thing.due_at and thing.due_at <= now + SOON]
    rest = [thing for thing in found if thing not in soon]
    waiting = [thing for thing in rest if thing.group not in QUIET]
    quiet = [thing for thing in rest if thing.group in QUIET]
    sections = [
        Section("Overdue, or due within two weeks", soon),
        Section("Waiting for you", waiting),
        Section("When you have time", quiet),
    ]
    return [section for section in sections if section.things]
