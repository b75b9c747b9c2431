"""The end of a contract: 18 months before, or at once where it is shorter, a draft of what follows is begun."""

from calendar import monthrange
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from app.kernel import audit, clock, display, jobs
from app.kernel.clock import LONDON
from app.kernel.db import session
from app.needs.commands import prepare_draft
from app.needs.models import Need
from app.needs.policy import leads
from app.needs.sections import stored
from app.outcomes.models import RUNNING, Partnership

ENDS_NEAR = "outcomes.ends_near"
MONTHS_BEFORE = 18
# what the next need begins with: the problem and its measures are asked anew, not taken for granted
KEPT = ("basics", "problem", "outcomes", "constraints")


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last one of its month where there is no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def watch_end(partnership: Partnership) -> None:
    """Have the clock look at a running contract 18 months before its end, or at once."""
    if partnership.state == RUNNING and partnership.ends_on:
        due_on = months_before(partnership.ends_on, MONTHS_BEFORE)
        jobs.enqueue(ENDS_NEAR, {}, run_at=max(clock.now(), datetime.combine(due_on, time(6), LONDON)))


def draft_what_follows() -> int:
    """Begin a horizon draft for each running contract that ends within 18 months and has none; how many were begun."""
    today = clock.today()
    running = select(Partnership).where(
        Partnership.state == RUNNING, Partnership.next_need_id.is_(None), Partnership.ends_on >= today
    )
    due = [each for each in session().scalars(running.order_by(Partnership.id)) if _is_near(each, today)]
    for partnership in due:
        partnership.next_need = _draft_after(partnership)
        session().flush()
        audit.record("draft_what_follows", partnership, by=None, facts={"need": partnership.next_need.id})
    return len(due)


def _is_near(partnership: Partnership, today: date) -> bool:
    return partnership.ends_on is not None and months_before(partnership.ends_on, MONTHS_BEFORE) <= today


def _draft_after(partnership: Partnership) -> Need:
    need = partnership.need
    owners = [(owner.person, owner.duty) for owner in need.owners if leads(owner.person, need)]
    title = f"What follows: {need.title}"[:200]
    return prepare_draft(need.department, title=title, content=_content(partnership, title), owners=owners)


def _content(partnership: Partnership, title: str) -> dict[str, dict[str, Any]]:
    need, ends = partnership.need, display.day(partnership.ends_on)
    content = {section: stored(need, section) for section in KEPT}
    content["basics"] |= {"title": title, "summary": f"The contract for “{need.title}” ends on {ends}."}
    for measure in content["outcomes"]["measures"]:
        measure["due_on"] = None
    supplied = f"{partnership.provider.name} supplies it under a contract that ends on {ends}."
    content["background"] = {"done_already": "", "supplied_today": supplied}
    content["timing"] = {"wanted_by": partnership.ends_on}
    return content
