"""Verifying a receipt file against the audit trail: it proves what was submitted to whoever holds the file.

What is told depends on the file alone: whether it is whole, and whether the trail has its commitment. So nobody learns
here of a response whose content and salt they do not have.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.kernel import audit
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.responses.models import Response, SubmissionReceipt

VERBS = ("submit", "change")
NO_RECEIPT = "This is not a receipt file: it must hold a salt, a content and a commitment."
OTHER_CONTENT = "The file does not hold: its content or its salt is not what its commitment was made of."
UNKNOWN = "The audit trail does not have this commitment, so this was not submitted here."
BROKEN_TRAIL = "The audit trail of this response was changed, so it proves nothing. Tell an operator."
HOLDS = "This receipt holds. What stands in the file is what was submitted, and the audit trail has its commitment."
HOW = (
    "Put salt and content together with nothing between them, and take the SHA-256 of these bytes in UTF-8. "
    "It must be the commitment."
)


@dataclass(frozen=True)
class Verdict:
    """What a receipt file proves."""

    sentence: str
    number: int = 0
    recorded_at: datetime | None = None
    commitment: str = ""

    @property
    def holds(self) -> bool:
        return self.recorded_at is not None


def file_of(receipt: SubmissionReceipt) -> dict[str, Any]:
    """What the supplier keeps of a submission. Its content is text, so that it needs no rule for writing JSON."""
    return {
        "receipt": receipt.number,
        "submitted_at": receipt.submitted_at.isoformat(),
        "how_to_verify": HOW,
        "commitment": receipt.commitment,
        "salt": receipt.salt,
        "content": audit.canonical(receipt.content),
    }


def verify(text: str) -> Verdict:
    """What the text of a receipt file proves."""
    told = read_file(text)
    if told is None:
        return Verdict(NO_RECEIPT)
    salt, content, commitment = told
    if hashlib.sha256((salt + content).encode("utf-8", "replace")).hexdigest() != commitment:
        return Verdict(OTHER_CONTENT)
    stream = _stream_named_in(content)
    entry = _entry_with(commitment, stream)
    if entry is None:
        return Verdict(UNKNOWN)
    if audit.fault_of(stream):
        return Verdict(BROKEN_TRAIL)
    return Verdict(HOLDS, entry.facts["number"], entry.at, commitment)


def read_file(text: str) -> tuple[str, str, str] | None:
    """Salt, content and commitment of a receipt file; None where the text is something else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    parts = [told.get(name) for name in ("salt", "content", "commitment")] if isinstance(told, dict) else []
    texts = [part for part in parts if isinstance(part, str)]
    return (texts[0], texts[1], texts[2]) if len(texts) == len(parts) == 3 else None


def _stream_named_in(content: str) -> str:
    """The stream of the response that a content names; an empty name where it names none."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    named = said.get("response") if isinstance(said, dict) else None
    is_id = isinstance(named, str) and named.isascii() and named.isalnum()
    return f"{Response.__tablename__}:{named}" if is_id else ""


def _entry_with(commitment: str, stream: str) -> AuditEntry | None:
    entries = select(AuditEntry).where(AuditEntry.stream == stream, AuditEntry.verb.in_(VERBS))
    return next((each for each in session().scalars(entries) if each.facts.get("commitment") == commitment), None)
