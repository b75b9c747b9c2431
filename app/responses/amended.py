"""What was amended since a provider last worked on its answer: read from what its own staff did, told to them alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.kernel.audit import AuditEntry, name_of
from app.kernel.db import session
from app.needs.models import Amendment, Requirement
from app.needs.queries import amendments_since
from app.responses.models import Interest, Response

SAVED = ("start", "save_draft", "submit", "change")
REGISTERED = ("register_interest", "change_interest")


def amendments_unseen(thing: Response | Interest) -> list[Amendment]:
    """The amendments of its need since it was last saved or submitted, the first one first."""
    verbs = SAVED if isinstance(thing, Response) else REGISTERED
    began_at = thing.created_at if isinstance(thing, Response) else thing.registered_at
    return amendments_since(thing.need_id, _last(thing, verbs) or began_at)


def changes_of_requirement(response: Response, requirement: Requirement) -> list[tuple[Amendment, dict[str, str]]]:
    """What amendments did to one requirement since the response was begun, the first one first.

    Not since it was last saved: whoever saved another answer meanwhile has not looked at this one.
    """
    since = amendments_since(response.need_id, response.created_at)
    return [(each, change) for each in since for change in each.changes if change.get("row") == requirement.id]


def _last(thing: Response | Interest, verbs: Sequence[str]) -> datetime | None:
    mine = select(func.max(AuditEntry.at)).where(AuditEntry.stream == name_of(thing), AuditEntry.verb.in_(verbs))
    return session().scalar(mine)
