"""Receipts: each submission is kept, sealed, under a salted commitment that the audit has too."""

import json

from app.accounts.models import Person
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import IllegalMove
from app.responses import queries
from app.responses.models import DRAFT, Response, SubmissionReceipt
from app.responses.submissions import binds, content_of


def keep_change(response: Response, by: Person) -> SubmissionReceipt | None:
    """Audit a saved draft without its content; seal a changed submission, unless nothing changed."""
    session().flush()
    if response.state == DRAFT:
        audit.record("save_draft", response, by=by)
        return None
    if queries.is_up_to_date(response):
        return None
    return seal_submission(response, "change", by)


def seal_submission(response: Response, verb: str, by: Person) -> SubmissionReceipt:
    """Keep what is submitted, under a salted commitment; the audit gets the commitment alone."""
    last = queries.find_last_receipt(response)
    content, salt = content_of(response), audit.new_salt()
    receipt = SubmissionReceipt(
        response=response,
        number=last.number + 1 if last else 1,
        content=content,
        salt=salt,
        commitment=audit.commitment(content, salt),
        submitted_at=clock.now(),
        submitted_by_id=by.id,
    )
    session().add(receipt)
    response.submitted_at = clock.now()
    audit.record(verb, response, by=by, facts={"number": receipt.number, "commitment": receipt.commitment})
    return receipt


def restore_receipt(receipt: SubmissionReceipt, *, content: str, salt: str, by: Person) -> None:
    """Put back what was submitted, from the supplier's own file, where what is stored is not that any more.

    At any time: the commitment in the audit trail lets nothing in but the very same.
    """
    if queries.receipt_faults(receipt) != [queries.OTHER_CONTENT] or receipt.opened_content is not None:
        raise IllegalMove("Only a receipt that the audit trail knows, and whose content is damaged, is restored.")
    if not binds(receipt, content, salt):
        raise IllegalMove("This file is not what was submitted under this receipt.")
    receipt.sealed = None
    receipt.content, receipt.salt = json.loads(content), salt
    audit.record("restore", receipt.response, by=by, facts={"number": receipt.number})
