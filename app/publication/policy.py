"""What may be published."""

from app.accounts.models import Person
from app.needs.models import DRAFT, Need


def may_be_published(person: Person | None, need: Need) -> bool:
    """Whatever is no longer a draft, whoever asks: open data shows everybody the same."""
    return need.state != DRAFT
