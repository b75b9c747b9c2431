"""Who keeps a provider's accreditations: its own staff. Everybody reads them."""

from app.accounts.models import Person
from app.providers.accreditations.models import Accreditation
from app.providers.models import Provider
from app.providers.policy import is_staff_of


def may_add_accreditation(person: Person | None, provider: Provider) -> bool:
    """Its own staff add what the provider holds."""
    return is_staff_of(person, provider)


def may_change_accreditation(person: Person | None, accreditation: Accreditation) -> bool:
    """Its own staff renew, correct and remove it."""
    return is_staff_of(person, accreditation.provider)
