"""Work of needs that is done after a transaction: the clock closes open needs at their deadline."""

from typing import Any

from app.kernel import jobs
from app.kernel.db import in_transaction
from app.needs.commands import CLOSE_DUE, close_due_needs


@jobs.job(CLOSE_DUE)
def close(_payload: dict[str, Any]) -> None:
    """Close every need whose deadline has passed; a second run finds nothing to do."""
    in_transaction(close_due_needs)
