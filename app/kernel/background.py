"""Background work: one thread that follows the index and does the due jobs, in a server process or a worker."""

import logging
import threading

from app.kernel import db, jobs, search

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5


class Background(threading.Thread):
    """Works whenever a commit of this process wakes it, and each half second for those of others."""

    def __init__(self) -> None:
        super().__init__(name="clarion-background", daemon=True)
        self._woken, self._stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        db.after_commit(self._woken.set)
        while not self._stopped.is_set():
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()
            for work in (search.follow, jobs.run_due):
                self._do(work)

    def _do(self, work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except Exception:
            log.exception("background work failed; it goes on")
            self._stopped.wait(2)

    def stop(self) -> None:
        """Finish what is under way, and end."""
        self._stopped.set()
        self._woken.set()
