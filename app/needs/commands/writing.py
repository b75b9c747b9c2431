"""Writing a draft: beginning it, and keeping its sections."""

from collections.abc import Mapping
from typing import Any

from app.accounts.models import DEPARTMENT_ROLES, Organisation, Person
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import IllegalMove, NotAllowed
from app.needs import drafting
from app.needs.models import ANSWERS, DRAFT, DRAFTS, HORIZON, PUBLISHES, Need, NeedOwner
from app.needs.sections import stored


def post_need(department: Organisation, *, title: str, summary: str = "", rung: str = HORIZON, by: Person) -> Need:
    """Begin a draft; who posts it owns it, with every duty."""
    if not by.holds(department.id, *DEPARTMENT_ROLES):
        raise NotAllowed("Only staff of a department can post a need for it.")
    moment = clock.now()
    need = Need(department=department, author_id=by.id, title=title, summary=summary, rung=rung)
    need.created_at = need.changed_at = moment
    need.owners = [NeedOwner(person=by, duty=duty) for duty in (DRAFTS, PUBLISHES, ANSWERS)]
    session().add(need)
    audit.record("post", need, by=by, facts={"title": title, "department": department.id, "rung": rung})
    return need


def save_section(need: Need, section: str, content: Mapping[str, Any], *, by: Person) -> None:
    """Keep one section of a draft, finished or not."""
    if need.state != DRAFT:
        raise IllegalMove("This need was published. What was published changes only by an amendment.")
    before = stored(need, section)
    drafting.write(need, drafting.proposed(need, section, content))
    need.changed_at = clock.now()
    facts = {"section": section, "before": before, "after": stored(need, section)}
    audit.record("save_section", need, by=by, facts=facts)
