"""Reading under which numbers a provider is known."""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import OWN, REGISTERS
from app.kernel.db import session
from app.providers.models import Provider
from app.providers.registrations.models import Registration
from app.providers.registrations.schemes import LABELS


@dataclass(frozen=True)
class Known:
    """One number of a provider, in words; `is_checked`: it is the one by which Clarion's own register knows it."""

    scheme: str
    label: str
    number: str
    is_checked: bool


def registrations_of(provider: Provider) -> list[Registration]:
    """The numbers that the provider states, in the order of the schemes."""
    found = session().scalars(select(Registration).where(Registration.provider_id == provider.id))
    order = list(LABELS)
    return sorted(found, key=lambda each: (order.index(each.scheme), each.number))


def known_numbers_of(provider: Provider) -> list[Known]:
    """All numbers of a provider: first its organisation's in the register, then what it states."""
    organisation = provider.organisation
    label = REGISTERS.get(organisation.register, organisation.register)
    own = Known(organisation.register, label, organisation.number, is_checked=organisation.register != OWN)
    stated = [Known(each.scheme, LABELS[each.scheme], each.number, False) for each in registrations_of(provider)]
    return [own, *(each for each in stated if (each.scheme, each.number) != (own.scheme, own.number))]
