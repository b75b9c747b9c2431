"""Who may do what to a need. An owner's duty counts only while the owner is staff of a department that holds it."""

from app.accounts.models import BUYER, DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Person
from app.needs.models import ANSWERS, CONCLUDED, DRAFT, DRAFTS, PUBLISHES, Need


def may_post_need(person: Person | None) -> bool:
    """Staff of any department."""
    return person is not None and any(membership.role in (BUYER, OFFICER) for membership in person.memberships)


def is_staff_of(person: Person | None, need: Need) -> bool:
    """Whether the person is staff of a department that holds the need today."""
    return person is not None and any(person.holds(each, *DEPARTMENT_ROLES) for each in need.department_ids)


def leads(person: Person | None, need: Need) -> bool:
    """Whether the person is staff of the department that leads the need."""
    return person is not None and person.holds(need.department_id, *DEPARTMENT_ROLES)


def is_officer_of(person: Person | None, need: Need) -> bool:
    """Whether the person is a procurement officer of a department that holds the need today."""
    return person is not None and any(person.holds(each, OFFICER) for each in need.department_ids)


def has_duty(person: Person | None, need: Need, *duties: str) -> bool:
    """Whether the person owns the need with one of the duties (with any, where none is named)."""
    if person is None or not is_staff_of(person, need):
        return False
    return any(owner.person_id == person.id and (not duties or owner.duty in duties) for owner in need.owners)


def acts_for_need(person: Person | None, need: Need) -> bool:
    """Whether the person stands on the buyer's side: then they may not answer the need for anyone."""
    if person is None:
        return False
    return was_in_department(person, need) or any(owner.person_id == person.id for owner in need.owners)


def was_in_department(person: Person, need: Need) -> bool:
    """Whether the person is in a department of the need, or was at any time since it was posted or joined.

    A department that left the need stays: what its people read there goes with them.
    """
    since = {each.department_id: each.joined_at for each in need.partners if each.joined_at}
    since[need.department_id] = need.created_at
    return any(
        membership.organisation_id in since
        and (membership.left_at is None or membership.left_at >= since[membership.organisation_id])
        for membership in (*person.memberships, *person.all_memberships)
    )


def may_see_need(person: Person | None, need: Need) -> bool:
    """Everybody, once it was published; a draft is for its owners and the department's officers."""
    return need.state != DRAFT or has_duty(person, need) or is_officer_of(person, need)


def may_see_invited(person: Person | None, need: Need) -> bool:
    """Who chose them, the department's officers and the other owners unless they work for a provider; all at the end.

    Who is invited would tell rivals of one another while they could still agree on what to offer.
    """
    if need.state == CONCLUDED or may_edit_need(person, need):
        return True
    if person is None or any(membership.role in PROVIDER_ROLES for membership in person.memberships):
        return False
    return has_duty(person, need) or is_officer_of(person, need)


def may_edit_need(person: Person | None, need: Need) -> bool:
    """Owners who draft or publish."""
    return has_duty(person, need, DRAFTS, PUBLISHES)


def may_publish_need(person: Person | None, need: Need) -> bool:
    """Owners who publish, of the department that leads: the same who move its rung and amend it."""
    return leads(person, need) and has_duty(person, need, PUBLISHES)


def may_approve(person: Person | None, need: Need) -> bool:
    """Officers of its departments who did not write the need and work for no provider: a second pair of eyes.

    Who asks for an approval never gives it, which the command sees to.
    """
    if person is None or need.author_id == person.id or has_duty(person, need, DRAFTS):
        return False
    return is_officer_of(person, need) and not any(each.role in PROVIDER_ROLES for each in person.memberships)


def may_move_rung(person: Person | None, need: Need) -> bool:
    """Owners who publish."""
    return may_publish_need(person, need)


def may_amend_need(person: Person | None, need: Need) -> bool:
    """Owners who publish."""
    return may_publish_need(person, need)


def may_check_need(person: Person | None, need: Need) -> bool:
    """Those who could save what they look at: who edits a draft, and who amends what was published."""
    return may_edit_need(person, need) if need.state == DRAFT else may_amend_need(person, need)


def may_withdraw_need(person: Person | None, need: Need) -> bool:
    """Owners who publish, and the officers of the department that leads."""
    return may_publish_need(person, need) or (person is not None and person.holds(need.department_id, OFFICER))


def may_choose_owners(person: Person | None, need: Need) -> bool:
    """Owners who publish, and the leading department's officers, so that a need outlives its owners' leaving."""
    return may_withdraw_need(person, need)


def may_answer_for_need(person: Person | None, need: Need) -> bool:
    """Owners who answer suppliers."""
    return has_duty(person, need, ANSWERS)


def may_see_owner_names(person: Person | None, need: Need) -> bool:
    """Colleagues; to everybody else owners are known by their role."""
    return is_staff_of(person, need)
