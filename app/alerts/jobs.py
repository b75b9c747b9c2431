"""Work of alerts after another room's transaction: a notice is delivered."""

from typing import Any

from app.alerts.commands import deliver_notice
from app.kernel import instance
from app.kernel.db import in_transaction, session
from app.kernel.jobs import job
from app.kernel.notices import Notice


@job("notices.deliver")
def deliver(payload: dict[str, Any]) -> None:
    """Tell everybody whom a notice concerns; done twice, nobody is told twice."""
    address = instance.address()
    in_transaction(lambda: deliver_notice(session().get_one(Notice, payload["notice_id"]), address))
