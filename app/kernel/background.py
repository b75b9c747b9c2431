"""Background work: a thread that does the due jobs, beside the one that follows the index."""

import logging
import threading
import traceback
from collections.abc import Callable

from app.kernel import db, jobs, search

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5


class Background(threading.Thread):
    """Does the due jobs whenever a commit of this process wakes it, and each half second for those of others."""

    def __init__(self) -> None:
        super().__init__(name="clarion-jobs", daemon=True)
        self._woken, self._stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        follower = search.follow()
        db.after_commit(self._woken.set)
        while not self._stopped.is_set():
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
