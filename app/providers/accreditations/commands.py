"""Adding, changing and removing accreditations, and reminding of their ends."""

from datetime import date
from typing import TypedDict, Unpack

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.providers.accreditations.models import Accreditation, AccreditationReminder
from app.providers.accreditations.queries import ending_near, reminded
from app.providers.accreditations.standing import reminder_due
from app.providers.models import Provider

BEFORE, ON_THE_DAY, AFTER = "accreditation.ends_soon", "accreditation.ends_today", "accreditation.ended"


class Certified(TypedDict):
    """What an accreditation says."""

    standard: str
    scheme: str
    number: str
    issuer: str
    valid_from: date | None
    valid_until: date | None
    link: str


FACTS = ("standard", "scheme", "number", "issuer", "valid_from", "valid_until", "link")


def add_accreditation(provider: Provider, *, by: Person | None, **certified: Unpack[Certified]) -> Accreditation:
    """Say what the provider was examined against."""
    accreditation = Accreditation(provider=provider, added_at=clock.now(), dated_on=clock.today(), **certified)
    session().add(accreditation)
    audit.record("add_accreditation", accreditation, by=by, facts={"provider": provider.id, "after": {**certified}})
    return accreditation


def change_accreditation(accreditation: Accreditation, *, by: Person, **certified: Unpack[Certified]) -> None:
    """Correct an accreditation, or renew it: with a new last day its reminders begin anew."""
    before = _facts(accreditation)
    if accreditation.valid_until != certified["valid_until"]:
        accreditation.dated_on = clock.today()
    for name, value in certified.items():
        setattr(accreditation, name, value)
    audit.record("change", accreditation, by=by, facts={"before": before, "after": _facts(accreditation)})


def remove_accreditation(accreditation: Accreditation, *, by: Person) -> None:
    """Take an accreditation off the page; nobody is reminded of it any more."""
    audit.record("remove", accreditation, by=by, facts={"before": _facts(accreditation)})
    session().delete(accreditation)


def _facts(accreditation: Accreditation) -> dict[str, object]:
    return {name: getattr(accreditation, name) for name in FACTS}


def remind_of_ends() -> int:
    """Remind providers of accreditations that end or have ended, each time once; how many reminders there were."""
    today, near = clock.today(), ending_near(clock.today())
    told = reminded(near)
    due = [(each, _due(each, today)) for each in near]
    fresh = [(each, days) for each, days in due if days is not None and (each.id, each.valid_until, days) not in told]
    for accreditation, days in fresh:
        _remind(accreditation, days)
    return len(fresh)


def _due(accreditation: Accreditation, today: date) -> int | None:
    end = accreditation.valid_until
    return reminder_due(today, end, accreditation.dated_on) if end else None


def _remind(accreditation: Accreditation, days: int) -> None:
    end = accreditation.valid_until
    session().add(
        AccreditationReminder(accreditation_id=accreditation.id, valid_until=end, days_after=days, sent_at=clock.now())
    )
    passed = (clock.today() - end).days if end else 0
    kind = BEFORE if passed < 0 else ON_THE_DAY if passed == 0 else AFTER
    notices.post(kind, subject=accreditation, facts={"days_after": days, "valid_until": str(end)})
    audit.record("remind", accreditation, by=None, facts={"days_after": days, "valid_until": end})
