"""Starting drafts from what there is, and keeping templates."""

from app.accounts.models import Organisation, Person
from app.kernel import audit, clock
from app.kernel.db import constrained, session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.needs import drafting
from app.needs.commands import post_need
from app.needs.models import DRAFT, Need
from app.needs.sections import SECTIONS
from app.needs.starting import policy, queries
from app.needs.starting.contents import Content, coming_along, content_of
from app.needs.starting.models import NeedTemplate, key_of

TAKEN = "Your department has a template of this name. Choose another name"


def start_from_need(source: Need, department: Organisation, *, title: str, by: Person) -> Need:
    """Begin a draft with the content of a published need, and with the credit for it."""
    if source.state == DRAFT:
        raise NotAllowed("Only a published need can be copied.")
    need = _begin(department, title, content_of(source), by)
    need.copied_from_id = source.id
    audit.record("start_from_need", need, by=by, facts={"source": source.id})
    return need


def start_from_template(template: NeedTemplate, *, title: str, by: Person) -> Need:
    """Begin a draft with the content of a template; what that was copied from keeps its credit."""
    if template.retired_at:
        raise IllegalMove("This template was retired. Choose another one.")
    need = _begin(template.department, title, template.content, by)
    need.copied_from_id = template.made_from.copied_from_id
    audit.record("start_from_template", need, by=by, facts={"template": template.id})
    return need


def start_from_words(department: Organisation, *, title: str, content: Content, by: Person) -> Need:
    """Begin a draft with words that a room above brings, which says itself where they come from."""
    return _begin(department, title, content, by)


def _begin(department: Organisation, title: str, content: Content, by: Person) -> Need:
    need = post_need(department, title=title, by=by)
    for section, fields in coming_along(content, clock.today()).items():
        fields.pop("title", None)
        if fields and section in SECTIONS:
            drafting.write(need, drafting.proposed(need, section, fields))
    return need


def keep_template(need: Need, *, name: str, note: str, by: Person) -> NeedTemplate:
    """Keep what a need says now as a template of its department."""
    if not policy.may_keep_template(by, need):
        raise NotAllowed("Owners who publish a need, and procurement officers, keep it as a template.")
    template = NeedTemplate(department_id=need.department_id, made_from_id=need.id, content=content_of(need))
    template.made_by_id, template.made_at = by.id, clock.now()
    _name(template, name, note)
    audit.record("keep_template", template, by=by, facts={"need": need.id, "name": name, "note": note})
    return template


def rename_template(template: NeedTemplate, *, name: str, note: str, by: Person) -> None:
    """Give a template another name, or another note on when to use it."""
    _require_current(template)
    before = {"name": template.name, "note": template.note}
    _name(template, name, note)
    audit.record("rename_template", template, by=by, facts={"before": before, "after": {"name": name, "note": note}})


def retire_template(template: NeedTemplate, *, by: Person) -> None:
    """Offer a template no more; what was started from it stays as it is."""
    _require_current(template)
    template.retired_at, template.key = clock.now(), None
    audit.record("retire_template", template, by=by, facts={"name": template.name})


def _require_current(template: NeedTemplate) -> None:
    if template.retired_at:
        raise IllegalMove("This template was retired.")


def _name(template: NeedTemplate, name: str, note: str) -> None:
    """Write a template under this name, unless another of the department has it."""
    if queries.is_name_taken(template.department_id, name, but=template):
        raise Conflict(TAKEN)
    with constrained(TAKEN):
        template.name, template.key, template.note = name, key_of(name), note
        session().add(template)
