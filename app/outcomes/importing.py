"""Bringing in awards that were made elsewhere, as partnerships: each known by its source, so that none comes twice."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from app.kernel import clock
from app.kernel.clock import LONDON
from app.kernel.importing import (
    BadLine,
    BadRow,
    Imported,
    Progress,
    Row,
    Table,
    Take,
    Taken,
    bring_in,
    open_table,
    recognise,
)
from app.needs.imports.rows import AWARDED, SHAPES, Incoming, read_opportunity
from app.needs.models import CONCLUDED, Need
from app.outcomes.commands import OldAward, adopt_partnership, renew_partnership
from app.outcomes.queries import load_partnerships, needs_from
from app.providers.choices import SIZES
from app.providers.commands import ensure_provider
from app.providers.suppliers import Suppliers

REGISTER = "GB-DOS-SUPPLIER"
WINNER = "Winning supplier"
LONGEST = timedelta(weeks=104)  # the framework allows no contract more than two years


def import_awards(path: Path, *, reports: Path | None = None, progress: Progress | None = None) -> Imported:
    """Bring in the awards of an opportunities file whose needs came before; other files of needs hold none.

    Outside any transaction; WrongFile where it is no file of needs.
    """
    with open_table(path) as table:
        if recognise(table, SHAPES) != "opportunities" or WINNER not in table.columns:
            return Imported()
        return bring_in(_Awards(table), _prepare, reports=reports, progress=progress)


class _Awards:
    """The rows of an opportunities file that name a winner; the importer of needs speaks of the others."""

    def __init__(self, table: Table) -> None:
        self.name, self.size, self._table = f"{table.name}.awards", table.size, table

    @property
    def position(self) -> int:
        return self._table.position

    def rows(self) -> Iterator[Row | BadLine]:
        return (row for row in self._table.rows() if isinstance(row, Row) and row.values.get(WINNER))


def _prepare(rows: list[Row]) -> Take:
    """Load what a batch needs: its needs, the partnerships that came before, and the register's suppliers."""
    sources = [f"dos:{str(row.values.get('ID')).strip()}" for row in rows]
    needs = {need.source: need for need in needs_from(sources)}
    there, suppliers = load_partnerships(sources), Suppliers.load(REGISTER)
    providers = {each.provider.organisation_id: each.provider for each in there.values()}

    def take(row: Row) -> Taken:
        told = read_opportunity(row)
        need, award = _need_of(told, needs), _award_of(row, told)
        winner = suppliers.find_or_enter(row.needed(WINNER, most=200))
        provider = providers.get(winner.id) or ensure_provider(winner)
        providers[winner.id] = provider
        size = row.text("Size of supplier", most=40).lower()
        provider.size = provider.size or (size if size in SIZES else "")
        known = there.get(told.source)
        if known:
            return Taken.CHANGED if renew_partnership(known, provider, award=award) else Taken.UNCHANGED
        there[told.source] = adopt_partnership(need, provider, source=told.source, award=award)
        return Taken.ADDED

    return take


def _need_of(told: Incoming, needs: dict[str | None, Need]) -> Need:
    need = needs.get(told.source)
    if need is None:
        raise BadRow("Its need is not here. Import the needs of this file first.")
    if told.status != AWARDED or need.state != CONCLUDED:
        raise BadRow(f"It names a winner, but its status is {told.status} and the need here is {need.state}.")
    return need


def _award_of(row: Row, told: Incoming) -> OldAward:
    """The day of the award is not told: it counts as agreed when the work began, or when the call closed."""
    starts_on = row.day("Contract start date") or told.deadline_at.astimezone(LONDON).date()
    began_at = datetime.combine(starts_on, time(), LONDON)
    ends_on = starts_on + timedelta(weeks=told.length_weeks) if told.length_weeks else None
    return OldAward(
        value_pence=row.pence("Contract amount"),
        agreed_at=began_at if began_at <= clock.now() else told.deadline_at,
        starts_on=starts_on,
        ends_on=ends_on,
        over_on=ends_on or starts_on + LONGEST,
    )
