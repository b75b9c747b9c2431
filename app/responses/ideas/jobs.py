"""Background work of ideas: telling departments whose needs a new one fits."""

from typing import Any

from sqlalchemy import select

from app.kernel.audit import name_of
from app.kernel.db import in_transaction, session
from app.kernel.jobs import job
from app.kernel.notices import Notice
from app.responses.ideas.commands import tell_departments
from app.responses.ideas.models import Idea


@job("ideas.tell")
def tell(payload: dict[str, Any]) -> None:
    """Tell each department once, also when this runs twice."""
    in_transaction(lambda: _tell(payload["idea_id"]))


def _tell(idea_id: str) -> None:
    idea = session().get(Idea, idea_id)
    if idea is None or not idea.is_current:
        return
    told = select(Notice.facts).where(Notice.kind == "idea.fits", Notice.subject == name_of(idea))
    tell_departments(idea, {facts["department"] for facts in session().scalars(told)})
