"""Reading attachments."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.needs import policy as needs
from app.needs.attachments import policy
from app.needs.attachments.models import REFUSED, Attachment
from app.needs.models import Need
from app.needs.queries import WHOLE

WITH_NEED = selectinload(Attachment.need).options(*WHOLE)


def attachments_of(need: Need) -> list[Attachment]:
    """Everything that was attached to the need, in the order in which it came, removed ones too."""
    found = select(Attachment).where(Attachment.need_id == need.id).order_by(Attachment.added_at, Attachment.id)
    return list(session().scalars(found))


def current_attachments_of(need: Need) -> list[Attachment]:
    """What is attached to the need now."""
    return [each for each in attachments_of(need) if not each.is_removed]


def find_attachment(attachment_id: str) -> Attachment | None:
    """The attachment of this id, whoever asks, if it is there still."""
    return session().scalar(select(Attachment).where(Attachment.id == attachment_id).options(WITH_NEED))


def _getter(may: Callable[[Person | None, Attachment], bool]) -> Callable[[str, Person | None], Attachment]:
    def get(attachment_id: str, person: Person | None) -> Attachment:
        attachment = find_attachment(attachment_id)
        if attachment is None or not may(person, attachment):
            raise NotFound
        return attachment

    return get


get_readable = _getter(policy.may_download)
get_visible = _getter(lambda person, attachment: needs.may_see_need(person, attachment.need))


def digests_in_use() -> set[str]:
    """The content of every attachment that was not refused."""
    return set(session().scalars(select(Attachment.digest).where(Attachment.state != REFUSED).distinct()))


def is_used_elsewhere(attachment: Attachment) -> bool:
    """Whether another attachment that was not refused has the same content."""
    others = select(Attachment.id).where(
        Attachment.digest == attachment.digest, Attachment.id != attachment.id, Attachment.state != REFUSED
    )
    return session().scalar(others.limit(1)) is not None


def was_refused_elsewhere(attachment: Attachment) -> bool:
    """Whether the same content was refused as another attachment."""
    others = select(Attachment.id).where(Attachment.digest == attachment.digest, Attachment.state == REFUSED)
    return session().scalar(others.limit(1)) is not None
