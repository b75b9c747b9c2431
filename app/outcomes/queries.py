"""Reading partnerships and outcomes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import DEPARTMENT_ROLES, PROVIDER_ROLES, Person
from app.kernel.clock import LONDON
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import CONCLUDED, Need
from app.outcomes.models import AGREED, RUNNING, OutcomeReport, Partnership
from app.outcomes.policy import may_see_partnership, owes_outcome, owes_start
from app.providers.models import Provider

TIME_TO_START = timedelta(days=30)


def _loaded() -> Select[Partnership]:
    return select(Partnership).options(
        joinedload(Partnership.need).options(joinedload(Need.department), selectinload(Need.measures)),
        joinedload(Partnership.provider).joinedload(Provider.organisation),
        selectinload(Partnership.reports).selectinload(OutcomeReport.results),
    )


def get_partnership(partnership_id: str) -> Partnership:
    """The partnership, or NotFound."""
    found = session().scalar(_loaded().where(Partnership.id == partnership_id))
    if found is None:
        raise NotFound
    return found


def get_visible_partnership(partnership_id: str, person: Person | None) -> Partnership:
    """The partnership, or NotFound where this person may not know of it."""
    found = get_partnership(partnership_id)
    if not may_see_partnership(person, found):
        raise NotFound
    return found


def find_partnership_of(source: str) -> Partnership | None:
    """The partnership that this award (or imported row) started."""
    return session().scalar(select(Partnership).where(Partnership.source == source))


def visible_partnerships(person: Person | None) -> Select[Partnership]:
    """The partnerships that a person may see, the latest first, to be paged."""
    theirs = _theirs(person) if person else []
    visible = or_(Need.state == CONCLUDED, *theirs)
    return (
        _loaded()
        .join(Partnership.need)
        .join(Partnership.provider)
        .where(visible)
        .order_by(Partnership.agreed_at.desc(), Partnership.id)
    )


def partnerships_of_need(need: Need) -> Sequence[Partnership]:
    """What the awards of one need started, the oldest first."""
    return session().scalars(_loaded().where(Partnership.need_id == need.id).order_by(Partnership.agreed_at)).all()


def partnerships_of(person: Person) -> Sequence[Partnership]:
    """The partnerships under way on either side of which this person stands."""
    found = _loaded().join(Partnership.need).join(Partnership.provider).where(or_(*_theirs(person)))
    under_way = found.where(Partnership.state.in_([AGREED, RUNNING])).order_by(Partnership.agreed_at)
    return session().scalars(under_way).all()


def _theirs(person: Person) -> list[ColumnElement[bool]]:
    departments = [o.id for o in person.organisations(*DEPARTMENT_ROLES)]
    providers = [o.id for o in person.organisations(*PROVIDER_ROLES)]
    return [Need.department_id.in_(departments), Provider.organisation_id.in_(providers)]


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Partnerships to start, and outcomes to record."""
    return [task for partnership in partnerships_of(person) for task in _tasks(person, partnership)]


def _tasks(person: Person, partnership: Partnership) -> Iterator[Awaiting]:
    title, since, values = partnership.need.title, partnership.agreed_at, {"partnership_id": partnership.id}
    if owes_start(person, partnership):
        due = since + TIME_TO_START
        yield Awaiting(f"Start the partnership: {title}", "outcomes.start", values, since, due, "Partnerships")
    elif owes_outcome(person, partnership):
        end = _end_of(partnership)
        yield Awaiting(f"Record how it went: {title}", "outcomes.record", values, since, end, "Partnerships")


def _end_of(partnership: Partnership) -> datetime | None:
    if partnership.ends_on is None:
        return None
    return datetime.combine(partnership.ends_on, time(17), tzinfo=LONDON)
