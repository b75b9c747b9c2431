"""How far departments' early signals can be relied on: how many became open calls, and how late."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import Row, Select, func, select

from app.accounts.models import Organisation
from app.kernel.clock import LONDON
from app.kernel.db import session
from app.needs.models import OPEN, WITHDRAWN, Need, RungMove


@dataclass(frozen=True)
class Reliability:
    """The signals that a department published below open: what became of them, and how late those that opened were.

    `days_late` is the median over those that opened and had named a day, against the first day named; below 0 is early.
    """

    department: Organisation
    signals: int
    opened: int
    withdrawn: int
    days_late: float | None

    @property
    def hit_rate(self) -> float | None:
        """Of those that ended one way or the other, the share that became open calls; None while none did."""
        ended = self.opened + self.withdrawn
        return self.opened / ended if ended else None


def reliabilities() -> list[Reliability]:
    """Every department that published a signal below open, who published most first."""
    by_department: dict[Organisation, list[Row[Organisation, str, datetime | None, date | None]]] = defaultdict(list)
    for row in session().execute(_signals()):
        by_department[row[0]].append(row)
    found = [_reliability(department, rows) for department, rows in by_department.items()]
    return sorted(found, key=lambda each: (-each.signals, each.department.name))


def _reliability(
    department: Organisation, rows: Iterable[Row[Organisation, str, datetime | None, date | None]]
) -> Reliability:
    known = [(state, opened_at, expected) for _, state, opened_at, expected in rows]
    opened = [(at, expected) for _, at, expected in known if at]
    late = [(at.astimezone(LONDON).date() - expected).days for at, expected in opened if expected]
    withdrawn = sum(state == WITHDRAWN and at is None for state, at, _ in known)
    return Reliability(department, len(known), len(opened), withdrawn, median(late) if late else None)


def _signals() -> Select[Organisation, str, datetime | None, date | None]:
    """Each need that was first published below open: its department, its state, when it opened, the first day named."""
    first = select(RungMove.need_id).where(RungMove.from_rung == "", RungMove.to_rung != OPEN).subquery()
    opened = select(RungMove.need_id, func.min(RungMove.at).label("at")).where(RungMove.to_rung == OPEN)
    opened_at = opened.group_by(RungMove.need_id).subquery()
    ranked = select(
        RungMove.need_id,
        RungMove.expected_open_on.label("day"),
        func.row_number().over(partition_by=RungMove.need_id, order_by=RungMove.at).label("place"),
    ).where(RungMove.expected_open_on.is_not(None))
    named = ranked.subquery()
    return (
        select(Organisation, Need.state, opened_at.c.at, named.c.day)
        .select_from(Need)
        .join(first, first.c.need_id == Need.id)
        .join(Organisation, Organisation.id == Need.department_id)
        .outerjoin(opened_at, opened_at.c.need_id == Need.id)
        .outerjoin(named, (named.c.need_id == Need.id) & (named.c.place == 1))
    )
