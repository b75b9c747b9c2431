"""Work of accreditations each morning: reminders of their ends."""

from typing import Any

from app.kernel import jobs, schedule
from app.kernel.db import in_transaction
from app.providers.accreditations.commands import remind_of_ends

REMIND = "accreditations.remind"


@jobs.job(REMIND)
def remind(_payload: dict[str, Any]) -> None:
    """Remind providers of accreditations that end; a second run on a day finds nothing to do."""
    in_transaction(remind_of_ends)


schedule.recurring(REMIND, schedule.next_daily)
