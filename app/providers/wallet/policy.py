"""Who opens a wallet."""

from app.accounts.models import Person
from app.providers.models import Provider
from app.providers.policy import is_staff_of


def may_open_wallet(person: Person | None, provider: Provider) -> bool:
    """The provider's own staff: it holds claims that they show to nobody yet."""
    return is_staff_of(person, provider)
