"""Work of attachments outside requests: the scan of a file, and the sweep of files that no row names."""

from datetime import timedelta
from typing import Any

from app.kernel import background, clock, files, jobs, scanning
from app.kernel.db import in_transaction, reading
from app.needs.attachments import queries
from app.needs.attachments.commands import SCAN, clear_attachment, refuse_attachment
from app.needs.attachments.models import Attachment

ORPHANS_KEPT = timedelta(days=1)


class Lost(Exception):
    """A file that its row names is not in the store."""


@jobs.job(SCAN)
def scan(payload: dict[str, Any]) -> None:
    """Have a file scanned while no transaction is open, then write down what was said; a second run changes nothing."""
    with reading():
        attachment = queries.find_attachment(payload["attachment_id"])
        is_due = attachment is not None and attachment.can("clear")
        is_known_as_refused = is_due and attachment is not None and queries.was_refused_elsewhere(attachment)
    if attachment is None or not is_due:
        return
    is_scanned, is_clean = scanning.is_set(), _is_clean(attachment, is_known_as_refused)
    in_transaction(lambda: _write_down(attachment.id, is_scanned, is_clean))
    if not is_clean:
        _take_away(attachment)


def _is_clean(attachment: Attachment, is_known_as_refused: bool) -> bool:
    if not files.stands(attachment.digest):
        # the same content, sent twice at once, was refused and taken away meanwhile
        if is_known_as_refused:
            return False
        raise Lost(f"the content of attachment {attachment.id} is not in the store")
    return not scanning.is_set() or scanning.is_clean(files.path_of(attachment.digest))


def _take_away(attachment: Attachment) -> None:
    """After the commit: a crash before this leaves a file that no row uses, for the sweep."""
    with reading():
        is_used = queries.is_used_elsewhere(attachment)
    if not is_used:
        files.remove(attachment.digest)


def _write_down(attachment_id: str, is_scanned: bool, is_clean: bool) -> None:
    attachment = queries.find_attachment(attachment_id)
    if attachment is None or not attachment.can("clear"):
        return
    if is_clean:
        clear_attachment(attachment, is_scanned=is_scanned)
    else:
        refuse_attachment(attachment)


@background.daily
def sweep() -> int:
    """Take away the files that no attachment names and that are older than a day: what crashes and drafts leave."""
    with reading():
        used, before = queries.digests_in_use(), clock.now() - ORPHANS_KEPT
    return files.sweep(used, before)
