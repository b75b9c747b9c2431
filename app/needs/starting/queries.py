"""Reading templates and copies."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import DEPARTMENT_ROLES, Organisation, Person
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.needs.models import DRAFT, Need
from app.needs.starting import policy
from app.needs.starting.models import NeedTemplate, key_of


def templates_for(person: Person | None) -> Sequence[NeedTemplate]:
    """The templates of the person's departments that are not retired, by department and name."""
    departments = [each.id for each in person.organisations(*DEPARTMENT_ROLES)] if person else []
    if not departments:
        return []
    current = select(NeedTemplate).join(NeedTemplate.department)
    current = current.where(NeedTemplate.department_id.in_(departments), NeedTemplate.retired_at.is_(None))
    loaded = current.options(joinedload(NeedTemplate.department), joinedload(NeedTemplate.made_from))
    return session().scalars(loaded.order_by(Organisation.name, NeedTemplate.key)).all()


def get_usable_template(template_id: str, person: Person | None) -> NeedTemplate:
    """The template of this id, where the person is of its department and it is not retired."""
    template = session().get(NeedTemplate, template_id)
    if template is None or template.retired_at or not policy.may_use_template(person, template):
        raise NotFound
    return template


def is_name_taken(department_id: str, name: str, but: NeedTemplate | None = None) -> bool:
    """Whether another template of the department goes by this name."""
    named = select(NeedTemplate.id).where(NeedTemplate.department_id == department_id, NeedTemplate.key == key_of(name))
    found = session().scalar(named)
    return found is not None and (but is None or found != but.id)


def count_published_copies(need: Need) -> int:
    """How many published needs began as a copy of this one; a draft is nobody's business."""
    copies = select(func.count()).select_from(Need).where(Need.copied_from_id == need.id, Need.state != DRAFT)
    return session().scalar(copies) or 0
