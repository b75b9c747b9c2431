"""Who joins a need, who lets them, and who speaks for a department that did."""

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, PROVIDER_ROLES, Organisation, Person
from app.needs.models import ASKED, JOINED, LIVE, OPEN, Need, NeedPartner
from app.needs.policy import may_publish_need


def takes_partners(need: Need) -> bool:
    """Whether departments can still join: the need is live, and suppliers do not answer it yet."""
    return need.state == LIVE and need.rung != OPEN


def may_join(person: Person | None, need: Need) -> bool:
    """Staff of a department that could join, who work for no provider."""
    return takes_partners(need) and bool(could_join(person, need))


def could_join(person: Person | None, need: Need) -> list[Organisation]:
    """The person's departments that do not hold the need and have not asked to."""
    if person is None or any(each.role in PROVIDER_ROLES for each in person.memberships):
        return []
    there = {each.department_id for each in need.partners if each.state in (ASKED, JOINED)} | {need.department_id}
    return [each for each in person.organisations(*DEPARTMENT_ROLES) if each.id not in there and each.is_open]


def speaks_for(person: Person | None, partner: NeedPartner) -> bool:
    """Officers of the department that joins, and those of its people who own the need."""
    if person is None or not person.holds(partner.department_id, *DEPARTMENT_ROLES):
        return False
    is_owner = any(owner.person_id == person.id for owner in partner.need.owners)
    return person.holds(partner.department_id, OFFICER) or is_owner or partner.asked_by_id == person.id


def may_answer_joining(person: Person | None, partner: NeedPartner) -> bool:
    """Owners who publish the need, while the request waits."""
    return partner.state == ASKED and takes_partners(partner.need) and may_publish_need(person, partner.need)


def may_decline_joining(person: Person | None, partner: NeedPartner) -> bool:
    """Owners who publish the need, whatever became of it meanwhile: everybody gets an answer."""
    return partner.state == ASKED and may_publish_need(person, partner.need)


def may_take_back(person: Person | None, partner: NeedPartner) -> bool:
    """Who speaks for the department that asked."""
    return partner.state == ASKED and speaks_for(person, partner)


def may_leave(person: Person | None, partner: NeedPartner) -> bool:
    """Who speaks for the department that joined, while the need is not open."""
    return partner.state == JOINED and takes_partners(partner.need) and speaks_for(person, partner)


def may_change_line(person: Person | None, partner: NeedPartner) -> bool:
    """Who speaks for the department that joined, before the deadline."""
    need = partner.need
    return partner.state == JOINED and need.state == LIVE and not need.is_past_deadline and speaks_for(person, partner)


def may_see_departments(person: Person | None, need: Need) -> bool:
    """For the tab: whoever may join, speaks for a department that asked or joined, or publishes the need."""
    if may_join(person, need) or any(speaks_for(person, each) for each in need.partners):
        return True
    return bool(need.partners) and may_publish_need(person, need)
