"""Who may attach files to a need, and who may read them."""

from app.accounts.models import Person
from app.needs import policy
from app.needs.attachments.models import CLEAN, WAITING, Attachment
from app.needs.models import DRAFT, Need


def may_attach(person: Person | None, need: Need) -> bool:
    """To a draft whoever writes it; to what was published whoever amends it."""
    return policy.may_edit_need(person, need) if need.state == DRAFT else policy.may_amend_need(person, need)


def may_change_attachment(person: Person | None, attachment: Attachment) -> bool:
    """Who may attach may remove, and give another title."""
    return may_attach(person, attachment.need)


def may_download(person: Person | None, attachment: Attachment) -> bool:
    """A clean file: whoever may see the need. One that waits for its scan: the need's own people."""
    if not policy.may_see_need(person, attachment.need):
        return False
    return attachment.state == CLEAN or (attachment.state == WAITING and is_of_its_people(person, attachment.need))


def is_of_its_people(person: Person | None, need: Need) -> bool:
    """Owners of the need, and the procurement officers of its department."""
    return policy.has_duty(person, need) or policy.is_officer_of(person, need)
