"""Work of accreditations once a day: reminders of their ends."""

from app.kernel import background
from app.kernel.db import in_transaction
from app.providers.accreditations.commands import remind_of_ends


@background.daily
def remind() -> int:
    """Remind providers of accreditations that end; a second run on a day finds nothing to do."""
    return in_transaction(remind_of_ends)
