"""Reading approvals."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Person
from app.kernel.db import session
from app.kernel.desk import Awaiting
from app.needs.approvals.models import ASKED, RETURNED, Approval
from app.needs.approvals.policy import may_answer_approval
from app.needs.models import DRAFT, LIVE, OPEN, Need
from app.needs.queries import WHOLE, select_needs_of

_PEOPLE = (joinedload(Approval.asked_by), joinedload(Approval.answered_by))


def approvals_of(need: Need) -> list[Approval]:
    """Every request for an approval of a need, the last first."""
    mine = select(Approval).where(Approval.need_id == need.id).options(*_PEOPLE)
    return list(session().scalars(mine.order_by(Approval.asked_at.desc(), Approval.id)))


def find_asked(need: Need) -> Approval | None:
    """The request that waits for an answer, where there is one."""
    waiting = select(Approval).where(Approval.need_id == need.id, Approval.state == ASKED)
    return session().scalar(waiting.options(*_PEOPLE))


def find_returned(need: Need) -> Approval | None:
    """The last request, where it was returned and the need can still take the step."""
    last = next(iter(approvals_of(need)), None)
    can_step = need.state == DRAFT or (need.state == LIVE and need.rung != OPEN)
    return last if last and last.state == RETURNED and can_step else None


def awaiting(person: Person, now: datetime) -> list[Awaiting]:
    """Approvals that an officer may give, and those that came back to who asked."""
    whole = joinedload(Approval.need).options(*(selectinload(Need.owners), *WHOLE))
    theirs = select_needs_of(person, DRAFT, LIVE).with_only_columns(Need.id).order_by(None)
    wanted = select(Approval).where(Approval.need_id.in_(theirs), Approval.state.in_([ASKED, RETURNED]))
    later = aliased(Approval)
    is_last = ~exists().where(later.need_id == Approval.need_id, later.asked_at > Approval.asked_at)
    found = session().scalars(wanted.where(is_last).order_by(Approval.asked_at, Approval.id).options(whole)).all()
    return [task for each in found if (task := _task(person, each))]


def _task(person: Person, approval: Approval) -> Awaiting | None:
    title, values = approval.need.title, {"need_id": approval.need_id}
    if may_answer_approval(person, approval):
        return Awaiting(f"Approve or return: {title}", "approvals.show", values, approval.asked_at, group="Approvals")
    if approval.state == RETURNED and approval.asked_by_id == person.id and approval.answered_at:
        return Awaiting(f"Returned to you: {title}", "approvals.show", values, approval.answered_at, group="Approvals")
    return None
