"""Who may do what with alerts: each person with their own, and nobody with another's."""

from app.accounts.models import PROVIDER_ROLES, Person
from app.alerts.models import Alert
from app.needs.models import DRAFT, Need
from app.providers.models import Provider


def owns(person: Person | None, alert: Alert) -> bool:
    """Whose alert it is."""
    return person is not None and alert.person_id == person.id


def may_follow(person: Person | None, need: Need) -> bool:
    """Every signed-in person, once the need was published: a draft has readers of its own."""
    return person is not None and need.state != DRAFT


def may_hear_of_fit(person: Person | None, provider: Provider) -> bool:
    """The provider's own staff."""
    return person is not None and person.holds(provider.organisation_id, *PROVIDER_ROLES)
