"""Work that is done after a transaction: an award becomes a partnership, a contract's end a draft of a need."""

from typing import Any

from app.kernel.db import in_transaction, session
from app.kernel.jobs import job
from app.outcomes.commands import agree_partnership
from app.outcomes.ends import ENDS_NEAR, draft_what_follows
from app.reviews.models import Award


@job("award.made")
def agree(payload: dict[str, Any]) -> None:
    """Begin the partnership of an award; done twice, it finds the first one."""
    in_transaction(lambda: agree_partnership(session().get_one(Award, payload["award_id"]), by=None))


@job(ENDS_NEAR)
def draft(_payload: dict[str, Any]) -> None:
    """Begin a draft for every contract whose end is near; a second run finds nothing to do."""
    in_transaction(draft_what_follows)
