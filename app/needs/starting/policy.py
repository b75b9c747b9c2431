"""Who may start a need from another, and who keeps a department's templates."""

from app.accounts.models import DEPARTMENT_ROLES, OFFICER, Person
from app.needs import policy
from app.needs.models import DRAFT, Need
from app.needs.starting.models import NeedTemplate


def may_copy_need(person: Person | None, need: Need) -> bool:
    """Staff of any department, once it was published: a withdrawn need too, since its words are public."""
    return need.state != DRAFT and policy.may_post_need(person)


def may_keep_template(person: Person | None, need: Need) -> bool:
    """Owners who publish the need, and the procurement officers of its department."""
    return policy.may_choose_owners(person, need)


def may_use_template(person: Person | None, template: NeedTemplate) -> bool:
    """Staff of the template's department."""
    return person is not None and person.holds(template.department_id, *DEPARTMENT_ROLES)


def may_change_template(person: Person | None, template: NeedTemplate) -> bool:
    """Procurement officers of the department, and whoever made it while they are its staff."""
    if person is None or not may_use_template(person, template):
        return False
    return person.id == template.made_by_id or person.holds(template.department_id, OFFICER)
