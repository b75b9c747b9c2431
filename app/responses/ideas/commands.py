"""Drafting, proposing and withdrawing an idea."""

from collections.abc import Iterable
from typing import Any

from app.accounts.models import Person
from app.capabilities.models import Capability
from app.capabilities.queries import capabilities
from app.kernel import audit, clock, jobs, notices
from app.kernel.db import session
from app.kernel.errors import Conflict, IllegalMove, NotAllowed
from app.providers.models import Provider
from app.responses.ideas import policy
from app.responses.ideas.fitting import departments_to_tell
from app.responses.ideas.gaps import gaps
from app.responses.ideas.models import Idea
from app.responses.ideas.queries import MOST_A_YEAR, count_left

TOO_MANY = f"A provider can propose {MOST_A_YEAR} ideas in twelve months. This one stays a draft."


def draft_idea(provider: Provider, *, title: str, by: Person) -> Idea:
    """Begin an idea, seen by the provider's own staff alone."""
    if not policy.may_draft_idea(by, provider):
        raise NotAllowed("Only staff of a provider that is open in the register can draft an idea for it.")
    idea = Idea(provider=provider, title=title, created_at=clock.now())
    session().add(idea)
    # what a draft says is nobody else's, so the audit tells only that it was written
    audit.record("draft_idea", idea, by=by)
    return idea


def change_idea(idea: Idea, *, by: Person, **content: Any) -> None:
    """Write a draft, finished or not."""
    if not policy.may_change_idea(by, idea):
        raise IllegalMove("What was proposed stays as departments read it. Withdraw it and propose another.")
    _require_own(idea, content)
    if "capabilities" in content:
        content["capabilities"] = _loaded(content["capabilities"])
    for name, value in content.items():
        setattr(idea, name, value)
    session().flush()
    audit.record("change_idea", idea, by=by)


def _require_own(idea: Idea, content: dict[str, Any]) -> None:
    shown = [*content.get("evidence", []), *([content["profile"]] if content.get("profile") else [])]
    if any(each.provider_id != idea.provider_id for each in shown):
        raise NotAllowed("An idea shows evidence and a solution profile of its own provider.")


def _loaded(given: Iterable[Any]) -> list[Capability]:
    """Capabilities by id or as rows; an id that names none is dropped."""
    given = list(given)
    named = capabilities(each for each in given if isinstance(each, str))
    return [*named, *(each for each in given if isinstance(each, Capability))]


def propose_idea(idea: Idea, *, by: Person) -> None:
    """Put an idea before all departments. Moves: idea draft -> proposed."""
    if not policy.may_draft_idea(by, idea.provider):
        raise NotAllowed("Only staff of a provider that is open in the register can propose its ideas.")
    missing = gaps(idea)
    if missing:
        raise IllegalMove(f"The idea is not complete. {next(iter(missing.values()))}.")
    if idea.can("propose") and not count_left(idea.provider):
        raise Conflict(TOO_MANY)
    idea.move("propose")
    idea.proposed_at = clock.now()
    session().flush()
    audit.record("propose_idea", idea, by=by, facts={"has_public_summary": bool(idea.public_summary)})
    jobs.enqueue("ideas.tell", {"idea_id": idea.id})


def withdraw_idea(idea: Idea, *, by: Person) -> None:
    """Take an idea back; departments that answered it keep reading it. Moves: idea draft, proposed -> withdrawn."""
    idea.move("withdraw")
    idea.withdrawn_at = clock.now()
    audit.record("withdraw_idea", idea, by=by)


def tell_departments(idea: Idea, already: set[str]) -> None:
    """Tell the owners of the need that an idea fits best, once for each department."""
    for department_id, need in departments_to_tell(idea).items():
        if department_id not in already:
            notices.post("idea.fits", subject=idea, facts={"department": department_id, "need": need.id})
