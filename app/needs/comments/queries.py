"""Reading comments."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.needs.comments.models import Comment
from app.needs.comments.policy import may_comment
from app.needs.models import Need
from app.needs.queries import WHOLE


def comments_on(need: Need) -> list[Comment]:
    """What was said about the need's sections, the oldest first."""
    said = select(Comment).where(Comment.need_id == need.id).order_by(Comment.said_at, Comment.id)
    return list(session().scalars(said.options(joinedload(Comment.said_by), joinedload(Comment.settled_by))))


def open_comments(need: Need, section: str) -> list[Comment]:
    """What was said about a section and is not settled."""
    return [each for each in comments_on(need) if each.section == section and each.settled_at is None]


def count_open(need: Need) -> Counter[str]:
    """How many comments are not settled, by section."""
    unsettled = select(Comment.section, func.count()).where(Comment.need_id == need.id, Comment.settled_at.is_(None))
    rows = session().execute(unsettled.group_by(Comment.section))
    return Counter({section: count for section, count in rows})  # noqa: C416 (a row is no pair to mypy)


def get_comment(comment_id: str, person: Person | None) -> Comment:
    """A comment, for those who see its draft."""
    wanted = select(Comment).where(Comment.id == comment_id).options(joinedload(Comment.need).options(*WHOLE))
    found = session().scalar(wanted)
    if found is None or not may_comment(person, found.need):
        raise NotFound
    return found
