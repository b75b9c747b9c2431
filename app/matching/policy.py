"""Who sees matches, and who decides on them."""

from app.accounts.models import Person
from app.needs.models import Need
from app.needs.policy import has_duty, is_officer_of
from app.providers.models import Provider
from app.providers.policy import is_staff_of, works_for_a_provider


def may_see_matches(person: Person | None, need: Need) -> bool:
    """Officers of the department and the need's owners, unless they work for a provider.

    Any provider may answer any need, and colleagues learn from one another: so whoever works for one does not see
    whom the buyer is being shown, even where they could not answer the need themselves.
    """
    if works_for_a_provider(person):
        return False
    return is_officer_of(person, need) or has_duty(person, need)


def may_decide_match(person: Person | None, need: Need) -> bool:
    """Officers of the department, under the same wall."""
    return is_officer_of(person, need) and may_see_matches(person, need)


def may_see_fitting_needs(person: Person | None, provider: Provider) -> bool:
    """The provider's own staff."""
    return is_staff_of(person, provider)
