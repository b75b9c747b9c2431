"""Makers of the parts of a provider's page: people, accreditations, wishes."""

from datetime import date, timedelta
from typing import Any

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import session
from app.providers.accreditations.commands import add_accreditation
from app.providers.accreditations.models import Accreditation
from app.providers.models import Provider, TeamMember
from app.providers.people.commands import add_team_member
from app.providers.wishes.commands import tell_wish
from app.providers.wishes.models import ProviderWish
from tests.providers.make import capability


def in_days(days: int) -> date:
    """The day so many days from today."""
    return clock.today() + timedelta(days=days)


def team_member(of: Provider, name: str = "Nia Named", *, by: Person | None = None, **facts: Any) -> TeamMember:
    """One of the provider's people."""
    content = {"name": name, "job": "researcher", "capabilities": [capability()], **facts}
    made = add_team_member(of, **content, by=by)
    session().flush()
    return made


def accreditation(of: Provider, **facts: Any) -> Accreditation:
    """An accreditation that holds for a year."""
    content: dict[str, Any] = {
        "standard": "iso27001",
        "scheme": "",
        "number": "IS 700123",
        "issuer": "Harbour Certification",
        "valid_from": in_days(-30),
        "valid_until": in_days(335),
        "link": "https://certifier.example/IS700123",
    }
    made = add_accreditation(of, **{**content, **facts}, by=None)
    session().flush()
    return made


def wish(of: Provider, **facts: Any) -> ProviderWish:
    """What a provider looks for."""
    content: dict[str, Any] = {
        "wants_partners": True,
        "partner_capabilities": [capability("Data engineering", "Data")],
        "need_capabilities": [capability()],
        "rungs": ["shaping", "open"],
        "low_pence": 20_000_00,
        "high_pence": 500_000_00,
        "words": "We like boats.",
    }
    made = tell_wish(of, **{**content, **facts}, by=None)
    session().flush()
    return made
