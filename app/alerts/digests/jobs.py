"""Work of digests: a published need is matched, what was found is told at once, each day and each week."""

from datetime import datetime
from typing import Any

from app.alerts.digests.commands import TELL, note_findings, write_digest
from app.alerts.digests.queries import people_to_tell
from app.alerts.digests.timing import period_of
from app.alerts.models import AT_ONCE, DAILY, WEEKLY
from app.alerts.searches.finding import news_of
from app.kernel import clock, jobs, schedule, search
from app.kernel.db import in_transaction, reading
from app.kernel.schedule import next_daily, next_weekly
from app.needs.queries import get_need

FIND, WRITE = "alerts.find", "alerts.digest"
RECURRING = {"alerts.daily": DAILY, "alerts.weekly": WEEKLY}


@jobs.job(FIND)
def find(payload: dict[str, Any]) -> None:
    """Find whom a need is news for, when this machine's index has it; done twice, nothing is told twice.

    The need was committed before this job could be seen, so an index that caught up has it; where it does not, the
    job fails and is done again. It is done when what was found is committed, so nothing is lost with a worker.
    """
    search.catch_up()
    with reading():
        news = news_of(get_need(payload["need_id"]), datetime.fromisoformat(payload["at"]))
    if news:
        in_transaction(lambda: note_findings(payload["need_id"], news))


@jobs.job(TELL)
def tell(payload: dict[str, Any]) -> None:
    """Tell one person what was found; what another run told already is told no more."""
    in_transaction(lambda: write_digest(payload["person_id"], AT_ONCE, clock.now().isoformat()))


@jobs.job(WRITE)
def write(payload: dict[str, Any]) -> None:
    """Write one person's digest of one period, unless it was written."""
    in_transaction(lambda: write_digest(payload["person_id"], payload["how_often"], payload["period"]))


def _promise_digests(how_often: str, due_at: datetime) -> None:
    period = period_of(how_often, due_at)
    for person_id in people_to_tell(how_often):
        jobs.enqueue(WRITE, {"person_id": person_id, "how_often": how_often, "period": period})


def _register(kind: str, how_often: str) -> None:
    @jobs.job(kind)
    def promise(payload: dict[str, Any]) -> None:
        in_transaction(lambda: _promise_digests(how_often, datetime.fromisoformat(payload["due_at"])))


for _kind, _how_often in RECURRING.items():
    _register(_kind, _how_often)
schedule.recurring("alerts.daily", next_daily)
schedule.recurring("alerts.weekly", next_weekly)
