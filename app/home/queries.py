"""Reading across all rooms: the figures of the front page, and what awaits a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts import queries as accounts
from app.accounts.models import OFFICER, Person
from app.alerts import queries as alerts
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.matching import queries as matching
from app.needs import queries as needs
from app.needs.models import LIVE, Need
from app.outcomes import queries as outcomes
from app.outcomes.models import COMPLETED, ENDED_EARLY, Partnership
from app.providers import queries as providers
from app.responses import queries as responses
from app.responses.models import DRAFT, SUBMITTED, WITHDRAWN, Response
from app.reviews import queries as reviews
from app.reviews.models import Review

ROOMS: tuple[Callable[[Person, datetime], list[Awaiting]], ...] = (
    accounts.awaiting,
    needs.awaiting,
    providers.awaiting,
    matching.awaiting,
    responses.awaiting,
    reviews.awaiting,
    outcomes.awaiting,
    alerts.awaiting,
)


@dataclass(frozen=True)
class Figures:
    """What is going on, in four numbers."""

    live_needs: int
    providers: int
    profiles: int
    outcomes: int


def figures() -> Figures:
    """The live figures of the front page."""
    ended = select(func.count()).select_from(Partnership).where(Partnership.state.in_([COMPLETED, ENDED_EARLY]))
    live = select(func.count()).select_from(Need).where(Need.state == LIVE)
    return Figures(
        live_needs=session().scalar(live) or 0,
        providers=providers.count_providers(),
        profiles=providers.count_live_profiles(),
        outcomes=session().scalar(ended) or 0,
    )


def newest_needs(limit: int = 5) -> Sequence[Need]:
    """The live needs that were published last."""
    found = select(Need).where(Need.state == LIVE).order_by(Need.published_at.desc(), Need.id).limit(limit)
    return session().scalars(found.options(*needs.for_lists())).all()


def desk(person: Person, now: datetime) -> list[Awaiting]:
    """All that awaits a person, what is due soonest first."""
    found = [thing for awaiting in ROOMS for thing in awaiting(person, now)]
    return sorted(found, key=lambda thing: (thing.due_at is None, thing.due_at or thing.since, thing.text))


def visible_entries(person: Person, stream: str = "") -> Select[AuditEntry]:
    """The audit as a person may read it, newest first: an operator all but what is sealed, an officer their own.

    A sealed response's stream would tell that there is a response, so it is nobody's until it is opened.
    """
    entries = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.stream, AuditEntry.position.desc())
    if stream:
        entries = entries.where(AuditEntry.stream == stream)
    if person.is_operator:
        return entries.where(or_(AuditEntry.stream.not_like("responses:%"), AuditEntry.stream.in_(_opened_streams())))
    return entries.where(AuditEntry.stream.in_(_streams_of_departments(person)))


def _opened_streams() -> Select[str]:
    return _named("responses", Response.id).where(Response.state.not_in([DRAFT, SUBMITTED, WITHDRAWN]))


def _streams_of_departments(person: Person) -> Select[str]:
    departments = [organisation.id for organisation in person.organisations(OFFICER)]
    ours = Need.department_id.in_(departments)
    return (
        _named("needs", Need.id)
        .where(ours)
        .union_all(
            _named("reviews", Review.id).join(Review.need).where(ours),
            _named("partnerships", Partnership.id).join(Partnership.need).where(ours),
            _opened_streams().join(Response.need).where(ours),
        )
    )  # type: ignore[return-value]


def _named(table: str, column: InstrumentedAttribute[str]) -> Select[str]:
    return select(literal(f"{table}:") + column)
