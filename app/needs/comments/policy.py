"""Who comments on a draft, and who settles a comment."""

from app.accounts.models import Person
from app.needs.comments.models import Comment
from app.needs.models import DRAFT, Need
from app.needs.policy import has_duty, is_officer_of, may_edit_need


def may_comment(person: Person | None, need: Need) -> bool:
    """Everybody who sees the draft: its owners, and the officers of its departments."""
    return need.state == DRAFT and (has_duty(person, need) or is_officer_of(person, need))


def may_settle(person: Person | None, comment: Comment) -> bool:
    """Who writes the need, and who said it."""
    if person is None or comment.settled_at is not None or not may_comment(person, comment.need):
        return False
    return may_edit_need(person, comment.need) or comment.said_by_id == person.id
