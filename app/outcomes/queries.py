"""Reading partnerships and outcomes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Person
from app.kernel.clock import LONDON
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.kernel.errors import NotFound
from app.needs.models import CONCLUDED, Need, NeedOwner
from app.needs.queries import held_by
from app.outcomes.models import AGREED, ENDED_EARLY, RUNNING, SIDES, OutcomeReport, Partnership
from app.outcomes.policy import may_see_partnership, owes_outcome, owes_start
from app.providers.models import Provider, SolutionProfile
from app.responses.coalitions.terms import members_of
from app.reviews.models import Award

TIME_TO_START = NEAR = timedelta(days=30)


def _loaded() -> Select[Partnership]:
    return select(Partnership).options(
        joinedload(Partnership.need).options(
            joinedload(Need.department), selectinload(Need.measures), selectinload(Need.owners)
        ),
        joinedload(Partnership.provider).joinedload(Provider.organisation),
        joinedload(Partnership.next_need),
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


def find_profile_of(partnership: Partnership) -> SolutionProfile | None:
    """The solution profile with which the provider won; none where the award was made elsewhere."""
    table, _, award_id = partnership.source.partition(":")
    award = session().get(Award, award_id) if table == Award.__tablename__ else None
    return award.response.profile if award else None


def partners_in(partnership: Partnership) -> list[Provider]:
    """Who answered together with the provider that won, and does the work with it; none where it answered alone."""
    table, _, award_id = partnership.source.partition(":")
    award = session().get(Award, award_id) if table == Award.__tablename__ else None
    return members_of(award.response)[1:] if award else []


def needs_from(sources: Iterable[str]) -> Sequence[Need]:
    """The needs that were imported from these sources."""
    return session().scalars(select(Need).where(Need.source.in_(list(sources)))).all()


def load_partnerships(sources: Iterable[str]) -> dict[str, Partnership]:
    """The partnerships of these sources that are there, by source."""
    found = session().scalars(_loaded().where(Partnership.source.in_(list(sources))))
    return {partnership.source: partnership for partnership in found}


def load_partnerships_by_id(ids: Iterable[str]) -> dict[str, Partnership]:
    """The partnerships of these ids that are there, by id."""
    found = session().scalars(_loaded().where(Partnership.id.in_(list(ids))))
    return {partnership.id: partnership for partnership in found}


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


def latest_outcomes(limit: int) -> Sequence[Partnership]:
    """The partnerships of which both sides recorded how they went, the last ended first."""
    found = _loaded().join(Partnership.need).where(Partnership.id.in_(told_by_both()), Need.state == CONCLUDED)
    return session().scalars(found.order_by(Partnership.ends_on.desc(), Partnership.id).limit(limit)).all()


def count_outcomes() -> int:
    """How many partnerships both sides have recorded the outcome of."""
    return session().scalar(select(func.count()).select_from(told_by_both().subquery())) or 0


def told_by_both() -> Select[str]:
    """The ids of the partnerships of which both sides recorded how they went."""
    reported = select(OutcomeReport.partnership_id).group_by(OutcomeReport.partnership_id)
    return reported.having(func.count() == len(SIDES))


def partnerships_of(person: Person) -> Sequence[Partnership]:
    """The partnerships on either side of which this person stands and of which something is still to come."""
    found = _loaded().join(Partnership.need).join(Partnership.provider).where(or_(*_theirs(person)))
    to_come = or_(
        Partnership.state.in_([AGREED, RUNNING]),
        and_(Partnership.state == ENDED_EARLY, Partnership.starts_on.is_not(None), ~Partnership.id.in_(told_by_both())),
    )
    return session().scalars(found.where(to_come).order_by(Partnership.agreed_at, Partnership.id)).all()


def _theirs(person: Person) -> list[ColumnElement[bool]]:
    """SQL for what `side_of` may find a side in: officers' departments, own needs, own providers."""
    departments = [o.id for o in person.organisations(OFFICER)]
    staffed = [o.id for o in person.organisations(*DEPARTMENT_ROLES)]
    providers = [o.id for o in person.organisations(*PROVIDER_ROLES)]
    owned = select(NeedOwner.need_id).where(NeedOwner.person_id == person.id)
    return [
        held_by(departments),
        and_(held_by(staffed), Need.id.in_(owned)),
        Provider.organisation_id.in_(providers),
    ]


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Partnerships to start, and outcomes to record once the end is near or the other side has spoken."""
    return [task for partnership in partnerships_of(person) for task in _tasks(person, partnership, now)]


def _tasks(person: Person, partnership: Partnership, now: datetime) -> Iterator[Awaiting]:
    title, since, values = partnership.need.title, partnership.agreed_at, {"partnership_id": partnership.id}
    if owes_start(person, partnership):
        due = since + TIME_TO_START
        yield Awaiting(f"Start the partnership: {title}", "outcomes.start", values, since, due, "Partnerships")
    elif owes_outcome(person, partnership):
        end = _end_of(partnership)
        other = next((report.recorded_at for report in partnership.reports), None)
        if other or end is None or end - NEAR <= now:
            yield Awaiting(
                f"Record how it went: {title}", "outcomes.record", values, other or since, end, "Partnerships"
            )


def _end_of(partnership: Partnership) -> datetime | None:
    """The end of the work's last day; None where no end was said."""
    if partnership.ends_on is None:
        return None
    return datetime.combine(partnership.ends_on, time(17), tzinfo=LONDON)
