"""Writing a draft: beginning it, and keeping its sections."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.accounts.models import DEPARTMENT_ROLES, Organisation, Person
from app.kernel import audit, clock, notices
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


def prepare_draft(
    department: Organisation,
    *,
    title: str,
    content: Mapping[str, Mapping[str, Any]],
    owners: Iterable[tuple[Person, str]],
) -> Need:
    """Begin a horizon draft that nobody wrote: the clock did, for a department whose people find it on their desk."""
    need = Need(department=department, title=title, rung=HORIZON)
    need.created_at = need.changed_at = clock.now()
    need.owners = [NeedOwner(person=person, duty=duty) for person, duty in owners]
    session().add(need)
    session().flush()
    for section, given in content.items():
        drafting.write(need, drafting.proposed(need, section, given))
    audit.record("prepare", need, by=None, facts={"title": title, "department": department.id})
    notices.post("need.prepared", subject=need)
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
