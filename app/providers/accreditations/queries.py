"""Reading accreditations, and what stands behind the standards that solution profiles claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organisation, Person
from app.capabilities.choices import STANDARDS
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.providers.accreditations.models import Accreditation, AccreditationReminder
from app.providers.accreditations.standing import dates_in_reach
from app.providers.models import Provider

NEVER_ENDS = date.max


@dataclass(frozen=True)
class Claim:
    """A standard that solution profiles claim, and the accreditation that shows it today, if there is one."""

    standard: str
    label: str
    accreditation: Accreditation | None


def accreditations_of(provider: Provider) -> list[Accreditation]:
    """What the provider holds, and held: by title, what holds longest first."""
    found = session().scalars(select(Accreditation).where(Accreditation.provider_id == provider.id))
    return sorted(found, key=lambda each: (each.title.casefold(), -end_of(each).toordinal(), each.id))


def end_of(accreditation: Accreditation) -> date:
    """The last day on which it holds, so that it can be compared."""
    return accreditation.valid_until or NEVER_ENDS


def claims_behind(standards: Iterable[str], held: Iterable[Accreditation], today: date) -> list[Claim]:
    """What stands behind each claimed standard, in the order of the short list."""
    claimed, best = set(standards), {}
    for each in sorted(held, key=end_of):
        if each.is_valid(today):
            best[each.standard] = each
    return [Claim(key, label, best.get(key)) for key, label in STANDARDS.items() if key in claimed]


def get_accreditation(accreditation_id: str, person: Person | None) -> Accreditation:
    """An accreditation is public, as its provider's page is."""
    whole = joinedload(Accreditation.provider).joinedload(Provider.organisation)
    found = session().scalar(select(Accreditation).where(Accreditation.id == accreditation_id).options(whole))
    if found is None:
        raise NotFound
    return found


def ending_near(today: date) -> list[Accreditation]:
    """Those of open providers of which a reminder could be due today, but who hold a later one of the same kind."""
    first, last = dates_in_reach(today)
    near = select(Accreditation).where(Accreditation.valid_until >= first, Accreditation.valid_until <= last)
    is_open = Organisation.closed_at.is_(None)
    near = near.join(Accreditation.provider).join(Provider.organisation).where(is_open)
    found = list(session().scalars(near.order_by(Accreditation.valid_until, Accreditation.id)))
    latest = _latest_ends({each.provider_id for each in found})
    return [each for each in found if end_of(each) == latest[each.provider_id, each.key]]


def _latest_ends(provider_ids: Iterable[str]) -> dict[tuple[str, str], date]:
    latest: dict[tuple[str, str], date] = {}
    for each in session().scalars(select(Accreditation).where(Accreditation.provider_id.in_(list(provider_ids)))):
        name = (each.provider_id, each.key)
        latest[name] = max(latest.get(name, date.min), end_of(each))
    return latest


def reminded(accreditations: Iterable[Accreditation]) -> set[tuple[str, date, int]]:
    """Which reminders of these went out: accreditation, last day, days after it."""
    ids = [each.id for each in accreditations]
    wanted = select(AccreditationReminder).where(AccreditationReminder.accreditation_id.in_(ids))
    return {(each.accreditation_id, each.valid_until, each.days_after) for each in session().scalars(wanted)}
