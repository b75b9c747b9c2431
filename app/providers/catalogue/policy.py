"""Who may do what with a provider's catalogue: its own staff alone."""

from app.accounts.models import Person
from app.providers.catalogue.models import CatalogueUpload
from app.providers.models import Provider
from app.providers.policy import is_staff_of


def may_keep_catalogue(person: Person | None, provider: Provider) -> bool:
    """Its own staff may send a catalogue and take it out."""
    return is_staff_of(person, provider)


def may_bring_in_catalogue(person: Person | None, upload: CatalogueUpload) -> bool:
    """Whoever works for the provider may look at what was sent, bring it in, or throw it away."""
    return is_staff_of(person, upload.provider)
