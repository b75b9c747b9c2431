"""Commenting on a draft, and settling what was said."""

from app.accounts.models import Person
from app.kernel import audit, clock, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotFound
from app.needs.comments.models import Comment
from app.needs.models import DRAFT, Need
from app.needs.sections import SECTIONS


def comment_on(need: Need, section: str, text: str, *, by: Person) -> Comment:
    """Say something about a section of a draft; its owners are told."""
    if need.state != DRAFT:
        raise IllegalMove("This need was published. Comments are for drafts.")
    if section not in SECTIONS:
        raise NotFound
    comment = Comment(need=need, section=section, text=text, said_by_id=by.id, said_at=clock.now())
    session().add(comment)
    audit.record("comment", need, by=by, facts={"section": section, "text": text})
    notices.post("need.commented", subject=need, facts={"section": section})
    return comment


def settle_comment(comment: Comment, *, by: Person) -> None:
    """Mark a comment as dealt with."""
    if comment.settled_at is not None:
        raise Conflict("This comment is settled already.")
    comment.settled_by_id, comment.settled_at = by.id, clock.now()
    audit.record("settle_comment", comment.need, by=by, facts={"section": comment.section, "comment": comment.id})
