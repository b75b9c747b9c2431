"""How attachments are said: their size, their type and their state."""

from app.kernel.filetypes import TYPES
from app.needs.attachments.models import CLEAN, REFUSED, WAITING, Attachment

STATES = {
    WAITING: ("Being checked", "yellow"),
    CLEAN: ("Checked", "green"),
    REFUSED: ("Refused by the check, and not kept", "red"),
}
NOT_SCANNED = ("Not scanned", "grey")


def size_of(count: int) -> str:
    """`3 KB`, `1.2 MB`: as file managers say it."""
    if count < 1024:
        return f"{count} bytes" if count != 1 else "1 byte"
    return f"{count / 1024:.0f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"


def kind_of(attachment: Attachment) -> str:
    """`PDF`, `Word document`."""
    known = TYPES.get(attachment.ending)
    return known.label if known else attachment.ending.upper()


def standing_of(attachment: Attachment) -> tuple[str, str]:
    """The state of the check in words, and the colour of its tag."""
    return NOT_SCANNED if attachment.state == CLEAN and not attachment.scanned_at else STATES[attachment.state]


def line(attachment: Attachment) -> str:
    """An attachment in one line of an amendment."""
    named = f"{attachment.title}, " if attachment.title != attachment.name else ""
    return f"{named}{attachment.name} ({kind_of(attachment)}, {size_of(attachment.size)})"
