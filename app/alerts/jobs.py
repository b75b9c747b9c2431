"""Work of alerts after another room's transaction: a notice is delivered, and a need that is news is matched."""

from typing import Any

from app.alerts.commands import deliver_notice
from app.alerts.digests.jobs import FIND
from app.kernel import instance, jobs
from app.kernel.db import in_transaction, session
from app.kernel.jobs import job
from app.kernel.notices import Notice

# what makes a need news for those who look for such: it is published, or it stands on another rung
NEWS = {"need.published", "need.moved"}


@job("notices.deliver")
def deliver(payload: dict[str, Any]) -> None:
    """Tell everybody whom a notice concerns; done twice, nobody is told twice."""
    address = instance.address()
    in_transaction(lambda: _deliver(payload["notice_id"], address))


def _deliver(notice_id: str, address: str) -> None:
    notice = session().get_one(Notice, notice_id)
    deliver_notice(notice, address)
    if notice.kind in NEWS:
        need_id = notice.subject.rpartition(":")[2]
        jobs.enqueue(FIND, {"need_id": need_id, "at": notice.at.isoformat()})
