"""Background work: a thread that does due jobs, keeps the schedule and tidies; another follows the index."""

import logging
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta

from app.kernel import clock, db, jobs, schedule, search

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5
TIDIED_EVERY, CHANGES_KEPT = timedelta(days=1), timedelta(days=30)
LOOKED_AT_EVERY = timedelta(seconds=20)


Work = Callable[[], object]
_daily: list[Work] = []


def daily(work: Work) -> Work:
    """Have `work` done once a day by each process that does jobs; it opens its own transactions."""
    if work not in _daily:
        _daily.append(work)
    return work


def tidy() -> None:
    """Forget what every index followed long ago (one that slept longer is built anew), and do what rooms ask for."""
    db.in_transaction(lambda: search.prune(clock.now() - CHANGES_KEPT))
    for work in _daily:
        work()


class Background(threading.Thread):
    """Does the due jobs whenever a commit of this process wakes it, and each half second for those of others."""

    def __init__(self) -> None:
        super().__init__(name="clarion-jobs", daemon=True)
        self._woken, self._stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        follower = search.follow()
        db.after_commit(self._woken.set)
        tidied_at = looked_at = None
        while not self._stopped.is_set():
            if tidied_at is None or clock.now() - tidied_at >= TIDIED_EVERY:
                self._do(tidy)
                tidied_at = clock.now()
            if looked_at is None or clock.now() - looked_at >= LOOKED_AT_EVERY:
                self._do(schedule.enqueue_due)
                looked_at = clock.now()
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()
            self._do(jobs.run_due)
        follower.stop()

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("background work failed; it goes on: %s\n%s", db.without_values(error), where)
            self._stopped.wait(2)

    def stop(self) -> None:
        """Finish what is under way, and end."""
        self._stopped.set()
        self._woken.set()
