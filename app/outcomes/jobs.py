"""Work that begins after another room's transaction: an award becomes a partnership."""

from typing import Any

from app.kernel.db import in_transaction, session
from app.kernel.jobs import job
from app.outcomes.commands import agree_partnership
from app.reviews.models import Award


@job("award.made")
def agree(payload: dict[str, Any]) -> None:
    """Begin the partnership of an award; done twice, it finds the first one."""
    in_transaction(lambda: agree_partnership(session().get_one(Award, payload["award_id"]), by=None))
