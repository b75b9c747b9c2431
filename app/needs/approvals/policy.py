"""Who may see, give and take back an approval."""

from app.accounts.models import Person
from app.needs.approvals.models import ASKED, Approval
from app.needs.models import Need
from app.needs.policy import has_duty, is_officer_of, may_approve, may_publish_need


def may_see_approvals(person: Person | None, need: Need) -> bool:
    """The need's owners, and the officers of its departments."""
    return has_duty(person, need) or is_officer_of(person, need)


def may_answer_approval(person: Person | None, approval: Approval | None) -> bool:
    """An officer who may approve this need and did not ask."""
    if person is None or approval is None or approval.state != ASKED or approval.asked_by_id == person.id:
        return False
    return may_approve(person, approval.need)


def may_withdraw_approval(person: Person | None, approval: Approval | None) -> bool:
    """Owners who publish the need."""
    return approval is not None and approval.state == ASKED and may_publish_need(person, approval.need)
