"""Changing attachments: adding, naming and removing them, and what their scan says."""

from typing import Any

from app.accounts.models import Person
from app.kernel import audit, clock, files, jobs, notices, scanning
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove
from app.kernel.files import Upload
from app.needs.attachments import queries
from app.needs.attachments.models import MOST_ATTACHMENTS, REFUSED, WAITING, Attachment
from app.needs.attachments.wording import line
from app.needs.commands import require_amendable, tell_amendment, write_amendment
from app.needs.commands.rules import given_reason
from app.needs.models import DRAFT, Need

SCAN = "attachments.scan"
FULL = f"A need has at most {MOST_ATTACHMENTS} attachments. Remove one first."


def attach_file(need: Need, *, title: str, file: Upload, reason: str = "", by: Person) -> Attachment:
    """Add a file to a draft or, with a reason and as an amendment, to what was published."""
    _require_changeable(need)
    refusal = why_not(need, file)
    if refusal:
        raise Conflict(refusal)
    if not files.stands(file.digest):
        raise Conflict("The file is not here any more. Choose it again.")
    attachment = Attachment(need=need, title=title or file.name, name=file.name, ending=file.ending, size=file.size)
    attachment.digest, attachment.added_by_id, attachment.added_at = file.digest, by.id, clock.now()
    session().add(attachment)
    session().flush()
    if need.state == DRAFT:
        _note("attach", attachment, by=by)
    else:
        attachment.added_by_amendment = _amend(attachment, "", line(attachment), reason, by)
    _begin_scan(attachment)
    return attachment


def rename_attachment(attachment: Attachment, *, title: str, by: Person) -> None:
    """Give an attachment of a draft another title."""
    if attachment.need.state != DRAFT:
        raise IllegalMove("This need was published: a title stays as it is. Remove the file and add it again.")
    before, attachment.title = attachment.title, title
    _note("rename_attachment", attachment, by=by, before=before)


def remove_attachment(attachment: Attachment, *, reason: str = "", by: Person) -> None:
    """Take a file from a draft for good; from what was published by an amendment, and then it stays on record."""
    _require_changeable(attachment.need)
    if attachment.is_removed:
        raise IllegalMove("This attachment was removed already.")
    if attachment.need.state == DRAFT:
        _note("detach", attachment, by=by)
        session().delete(attachment)
    else:
        attachment.removed_by_amendment = _amend(attachment, line(attachment), "", reason, by)


def clear_attachment(attachment: Attachment, *, is_scanned: bool) -> None:
    """Let others read a file. Moves: attachment waiting -> clean."""
    attachment.move("clear")
    attachment.scanned_at = clock.now() if is_scanned else None
    _note("clear_attachment", attachment, by=None, scanned=is_scanned)


def refuse_attachment(attachment: Attachment) -> None:
    """Let nobody read a file that the scan refused, and tell who added it. Moves: attachment waiting -> refused."""
    attachment.move("refuse")
    attachment.scanned_at = clock.now()
    _note("refuse_attachment", attachment, by=None)
    notices.post("attachment.refused", subject=attachment)


def why_not(need: Need, file: Upload) -> str:
    """Why this file cannot be added to the need: a sentence, or nothing."""
    there = [each for each in queries.current_attachments_of(need) if each.state != REFUSED]
    same = next((each for each in there if each.digest == file.digest), None)
    if same is not None:
        return f"This file is attached already, as “{same.title}”"
    return FULL.rstrip(".") if len(there) >= MOST_ATTACHMENTS else ""


def _require_changeable(need: Need) -> None:
    if need.state != DRAFT:
        require_amendable(need)


def _begin_scan(attachment: Attachment) -> None:
    """The scan runs after this transaction; where there is none, nothing is waited for."""
    if scanning.is_set():
        jobs.enqueue(SCAN, {"attachment_id": attachment.id})
    elif attachment.state == WAITING:
        clear_attachment(attachment, is_scanned=False)


def _amend(attachment: Attachment, was: str, now: str, reason: str, by: Person) -> int:
    """Write the amendment that brings or takes an attachment, and have it told; its number."""
    need, changes = attachment.need, [{"what": "Attachment", "was": was, "is": now}]
    amendment = write_amendment(need, given_reason(reason), changes)
    need.changed_at = clock.now()
    facts = {"section": "attachments", **_facts(attachment), "before": was, "after": now}
    tell_amendment(amendment, facts, by=by)
    return amendment.number


def _note(verb: str, attachment: Attachment, *, by: Person | None, **facts: Any) -> None:
    """The need's own stream tells what became of its attachments."""
    if by is not None:
        attachment.need.changed_at = clock.now()
    audit.record(verb, attachment.need, by=by, facts={**_facts(attachment), **facts})


def _facts(attachment: Attachment) -> dict[str, Any]:
    return {"attachment": attachment.id, "title": attachment.title, "digest": attachment.digest}
